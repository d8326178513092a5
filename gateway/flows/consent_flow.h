#ifndef KITH_GATEWAY_FLOWS_CONSENT_FLOW_H_
#define KITH_GATEWAY_FLOWS_CONSENT_FLOW_H_

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/consent.pb.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::gateway {

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
