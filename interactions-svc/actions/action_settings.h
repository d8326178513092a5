#ifndef KITH_INTERACTIONS_SVC_ACTIONS_ACTION_SETTINGS_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_ACTION_SETTINGS_H_

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"

namespace kith::interactions {

// How the actions of one kind and topic are dealt with.
struct ActionSetting {
  // Queue that gives them out.
  std::string queue;

  // Business time from the cause until they are due.
  absl::Duration due;

  // By how much they rank before others that are due at the same time.
  absl::Duration head_start;
};

// Returns the setting of an action: by the first rule of its kind and topic,
// else by the first rule of its kind without a topic. What neither sets has the
// default of the kind, see kith.config.v1.ActionRule. `topic` is empty if the
// action has none, and is compared byte by byte.
ActionSetting SettingOf(const config::v1::Tenant& tenant,
                        config::v1::ActionKind kind, absl::string_view topic);

// Returns the queues of the tenant: those that its actions are in by its
// settings, and those that it names for actions by hand. At most 23.
std::set<std::string> QueuesOf(const config::v1::Tenant& tenant);

// Returns the time at which an action is due whose cause occurred at `cause`:
// `setting.due` later in business time, by the clock of the tenant's zone.
absl::Time DueTime(const config::v1::Tenant& tenant,
                   const ActionSetting& setting, absl::Time cause);

// Returns for how long after its due time an action is for its assignee alone.
absl::Duration Patience(const config::v1::Tenant& tenant);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_ACTION_SETTINGS_H_
