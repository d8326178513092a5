#include "common/status/rpc_status.h"

#include <string>

namespace kith::status {

absl::Status Public(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kInternal) {
    return absl::InternalError("internal error");
  }
  return absl::Status(status.code(), status.message());
}

google::rpc::Status ToProto(const absl::Status& status) {
  const absl::Status shown = Public(status);
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(shown.code()));
  proto.set_message(std::string(shown.message()));
  return proto;
}

absl::Status FromProto(const google::rpc::Status& proto) {
  return absl::Status(static_cast<absl::StatusCode>(proto.code()),
                      proto.message());
}

}  // namespace kith::status
