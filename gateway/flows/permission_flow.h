#ifndef KITH_GATEWAY_FLOWS_PERMISSION_FLOW_H_
#define KITH_GATEWAY_FLOWS_PERMISSION_FLOW_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/consent.pb.h"

namespace kith::gateway {

// What the words of a customer come to.
struct WordsOfCustomer {
  v1::BatchMayContactResponse::Result result = {};
  // Of the customer's group; empty if the customer was not found.
  std::vector<std::string> member_ids = {};
};

// Whether customers may be contacted: by their words, which identity-svc knows,
// and by the rules of the tenant, for which interactions-svc knows what
// happened. Each method returns the errors of both. Thread-safe.
class PermissionFlow {
 public:
  PermissionFlow(const Backends& backends, const CustomerFlow& customers,
                 const base::Clock& clock)
      : backends_(backends), customers_(customers), clock_(clock) {}

  Task<absl::Status> MayContact(const base::RequestContext& context,
                                const v1::MayContactRequest& request,
                                v1::MayContactResponse& response) const;

  // BatchMayContact. Takes a call for each 500 customers that are named by a
  // value, for each 500 contacts, and to decide for each 1,000 customers or
  // 10,000 members: one of identity-svc and, if the tenant has rules that need
  // it, one of interactions-svc beside it, and one more where phones may be
  // stale. Fails if one of them does, so that nobody is contacted without an
  // answer.
  Task<absl::Status> BatchMayContact(
      const base::RequestContext& context,
      const v1::BatchMayContactRequest& request,
      v1::BatchMayContactResponse& response) const;

  // Returns what the words of the customers come to, alone: BatchMayContact
  // without the rules of the tenant, and the members of each customer.
  Task<absl::StatusOr<std::vector<WordsOfCustomer>>> AskWords(
      const base::RequestContext& context,
      const v1::BatchMayContactRequest& request) const;

  absl::Time Now() const { return clock_.Now(); }

 private:
  const Backends& backends_;
  const CustomerFlow& customers_;
  const base::Clock& clock_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_PERMISSION_FLOW_H_
