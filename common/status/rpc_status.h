#ifndef KITH_COMMON_STATUS_RPC_STATUS_H_
#define KITH_COMMON_STATUS_RPC_STATUS_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "google/rpc/status.pb.h"

namespace kith::status {

// Adds what a program can act on to an error: a message of
// google/rpc/error_details.proto, one of each type. It reaches the caller.
void AddDetail(const google::protobuf::Message& detail, absl::Status& status);

// Adds a google.rpc.ErrorInfo with this reason, in the domain "kith.dev", to
// `status`, and returns it. docs/errors.md lists all reasons.
absl::Status WithReason(absl::string_view reason, absl::Status status);

// The detail of this type, where the error has one.
template <typename Detail>
std::optional<Detail> FindDetail(const absl::Status& status);

// What a caller may see of `status`: code, message and details. An INTERNAL
// error says only that it happened, as its text may tell of the inside.
absl::Status Public(const absl::Status& status);

// The public form of `status` as a message, for the results of a batch.
google::rpc::Status ToProto(const absl::Status& status);

// The reverse.
absl::Status FromProto(const google::rpc::Status& proto);

// Puts an item's answer into its result of a batch: a message with the fields
// `response` and `error`.
template <typename Response, typename Result>
void SetResult(absl::StatusOr<Response> answer, Result& result) {
  if (answer.ok()) {
    *result.mutable_response() = *std::move(answer);
  } else {
    *result.mutable_error() = ToProto(answer.status());
  }
}

// The name that the type of a detail has in a status.
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
