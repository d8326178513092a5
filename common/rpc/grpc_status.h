#ifndef KITH_COMMON_RPC_GRPC_STATUS_H_
#define KITH_COMMON_RPC_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace kith::rpc {

// Converts a status for gRPC. Keeps what status::Public keeps; the details
// become a google.rpc.Status.
grpc::Status ToGrpc(const absl::Status& status);

// Converts the status of a call, with its details. Ignores details that are no
// google.rpc.Status.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_GRPC_STATUS_H_
