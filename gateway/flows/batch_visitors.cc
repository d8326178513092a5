#include "gateway/flows/batch_visitors.h"

#include <string>
#include <utility>

#include "gateway/calls/pending_call.h"

namespace kith::gateway {

using identity::v1::ResolveIdentityResponse;

Task<VisitorsByTouch> FindVisitors(const std::vector<Touch>& touches,
                                   TouchSteps& steps) {
  std::vector<std::pair<size_t, PendingCall<ResolveIdentityResponse>>> resolves;
  std::vector<std::pair<size_t, PendingCall<ReadContact>>> reads;
  for (size_t t = 0; t < touches.size(); ++t) {
    const v1::RecordTouchRequest& request = touches[t].request();
    if (touches[t].by_contact_id()) {
      const std::string& id = touches[t].named_owner().contact_id;
      reads.emplace_back(t, steps.read.Ask(id));
    }
    for (int i = 0; i < request.identities_size(); ++i) {
      if (!IsBrowser(request.identities(i))) continue;
      resolves.emplace_back(
          t, steps.resolve.Ask(touches[t].place(),
                               touches[t].ResolveIdentityRequest(i)));
    }
  }
  for (auto& [t, resolve] : resolves) {
    // An invalid value is for its own touch to say.
    const auto resolved = co_await resolve;
    if (!resolved.ok()) continue;
    for (const identity::v1::Candidate& candidate : resolved->candidates()) {
      reads.emplace_back(t, steps.read.Ask(candidate.identity().contact_id()));
    }
  }
  VisitorsByTouch visitors(touches.size());
  for (auto& [t, read] : reads) {
    const auto contact = co_await read;
    if (!contact.ok() || contact->stage != contacts::v1::STAGE_ANONYMOUS) {
      continue;
    }
    visitors[t].push_back(contact->canonical_id);
  }
  co_return visitors;
}

}  // namespace kith::gateway
