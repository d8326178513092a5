#include "interactions-svc/actions/action_reason.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "interactions-svc/actions/contact_actions.h"

namespace kith::interactions {
namespace {

using internal::v1::StoredAction;

std::string ParameterOf(const v1::ActionReason& reason, const char* name) {
  const auto it = reason.parameters().find(name);
  return it == reason.parameters().end() ? "" : it->second;
}

// "today at 09:15", "yesterday", "on Monday", "on 3 May 2026".
std::string When(absl::Time time, absl::Time now, absl::TimeZone zone) {
  const absl::CivilDay day = absl::ToCivilDay(time, zone);
  const absl::CivilDay today = absl::ToCivilDay(now, zone);
  if (day == today) return absl::FormatTime("today at %H:%M", time, zone);
  if (today - day == 1) return "yesterday";
  if (today > day && today - day < 7) {
    return absl::FormatTime("on %A", time, zone);
  }
  return absl::FormatTime("on %-d %B %Y", time, zone);
}

// How often somebody has called, and when last.
std::string Called(const std::string& count, const std::string& when) {
  if (count == "1" || count.empty()) return absl::StrCat("Called ", when);
  return absl::StrCat("Called ",
                      count == "2" ? "twice" : absl::StrCat(count, " times"),
                      ", last ", when);
}

std::string Ordinal(const std::string& count) {
  if (count == "3") return "third";
  return absl::StrCat(count, "th");
}

std::string About(const std::string& topic) {
  return topic.empty() ? "" : absl::StrCat(" about ", topic);
}

// What the customer did: "Called", "Wrote by e-mail".
std::string Spoke(const std::string& kind) {
  if (kind.empty()) return "Got in touch";
  return kind == "call" ? "Called" : absl::StrCat("Wrote by ", kind);
}

std::string SayIt(const v1::ActionReason& reason, const std::string& when) {
  const std::string& code = reason.code();
  const std::string count = ParameterOf(reason, "count");
  const std::string topic = ParameterOf(reason, "topic");
  if (code == "CUSTOMER_WRITES") {
    return absl::StrCat(Spoke(ParameterOf(reason, "kind")), " ", when,
                        ", and waits for an answer");
  }
  if (code == "REOPENED") {
    return absl::StrCat("Came back ", when, " to what was resolved");
  }
  if (code == "PROBLEM_AGAIN") {
    return absl::StrCat("Has a problem", About(topic), " for the ",
                        Ordinal(count), " time");
  }
  if (code == "PROBLEM_OVERDUE") {
    return absl::StrCat("The problem", About(topic),
                        " should have been solved ", when);
  }
  if (code == "CALLED") {
    return absl::StrCat(Called(count, when), "; nobody answered");
  }
  if (code == "VOICEMAIL") {
    return absl::StrCat(Called(count, when),
                        ", and left a message; nobody answered");
  }
  if (code == "LEAD") {
    return absl::StrCat(
        "Is interested", topic.empty() ? "" : absl::StrCat(" in ", topic),
        " since ", absl::StripPrefix(when, "on "), "; nobody has answered");
  }
  if (code == "MAILS_HELD") {
    return "E-mails come so fast that a machine may write them";
  }
  if (code == "TOO_MANY_THREADS") {
    return "Has more to answer than there is room for: 500 open actions";
  }
  return reason.text();
}

// The time that the sentence names.
absl::Time TimeOf(const StoredAction& stored, bool overdue) {
  if (overdue) return absl::FromUnixMicros(stored.solve_micros());
  const auto& causes = stored.causes();
  if (!causes.empty() &&
      stored.action().kind() == config::v1::ACTION_KIND_CALL_BACK) {
    return absl::FromUnixMicros(causes.rbegin()->occurred_micros());
  }
  return base::FromProto(stored.action().opened_time());
}

// Whether a REPLY has become a SOLVE by time.
bool IsOverdue(const StoredAction& stored, absl::Time now) {
  return stored.action().kind() == config::v1::ACTION_KIND_REPLY &&
         stored.solve_micros() > 0 &&
         stored.solve_micros() <= absl::ToUnixMicros(now) &&
         stored.action().state() != v1::ACTION_STATE_DONE;
}

}  // namespace

std::string NameOf(v1::Kind kind) {
  switch (kind) {
    case v1::KIND_CALL:
      return "call";
    case v1::KIND_EMAIL:
      return "e-mail";
    case v1::KIND_MESSAGE:
      return "message";
    case v1::KIND_SOCIAL_POST:
      return "post";
    case v1::KIND_WEB_EVENT:
      return "form";
    default:
      return "";
  }
}

void SetParameter(const char* name, const std::string& value,
                  StoredAction& stored) {
  if (value.empty()) return;
  (*stored.mutable_action()->mutable_reason()->mutable_parameters())[name] =
      value;
}

void SetReasonByCauses(StoredAction& stored) {
  if (stored.causes().empty()) return;
  v1::Action& action = *stored.mutable_action();
  v1::ActionReason& reason = *action.mutable_reason();
  if (action.kind() == config::v1::ACTION_KIND_CALL_BACK) {
    const bool voicemail = stored.causes().rbegin()->voicemail();
    reason.set_code(voicemail ? "VOICEMAIL" : "CALLED");
    SetParameter("count", absl::StrCat(stored.cause_count()), stored);
  } else {
    reason.set_code("LEAD");
  }
  *action.mutable_opened_time() =
      base::ToProto(stored.causes(0).occurred_micros());
  action.set_interaction_id(
      base::Uuid::FromBytes(stored.causes(0).interaction_id()).ToString());
}

v1::Action ShowAction(const StoredAction& stored, absl::Time now,
                      absl::TimeZone zone) {
  v1::Action action = stored.action();
  if (!IsHidden(stored, now) && action.state() == v1::ACTION_STATE_SNOOZED) {
    action.set_state(v1::ACTION_STATE_OPEN);
  }
  const bool overdue = IsOverdue(stored, now);
  v1::ActionReason& reason = *action.mutable_reason();
  if (overdue) {
    action.set_kind(config::v1::ACTION_KIND_SOLVE);
    reason.set_code("PROBLEM_OVERDUE");
  }
  reason.set_text(SayIt(reason, When(TimeOf(stored, overdue), now, zone)));
  return action;
}

}  // namespace kith::interactions
