#include "gateway/visits/visit_flow.h"

#include <vector>

#include "common/base/times.h"
#include "gateway/visits/attribution.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {
namespace {

using contacts::v1::Attribution;
using contacts::v1::Contact;
using interactions::v1::Interaction;

// The newest visits of a visitor among which the last touch is looked for.
constexpr int kVisitsLookedAt = 50;

interactions::v1::ListInteractionsRequest VisitsOf(const Contact& visitor) {
  interactions::v1::ListInteractionsRequest list;
  *list.add_sets()->mutable_contact_ids() = visitor.member_ids();
  list.set_kind(interactions::v1::KIND_WEB_EVENT);
  list.set_page_size(kVisitsLookedAt);
  return list;
}

// Returns where this visit and those before it came from, the newest first.
std::vector<Attribution> UpToThis(
    const VisitFacts& facts,
    const interactions::v1::ListInteractionsResponse& listed) {
  std::vector<Attribution> visits = {facts.attribution};
  if (listed.results().empty()) return visits;
  for (const Interaction& each : listed.results(0).interactions()) {
    if (each.external_id() == facts.beacon.visit() ||
        base::FromProto(each.occurred_time()) > facts.begun) {
      continue;
    }
    auto visit = AttributionOfVisit(each);
    if (visit.has_value()) visits.push_back(*std::move(visit));
  }
  return visits;
}

// The attribution of the visitor, if it is of an earlier touch.
Attribution FirstTouchOf(const Contact& visitor, const VisitFacts& facts) {
  const Attribution& known = visitor.attribution();
  return known.has_touch_time() &&
                 base::FromProto(known.touch_time()) < facts.begun
             ? known
             : facts.attribution;
}

}  // namespace

Task<absl::Status> VisitFlow::Record(base::RequestContext trace,
                                     uint64_t tenant_id, VisitFacts facts,
                                     config::v1::VisitRules rules) const {
  Origins origins = {facts.attribution, facts.attribution};
  // Nobody knows a visitor that has the id of its visit.
  if (facts.visitor != facts.beacon.visit()) {
    KITH_CO_ASSIGN_OR_RETURN(const base::RequestContext own,
                             acting_.Enter(trace, tenant_id));
    KITH_CO_ASSIGN_OR_RETURN(origins, co_await FindOrigins(own, facts, rules));
  }
  KITH_CO_ASSIGN_OR_RETURN(
      const base::RequestContext context,
      acting_.EnterWith(std::move(trace), tenant_id,
                        config::v1::ASSURANCE_UNAUTHENTICATED));
  const v1::RecordTouchRequest touch =
      VisitTouch(facts, origins.first, origins.last);
  v1::RecordTouchResponse response;
  co_return co_await touches_.Record(context, touch, response);
}

Task<absl::StatusOr<VisitFlow::Origins>> VisitFlow::FindOrigins(
    const base::RequestContext& context, const VisitFacts& facts,
    const config::v1::VisitRules& rules) const {
  Origins origins = {facts.attribution, facts.attribution};
  v1::CustomerRef ref;
  ref.mutable_value()->set_channel(identity::v1::CHANNEL_VISITOR);
  ref.mutable_value()->set_value(facts.visitor);
  const auto visitor = co_await customers_.FindOne(context, ref);
  // Several share the value, or nobody has it.
  if (absl::IsNotFound(visitor.status()) ||
      absl::IsFailedPrecondition(visitor.status())) {
    co_return origins;
  }
  KITH_CO_RETURN_IF_ERROR(visitor.status());
  auto list =
      backends_.Interactions(&Backends::InteractionsStub::ListInteractions,
                             VisitsOf(*visitor), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto listed, co_await list);
  origins.first = FirstTouchOf(*visitor, facts);
  origins.last = LastTouch(UpToThis(facts, listed), rules);
  co_return origins;
}

}  // namespace kith::gateway
