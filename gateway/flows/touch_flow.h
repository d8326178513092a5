#ifndef KITH_GATEWAY_FLOWS_TOUCH_FLOW_H_
#define KITH_GATEWAY_FLOWS_TOUCH_FLOW_H_

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/permission_flow.h"
#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// Records touches in this order: look up what is known, claim the values,
// ensure the contacts, record the interactions. A caller may repeat a request
// after a crash between any two steps: there will be one contact and one
// interaction, because each step is idempotent and the contact proposed for a
// new value follows from the request alone. What is certain to be refused is
// refused before the first write: a key that lacks a scope of any step, whether
// or not the touch needs the step, and what Validate and the lookups find.
// Own advertising (touch_consent.h) that its customer has not consented to is
// refused so, too, unless it is recorded already.
// An UNAUTHENTICATED key is answered less, and later: see form_answer.h.
// Thread-safe.
class TouchFlow {
 public:
  TouchFlow(const Backends& backends, const CustomerFlow& customers,
            const PermissionFlow& permissions, const base::Clock& clock)
      : backends_(backends),
        customers_(customers),
        permissions_(permissions),
        clock_(clock) {}

  // RecordTouch.
  Task<absl::Status> Record(const base::RequestContext& context,
                            const v1::RecordTouchRequest& request,
                            v1::RecordTouchResponse& response) const;

  // BatchRecordTouches. Fails as a whole if the call of a step does.
  Task<absl::Status> BatchRecord(
      const base::RequestContext& context,
      const v1::BatchRecordTouchesRequest& request,
      v1::BatchRecordTouchesResponse& response) const;

 private:
  Task<absl::Status> RecordNow(const base::RequestContext& context,
                               const v1::RecordTouchRequest& request,
                               v1::RecordTouchResponse& response) const;
  Task<absl::Status> BatchRecordNow(
      const base::RequestContext& context,
      const v1::BatchRecordTouchesRequest& request,
      v1::BatchRecordTouchesResponse& response) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
  const PermissionFlow& permissions_;
  const base::Clock& clock_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_FLOW_H_
