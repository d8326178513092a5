#ifndef KITH_COMMON_RPC_GRPC_STATUS_H_
#define KITH_COMMON_RPC_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace kith::rpc {

grpc::Status ToGrpc(const absl::Status& status);

absl::Status FromGrpc(const grpc::Status& status);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_GRPC_STATUS_H_
