#ifndef KITH_COMMON_STATUS_RPC_STATUS_H_
#define KITH_COMMON_STATUS_RPC_STATUS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/rpc/status.pb.h"

namespace kith::status {

// What a caller may see of `status`: an INTERNAL error says only that it
// happened, as its text may tell of the inside.
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

}  // namespace kith::status

#endif  // KITH_COMMON_STATUS_RPC_STATUS_H_
