#include "interactions-svc/actions/action_settings.h"

#include "interactions-svc/actions/business_time.h"

namespace kith::interactions {
namespace {

using config::v1::ActionKind;
using config::v1::ActionRule;
using config::v1::Tenant;

constexpr int kPatienceMinutes = 60;

// What holds where no rule says otherwise.
ActionSetting DefaultOf(ActionKind kind) {
  switch (kind) {
    case config::v1::ACTION_KIND_REPLY:
      return {"service", absl::Minutes(240), absl::ZeroDuration()};
    case config::v1::ACTION_KIND_SOLVE:
      return {"service", absl::Minutes(60), absl::Minutes(60)};
    case config::v1::ACTION_KIND_CALL_BACK:
      return {"service", absl::Minutes(60), absl::ZeroDuration()};
    case config::v1::ACTION_KIND_FIRST_CONTACT:
      return {"sales", absl::Minutes(30), absl::ZeroDuration()};
    case config::v1::ACTION_KIND_REVIEW:
      return {"review", absl::Minutes(480), absl::ZeroDuration()};
    default:
      return {"service", absl::Minutes(480), absl::ZeroDuration()};
  }
}

// Returns the rule that an action has, or null.
const ActionRule* RuleOf(const Tenant& tenant, ActionKind kind,
                         absl::string_view topic) {
  const ActionRule* of_any_topic = nullptr;
  for (const ActionRule& rule : tenant.actions().rules()) {
    if (rule.kind() != kind) continue;
    if (rule.topic().empty()) {
      if (of_any_topic == nullptr) of_any_topic = &rule;
    } else if (rule.topic() == topic) {
      return &rule;
    }
  }
  return of_any_topic;
}

}  // namespace

ActionSetting SettingOf(const Tenant& tenant, ActionKind kind,
                        absl::string_view topic) {
  ActionSetting setting = DefaultOf(kind);
  const ActionRule* const rule = RuleOf(tenant, kind, topic);
  if (rule == nullptr) return setting;
  if (!rule->queue().empty()) setting.queue = rule->queue();
  if (rule->has_due_minutes()) {
    setting.due = absl::Minutes(rule->due_minutes());
  }
  if (rule->has_head_start_minutes()) {
    setting.head_start = absl::Minutes(rule->head_start_minutes());
  }
  return setting;
}

std::set<std::string> QueuesOf(const Tenant& tenant) {
  std::set<std::string> queues(tenant.actions().queues().begin(),
                               tenant.actions().queues().end());
  for (const ActionRule& rule : tenant.actions().rules()) {
    queues.insert(rule.queue().empty() ? DefaultOf(rule.kind()).queue
                                       : rule.queue());
  }
  for (const ActionKind kind :
       {config::v1::ACTION_KIND_REPLY, config::v1::ACTION_KIND_SOLVE,
        config::v1::ACTION_KIND_CALL_BACK,
        config::v1::ACTION_KIND_FIRST_CONTACT,
        config::v1::ACTION_KIND_FOLLOW_UP, config::v1::ACTION_KIND_REVIEW}) {
    queues.insert(SettingOf(tenant, kind, "").queue);
  }
  return queues;
}

absl::Time DueTime(const Tenant& tenant, const ActionSetting& setting,
                   absl::Time cause) {
  absl::TimeZone zone;
  absl::LoadTimeZone(tenant.time_zone(), &zone);
  return AddBusinessTime(cause, setting.due, tenant.actions(), zone);
}

absl::Duration Patience(const Tenant& tenant) {
  return absl::Minutes(tenant.actions().has_patience_minutes()
                           ? tenant.actions().patience_minutes()
                           : kPatienceMinutes);
}

}  // namespace kith::interactions
