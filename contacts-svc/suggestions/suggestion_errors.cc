#include "contacts-svc/suggestions/suggestion_errors.h"

#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"

namespace kith::contacts {

using status::WithReason;

absl::Status SuggestionDecidedError(absl::string_view how) {
  return WithReason("SUGGESTION_DECIDED",
                    absl::FailedPreconditionError(absl::StrCat(
                        "suggestion_id: not open any more: ", how)));
}

absl::Status SuggestionOutdatedError() {
  return WithReason("SUGGESTION_OUTDATED",
                    absl::FailedPreconditionError(
                        "suggestion_id: the two do not agree any more; look "
                        "at them anew, Merge still works"));
}

}  // namespace kith::contacts
