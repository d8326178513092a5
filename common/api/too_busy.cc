#include "common/api/too_busy.h"

#include "common/status/rpc_status.h"
#include "google/rpc/error_details.pb.h"

namespace kith::api {

absl::Status TooBusyError(absl::string_view message,
                          absl::Duration retry_after) {
  google::rpc::RetryInfo retry;
  absl::Duration rest;
  retry.mutable_retry_delay()->set_seconds(
      absl::IDivDuration(retry_after, absl::Seconds(1), &rest));
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
  absl::Status status = absl::ResourceExhaustedError(message);
  status::AddDetail(retry, status);
  return status;
}

bool IsTooBusy(const absl::Status& status) {
  return absl::IsResourceExhausted(status) &&
         status::FindDetail<google::rpc::RetryInfo>(status).has_value();
}

}  // namespace kith::api
