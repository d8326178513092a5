#ifndef KITH_GATEWAY_FLOWS_GROUP_FLOW_H_
#define KITH_GATEWAY_FLOWS_GROUP_FLOW_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/merge.pb.h"

namespace kith::gateway {

// Merges and unmerges customers: finds the contacts that the refs name, since
// edges are between contacts, then calls contacts-svc. Each method returns that
// service's errors. Thread-safe.
class GroupFlow {
 public:
  GroupFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  Task<absl::Status> Merge(const base::RequestContext& context,
                           const v1::MergeContactsRequest& request,
                           v1::MergeContactsResponse& response) const;

  Task<absl::Status> Unmerge(const base::RequestContext& context,
                             const v1::UnmergeContactsRequest& request,
                             v1::UnmergeContactsResponse& response) const;

  Task<absl::Status> UndoMerges(const base::RequestContext& context,
                                const v1::UndoMergesRequest& request,
                                v1::UndoMergesResponse& response) const;

  Task<absl::Status> ListHistory(const base::RequestContext& context,
                                 const v1::ListMergeHistoryRequest& request,
                                 v1::ListMergeHistoryResponse& response) const;

 private:
  // Returns the identity key of a value that a contact holds or has held.
  // NOT_FOUND if there is none; FAILED_PRECONDITION if the value may mean
  // several identities.
  Task<absl::StatusOr<std::string>> FindIdentityKey(
      const base::RequestContext& context,
      const identity::v1::ChannelValue& value) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_GROUP_FLOW_H_
