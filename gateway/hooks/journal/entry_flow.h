#ifndef KITH_GATEWAY_HOOKS_JOURNAL_ENTRY_FLOW_H_
#define KITH_GATEWAY_HOOKS_JOURNAL_ENTRY_FLOW_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/live_keys.h"
#include "common/base/request_context.h"
#include "gateway/calls/acting_calls.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/consent_flow.h"
#include "gateway/flows/touch_flow.h"
#include "gateway/hooks/mapping/placed_touch.h"
#include "gateway/hooks/understander.h"
#include "kith/gateway/v1/hook.pb.h"
#include "kith/interactions/v1/journal.pb.h"

namespace kith::gateway {

// Has the journal keep what was received, and makes touches of what it has. The
// gateway acts for the tenant with its own key, and records touches with the
// assurance of their source. Whoever runs an attempt again records nothing
// twice: each touch is known by its external_id or request_id, and those that
// the entry has effects of are left out. Thread-safe.
class EntryFlow {
 public:
  // All but `keys` must outlive the flow.
  EntryFlow(const Backends& backends, const TouchFlow& touches,
            const ConsentFlow& consents, const Understander& understander,
            std::shared_ptr<const auth::LiveKeys> keys);

  // Has the journal keep a request that was admitted, which came from a network
  // address. If it is no repeat, the caller has the lease of its first attempt.
  // `trace` has the trace, and nothing else.
  Task<absl::StatusOr<interactions::v1::RecordEntryResponse>> Record(
      const base::RequestContext& trace, const HookSource& source,
      const HookAdmission& admission, const std::string& address) const;

  // Leases entries of a tenant whose next attempt is due: at most `count`,
  // which is 1 to 50.
  Task<absl::StatusOr<interactions::v1::LeaseEntriesResponse>> Lease(
      uint64_t tenant_id, int count) const;

  // Runs the leased attempt of an entry, and settles it. Returns the error if
  // it could not be settled: then the lease ends, and another attempt begins.
  Task<absl::Status> Run(uint64_t tenant_id,
                         const interactions::v1::Entry& entry) const;

 private:
  // Understands the entry and records its touches. Sets how that has ended.
  Task<absl::Status> Attempt(uint64_t tenant_id,
                             const interactions::v1::Entry& entry,
                             interactions::v1::SettleEntryRequest& end) const;

  // Records some touches, and what they say of consent.
  Task<absl::Status> RecordSome(
      const base::RequestContext& context, std::vector<PlacedTouch> some,
      interactions::v1::SettleEntryRequest& end) const;

  const Backends& backends_;
  const TouchFlow& touches_;
  const ConsentFlow& consents_;
  const Understander& understander_;
  const ActingCalls acting_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_JOURNAL_ENTRY_FLOW_H_
