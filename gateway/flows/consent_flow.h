#ifndef KITH_GATEWAY_FLOWS_CONSENT_FLOW_H_
#define KITH_GATEWAY_FLOWS_CONSENT_FLOW_H_

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
#include "kith/identity/v1/consent.pb.h"

namespace kith::gateway {

// What the words of a customer come to.
struct WordsOfCustomer {
  v1::BatchMayContactResponse::Result result = {};
  // Of the customer's group; empty if the customer was not found.
  std::vector<std::string> member_ids = {};
};

// Consent of customers: finds the customer, then calls identity-svc, whose
// errors each method returns. Thread-safe.
class ConsentFlow {
 public:
  ConsentFlow(const Backends& backends, const CustomerFlow& customers,
              const base::Clock& clock)
      : backends_(backends), customers_(customers), clock_(clock) {}

  // RecordConsent. An UNAUTHENTICATED key gets its own words back, at the time
  // that FormWait says, whether or not the customer is known.
  Task<absl::Status> Record(const base::RequestContext& context,
                            const v1::RecordConsentRequest& request,
                            identity::v1::Consent& response) const;

  // Lists the records of all members of the customer's group.
  Task<absl::Status> List(const base::RequestContext& context,
                          const v1::ListConsentsRequest& request,
                          v1::ListConsentsResponse& response) const;

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
  Task<absl::Status> RecordNow(const base::RequestContext& context,
                               const v1::RecordConsentRequest& request,
                               identity::v1::Consent& response) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
  const base::Clock& clock_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_CONSENT_FLOW_H_
