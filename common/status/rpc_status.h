#ifndef KITH_COMMON_STATUS_RPC_STATUS_H_
#define KITH_COMMON_STATUS_RPC_STATUS_H_

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "google/rpc/status.pb.h"

namespace kith::status {

// The longest message of an error, in bytes. gRPC takes 8 KiB of trailers. The
// message is in them three times, once percent-encoded: as the message, in the
// google.rpc.Status, and often in a detail of it.
inline constexpr size_t kMaxMessage = 1024;

// Returns the text, cut to `most` bytes with "..." at its end if it is longer,
// so that it stays valid UTF-8.
std::string Shortened(absl::string_view text, size_t most);

// Adds a detail to an error: a message of google/rpc/error_details.proto, with
// which a program can react to the error. A second detail of the same type
// replaces the first one. The detail reaches the caller.
void AddDetail(const google::protobuf::Message& detail, absl::Status& status);

// Adds a google.rpc.ErrorInfo with this reason, in the domain "kith.dev", to
// `status`, and returns it. docs/errors.md lists all reasons, and what is in
// the metadata of which.
absl::Status WithReason(
    absl::string_view reason, absl::Status status,
    const std::map<std::string, std::string>& metadata = {});

// Returns the detail of this type, or nullopt if the error has none.
template <typename Detail>
std::optional<Detail> FindDetail(const absl::Status& status);

// Returns what a caller may see of `status`: code, message and details. An
// INTERNAL error becomes "internal error", because its text may reveal
// internals.
absl::Status Public(const absl::Status& status);

// Returns the public form of `status` as a message, for the results of a batch.
google::rpc::Status ToProto(const absl::Status& status);

// Converts a message back to a status, with its details.
absl::Status FromProto(const google::rpc::Status& proto);

// Puts the response or the error of one item into its result of a batch.
// `Result` has the fields `response` and `error`.
template <typename Response, typename Result>
void SetResult(absl::StatusOr<Response> answer, Result& result) {
  if (answer.ok()) {
    *result.mutable_response() = *std::move(answer);
  } else {
    *result.mutable_error() = ToProto(answer.status());
  }
}

// Returns the key under which a status keeps a detail of this type.
std::string DetailUrl(const google::protobuf::Descriptor& type);

template <typename Detail>
std::optional<Detail> FindDetail(const absl::Status& status) {
  const auto payload = status.GetPayload(DetailUrl(*Detail::descriptor()));
  Detail detail;
  if (!payload.has_value() || !detail.ParseFromString(std::string(*payload))) {
    return std::nullopt;
  }
  return detail;
}

}  // namespace kith::status

#endif  // KITH_COMMON_STATUS_RPC_STATUS_H_
