#include "interactions-svc/actions/action_changes.h"

#include "common/base/times.h"

namespace kith::interactions {
namespace {

bool IsSame(const v1::Action& a, const v1::Action& b) {
  return a.state() == b.state() && a.queue() == b.queue() &&
         a.assignee() == b.assignee() && a.kind() == b.kind() &&
         base::ToMicros(a.due_time()) == base::ToMicros(b.due_time());
}

}  // namespace

bool TellEffect(const ActionEffect& effect, changes::v1::Change& change) {
  const v1::Action& after = effect.after;
  if (after.has_end()) {
    changes::v1::ActionEnded& ended = *change.mutable_action_ended();
    ended.set_action_id(after.action_id());
    ended.set_queue(after.queue());
    ended.set_state(after.state());
    return true;
  }
  if (!effect.before.has_value()) {
    changes::v1::ActionOpened& opened = *change.mutable_action_opened();
    opened.set_action_id(after.action_id());
    opened.set_kind(after.kind());
    opened.set_queue(after.queue());
    return true;
  }
  if (IsSame(*effect.before, after)) return false;
  changes::v1::ActionChanged& changed = *change.mutable_action_changed();
  changed.set_action_id(after.action_id());
  changed.set_queue(after.queue());
  changed.set_state(after.state());
  return true;
}

}  // namespace kith::interactions
