#include "gateway/hooks/journal/attempt_end.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/whole_characters.h"

namespace kith::gateway {
namespace {

using interactions::v1::SettleEntryRequest;

// As long as interactions-svc takes.
constexpr size_t kReasonCharacters = 1'000;

// True if the same request may succeed later.
bool Passes(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
      return false;
    default:
      return true;
  }
}

std::string ReasonOf(const absl::Status& status) {
  const std::string text = absl::StrCat(absl::StatusCodeToString(status.code()),
                                        ": ", status.message());
  return std::string(status::FirstCharacters(text, kReasonCharacters));
}

}  // namespace

void FailAttempt(interactions::v1::EntryFailure failure,
                 absl::string_view reason, SettleEntryRequest& end) {
  if (end.state() == interactions::v1::ENTRY_STATE_FAILED) return;
  end.set_state(interactions::v1::ENTRY_STATE_FAILED);
  end.set_failure(failure);
  end.set_reason(
      std::string(status::FirstCharacters(reason, kReasonCharacters)));
}

void AddToEnd(const absl::Status& status, SettleEntryRequest& end) {
  if (status.ok()) return;
  if (!Passes(status.code())) {
    const bool is_invalid =
        absl::IsInvalidArgument(status) || absl::IsNotFound(status);
    FailAttempt(is_invalid ? interactions::v1::ENTRY_FAILURE_VALIDATION
                           : interactions::v1::ENTRY_FAILURE_REFUSED,
                ReasonOf(status), end);
    return;
  }
  if (end.state() != interactions::v1::ENTRY_STATE_DONE) return;
  end.set_state(interactions::v1::ENTRY_STATE_RECEIVED);
  end.set_reason(ReasonOf(status));
}

}  // namespace kith::gateway
