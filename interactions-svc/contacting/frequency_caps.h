#ifndef KITH_INTERACTIONS_SVC_CONTACTING_FREQUENCY_CAPS_H_
#define KITH_INTERACTIONS_SVC_CONTACTING_FREQUENCY_CAPS_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/base/request_context.h"
#include "common/base/uuid.h"
#include "kith/config/v1/config.pb.h"
#include "kith/interactions/v1/contact_facts.pb.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::interactions {

// The rules of what the business may advertise. Pure functions, but for
// NoteCapped.

// The reason of the FAILED_PRECONDITION for what would exceed a cap, and the
// contact_violation of a report that has.
inline constexpr char kFrequencyCap[] = "FREQUENCY_CAP";

// Returns true for advertising that the business itself is about to do: an AD,
// or an OUTBOUND interaction for MARKETING, which no source reports. What a
// public form says is no act of the business.
bool IsOwnAdvertising(const base::Principal& caller,
                      const v1::Interaction& interaction);

// Returns true for own advertising that a frequency cap refuses. Not for what
// has ended in an opt-out: to refuse it would lose what the customer has said.
bool MayBeRefused(const base::Principal& caller,
                  const v1::Interaction& interaction);

// PERMISSION_DENIED if this is advertising of the business itself, and neither
// the caller nor the gateway, which has asked for the consent of the customer,
// has the scope for it.
absl::Status CheckAdvertiser(const base::RequestContext& context,
                             const v1::Interaction& interaction);

// Returns true if the frequency caps of the caller's tenant count what would be
// recorded.
bool IsCapped(const base::Principal& caller,
              const v1::Interaction& interaction);

// Returns the contacts whose advertising counts together: the one that has the
// interaction and the members of its group.
std::set<base::Uuid> CappedGroup(const base::Uuid& contact_id,
                                 const v1::RecordInteractionRequest& request);

// Returns the caps that one more marketing touch of the topic on this day would
// exceed. `marketing` is the sum of the stored days of the customer, also of
// days to come: whatever `days` days in a row there are with the day among
// them, there are never more than the cap says. What is older than 90 days is
// not kept.
std::vector<v1::ReachedCap> ReachedCaps(const config::v1::ContactRules& rules,
                                        absl::string_view topic,
                                        absl::CivilDay day,
                                        const v1::MarketingTouches& marketing);

// FAILED_PRECONDITION with the reason FREQUENCY_CAP, which names the cap.
absl::Status CappedError(const v1::ReachedCap& reached);

// Counts a refusal by a cap in the metric of what was not recorded; no other
// status. For what has ended: a transaction may run again.
void NoteCapped(const absl::Status& recorded);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_CONTACTING_FREQUENCY_CAPS_H_
