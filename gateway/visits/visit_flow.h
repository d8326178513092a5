#ifndef KITH_GATEWAY_VISITS_VISIT_FLOW_H_
#define KITH_GATEWAY_VISITS_VISIT_FLOW_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/live_keys.h"
#include "common/base/request_context.h"
#include "gateway/calls/acting_calls.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/touch_flow.h"
#include "gateway/visits/visit_facts.h"
#include "kith/config/v1/config.pb.h"

namespace kith::gateway {

// Records visits. Whoever sends a beacon has no key: the gateway acts for the
// tenant with its own, and records what it says as UNAUTHENTICATED. Safe to
// repeat, in any order: the beacon with the highest revision counts.
// Thread-safe.
class VisitFlow {
 public:
  // All but `keys` must outlive the flow.
  VisitFlow(const Backends& backends, const CustomerFlow& customers,
            const TouchFlow& touches,
            std::shared_ptr<const auth::LiveKeys> keys)
      : backends_(backends),
        customers_(customers),
        touches_(touches),
        acting_(backends, std::move(keys)) {}

  // `trace` has the trace. Errors as TouchFlow::Record, and of
  // ActingCalls::Enter.
  Task<absl::Status> Record(base::RequestContext trace, uint64_t tenant_id,
                            VisitFacts facts,
                            config::v1::VisitRules rules) const;

 private:
  // Where a visitor came from, as of a visit.
  struct Origins {
    contacts::v1::Attribution first;
    contacts::v1::Attribution last;
  };

  // Reads the visitor's contact and its newest visits.
  Task<absl::StatusOr<Origins>> FindOrigins(
      const base::RequestContext& context, const VisitFacts& facts,
      const config::v1::VisitRules& rules) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
  const TouchFlow& touches_;
  const ActingCalls acting_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_VISIT_FLOW_H_
