#include "interactions-svc/actions/contact_actions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/times.h"

namespace kith::interactions {
namespace {

using internal::v1::ContactWork;
using internal::v1::StoredAction;

// What the column `queue` holds of a name.
constexpr size_t kNameBytes = 320;

std::string QueueOf(char kind, absl::string_view name) {
  if (name.size() <= kNameBytes) {
    return absl::StrCat(std::string(1, kind), name);
  }
  return absl::StrCat(std::string(1, kind),
                      "sha256=", absl::BytesToHexString(base::Sha256(name)));
}

// A queue that an action waits in, and from when on; 0: from ever.
struct Wait {
  std::string queue;
  int64_t from_micros = 0;
};

std::vector<Wait> WaitsOf(const StoredAction& stored) {
  const v1::Action& action = stored.action();
  const int64_t from = action.state() == v1::ACTION_STATE_SNOOZED
                           ? base::ToMicros(action.snooze_until_time())
                           : 0;
  if (action.assignee().empty()) return {{action.queue(), from}};
  return {{QueueOfAssignee(action.assignee()), from},
          {action.queue(), std::max(from, stored.shared_micros())}};
}

// From when on a contact waits, whose action waits for itself from
// `wait.from_micros` on; 0: from ever.
int64_t FromOf(const Wait& wait, const ContactWork& work) {
  return std::max(wait.from_micros,
                  work.agent().empty() ? 0 : work.end_micros());
}

// The place of a contact in one queue, as far as its actions are known.
struct Place {
  std::optional<int64_t> ready;
  std::optional<int64_t> later;
};

void Lower(int64_t micros, std::optional<int64_t>& least) {
  const int64_t rank = std::max<int64_t>(micros, 0);
  least = least.has_value() ? std::min(*least, rank) : rank;
}

}  // namespace

std::string QueueOfAssignee(absl::string_view assignee) {
  return QueueOf('@', assignee);
}

std::string QueueOfHolder(absl::string_view agent) {
  return QueueOf('#', agent);
}

StoredAction* FindCause(OpenActions& open, const std::string& cause_key) {
  const auto it = open.find(cause_key);
  return it == open.end() ? nullptr : &it->second;
}

QueuePlaces PlacesOf(const OpenActions& actions, const ContactWork& work) {
  std::map<std::string, Place> by_queue;
  for (const auto& [cause, stored] : actions) {
    for (const Wait& wait : WaitsOf(stored)) {
      Place& place = by_queue[wait.queue];
      const int64_t from = FromOf(wait, work);
      if (from == 0) {
        Lower(stored.rank_micros(), place.ready);
      } else {
        Lower(from, place.later);
      }
    }
  }
  QueuePlaces places;
  for (const auto& [queue, place] : by_queue) {
    if (place.ready.has_value()) {
      places.insert({queue, QueueState::kReady, *place.ready});
    }
    if (place.later.has_value()) {
      places.insert({queue, QueueState::kLater, *place.later});
    }
  }
  if (!work.agent().empty() && !actions.empty()) {
    places.insert(
        {QueueOfHolder(work.agent()), QueueState::kLater, work.end_micros()});
  }
  return places;
}

std::vector<const StoredAction*> MostUrgent(
    std::vector<const StoredAction*> actions) {
  std::stable_sort(actions.begin(), actions.end(),
                   [](const StoredAction* a, const StoredAction* b) {
                     return a->rank_micros() < b->rank_micros();
                   });
  actions.resize(std::min(actions.size(), kMostUrgent));
  return actions;
}

std::vector<const StoredAction*> ActionsAt(absl::string_view queue,
                                           QueueState state,
                                           const OpenActions& actions,
                                           const ContactWork& work) {
  std::vector<const StoredAction*> found;
  const bool is_held =
      !work.agent().empty() && queue == QueueOfHolder(work.agent());
  for (const auto& [cause, stored] : actions) {
    const std::vector<Wait> waits = WaitsOf(stored);
    const bool is_there =
        std::any_of(waits.begin(), waits.end(), [&](const Wait& wait) {
          return wait.queue == queue &&
                 (FromOf(wait, work) == 0) == (state == QueueState::kReady);
        });
    if (is_held || is_there) found.push_back(&stored);
  }
  return MostUrgent(std::move(found));
}

bool IsHidden(const StoredAction& stored, absl::Time now) {
  const v1::Action& action = stored.action();
  return action.state() == v1::ACTION_STATE_SNOOZED &&
         base::ToMicros(action.snooze_until_time()) > absl::ToUnixMicros(now);
}

bool WaitsIn(const std::set<std::string>& queues, absl::Time now,
             const OpenActions& actions) {
  const int64_t now_micros = absl::ToUnixMicros(now);
  for (const auto& [cause, stored] : actions) {
    for (const Wait& wait : WaitsOf(stored)) {
      if (wait.from_micros <= now_micros && queues.contains(wait.queue)) {
        return true;
      }
    }
  }
  return false;
}

bool IsHeldByOther(const ContactWork& work, absl::string_view agent,
                   absl::Time now) {
  return !work.agent().empty() && work.agent() != agent &&
         work.end_micros() > absl::ToUnixMicros(now);
}

bool HasSkipped(const ContactWork& work, absl::string_view agent,
                absl::Time now) {
  return std::any_of(work.skips().begin(), work.skips().end(),
                     [&](const ContactWork::Skip& skip) {
                       return skip.agent() == agent &&
                              skip.until_micros() > absl::ToUnixMicros(now);
                     });
}

void Lease(absl::string_view agent, absl::Time now, absl::Time end,
           ContactWork& work) {
  const bool renews =
      work.agent() == agent && work.end_micros() > absl::ToUnixMicros(now);
  if (!renews) work.set_epoch(work.epoch() + 1);
  work.set_agent(std::string(agent));
  work.set_end_micros(absl::ToUnixMicros(end));
}

bool Release(absl::string_view agent, ContactWork& work) {
  if (work.agent().empty() || work.agent() != agent) return false;
  work.clear_agent();
  work.clear_end_micros();
  return true;
}

int Skip(absl::string_view agent, absl::Time until, ContactWork& work) {
  for (ContactWork::Skip& skip : *work.mutable_skips()) {
    if (skip.agent() != agent) continue;
    skip.set_until_micros(absl::ToUnixMicros(until));
    return work.skips_size();
  }
  ContactWork::Skip& skip = *work.add_skips();
  skip.set_agent(std::string(agent));
  skip.set_until_micros(absl::ToUnixMicros(until));
  return work.skips_size();
}

}  // namespace kith::interactions
