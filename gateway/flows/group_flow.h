#ifndef KITH_GATEWAY_FLOWS_GROUP_FLOW_H_
#define KITH_GATEWAY_FLOWS_GROUP_FLOW_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/gateway.pb.h"

namespace kith::gateway {

// Joins customers and takes them apart: finds the very contacts that are named,
// which is what edges are kept between, then asks contacts-svc. Each answers
// with that service's codes. Thread-safe.
class GroupFlow {
 public:
  GroupFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  Task<absl::Status> Merge(const base::RequestContext& context,
                           const v1::MergeRequest& request,
                           v1::MergeResponse& response) const;

  Task<absl::Status> Unmerge(const base::RequestContext& context,
                             const v1::UnmergeRequest& request,
                             v1::UnmergeResponse& response) const;

  Task<absl::Status> UnmergeByCause(const base::RequestContext& context,
                                    const v1::UnmergeByCauseRequest& request,
                                    v1::UnmergeByCauseResponse& response) const;

  Task<absl::Status> ListHistory(const base::RequestContext& context,
                                 const v1::ListMergeHistoryRequest& request,
                                 v1::ListMergeHistoryResponse& response) const;

 private:
  // The identity_key of a value, whoever holds it, or has held it.
  Task<absl::StatusOr<std::string>> FindIdentityKey(
      const base::RequestContext& context,
      const identity::v1::ChannelValue& value) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_GROUP_FLOW_H_
