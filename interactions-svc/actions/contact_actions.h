#ifndef KITH_INTERACTIONS_SVC_ACTIONS_CONTACT_ACTIONS_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_CONTACT_ACTIONS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kith/internal/v1/actions.pb.h"

namespace kith::interactions {

// Whether a contact waits in a queue. Stored as a number.
enum class QueueState : uint8_t {
  // Now; it ranks by its most urgent action.
  kReady = 0,
  // From its rank on, which is the end of a lease or of a pause.
  kLater = 1,
};

// A contact's place in a queue.
struct QueuePlace {
  std::string queue;
  QueueState state = QueueState::kReady;
  int64_t rank_micros = 0;

  friend auto operator<=>(const QueuePlace&, const QueuePlace&) = default;
};
using QueuePlaces = std::set<QueuePlace>;

// Names of the queues of one person: of what is assigned to it, and of what it
// has leased.
std::string QueueOfAssignee(absl::string_view assignee);
std::string QueueOfHolder(absl::string_view agent);

// The open actions of a contact by ActionCauseKey: OPEN or SNOOZED.
using OpenActions = std::map<std::string, internal::v1::StoredAction>;

// Returns the open action of a cause, for a change; null if there is none.
internal::v1::StoredAction* FindCause(OpenActions& open,
                                      const std::string& cause_key);

// Returns the places that the contact has in the queues: at most two in each,
// as its actions may wait now and from later on. While it is leased all begin
// with the end of the lease. A pure function of what is stored; no clock
// decides.
QueuePlaces PlacesOf(const OpenActions& actions,
                     const internal::v1::ContactWork& work);

// The first of some actions by rank, as many as are answered of one contact.
inline constexpr size_t kMostUrgent = 50;
std::vector<const internal::v1::StoredAction*> MostUrgent(
    std::vector<const internal::v1::StoredAction*> actions);

// Returns the actions for which the contact has its place in the queue with
// this state, the MostUrgent; of the queue of its holder, all. A pure function.
std::vector<const internal::v1::StoredAction*> ActionsAt(
    absl::string_view queue, QueueState state, const OpenActions& actions,
    const internal::v1::ContactWork& work);

// Returns true if the action is SNOOZED, and its time has not come.
bool IsHidden(const internal::v1::StoredAction& stored, absl::Time now);

// Returns true if the contact waits at `now` in one of the queues, leased or
// not.
bool WaitsIn(const std::set<std::string>& queues, absl::Time now,
             const OpenActions& actions);

// Leases. Pure functions.

// Returns true if an agent other than this one holds a lease at `now`.
bool IsHeldByOther(const internal::v1::ContactWork& work,
                   absl::string_view agent, absl::Time now);

// Returns true if the agent has skipped the contact, and the time is not up.
bool HasSkipped(const internal::v1::ContactWork& work, absl::string_view agent,
                absl::Time now);

// Gives the contact to the agent until `end`: a new lease, or a longer one if
// the agent holds one at `now`.
void Lease(absl::string_view agent, absl::Time now, absl::Time end,
           internal::v1::ContactWork& work);

// Ends the lease, if it is the agent's. Returns whether it was.
bool Release(absl::string_view agent, internal::v1::ContactWork& work);

// Notes that the agent skips the contact until `until`. Returns how many agents
// have skipped it since its last word, or since an action of it was opened,
// changed or ended.
int Skip(absl::string_view agent, absl::Time until,
         internal::v1::ContactWork& work);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_CONTACT_ACTIONS_H_
