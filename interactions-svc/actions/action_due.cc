#include "interactions-svc/actions/action_due.h"

#include "common/base/times.h"
#include "interactions-svc/actions/action_reason.h"
#include "interactions-svc/actions/action_settings.h"

namespace kith::interactions {

using internal::v1::StoredAction;

void SetDue(const config::v1::Tenant& tenant, absl::Time due,
            absl::Duration head_start, StoredAction& stored) {
  *stored.mutable_action()->mutable_due_time() = base::ToProto(due);
  stored.set_rank_micros(absl::ToUnixMicros(due - head_start));
  ShareAfterPatience(tenant, stored);
}

void ShareAfterPatience(const config::v1::Tenant& tenant,
                        StoredAction& stored) {
  const v1::Action& action = stored.action();
  stored.set_shared_micros(
      action.assignee().empty()
          ? 0
          : absl::ToUnixMicros(base::FromProto(action.due_time()) +
                               Patience(tenant)));
}

void FollowCauses(const config::v1::Tenant& tenant, StoredAction& stored) {
  v1::Action& action = *stored.mutable_action();
  const int64_t since = base::ToMicros(action.opened_time());
  SetReasonByCauses(stored);
  if (base::ToMicros(action.opened_time()) == since) return;
  const auto& parameters = action.reason().parameters();
  const auto topic = parameters.find("topic");
  const ActionSetting setting = SettingOf(
      tenant, action.kind(), topic == parameters.end() ? "" : topic->second);
  SetDue(tenant,
         DueTime(tenant, setting, base::FromProto(action.opened_time())),
         setting.head_start, stored);
}

}  // namespace kith::interactions
