#include "common/rpc/grpc_status.h"

#include <string>

#include "common/status/rpc_status.h"

namespace kith::rpc {

// Both use the canonical code numbers.

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status proto = status::ToProto(status);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      status::Shortened(status.message(), status::kMaxMessage),
                      proto.details().empty() ? "" : proto.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  google::rpc::Status proto;
  // What is no google.rpc.Status tells nothing.
  if (!proto.ParseFromString(status.error_details())) proto.Clear();
  proto.set_code(status.error_code());
  proto.set_message(status.error_message());
  return status::FromProto(proto);
}

}  // namespace kith::rpc
