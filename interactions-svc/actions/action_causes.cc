#include "interactions-svc/actions/action_causes.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "interactions-svc/threads/thread_words.h"

namespace kith::interactions {
namespace {

using internal::v1::ActionCause;
using internal::v1::StoredAction;

// The first, and as many of the last.
constexpr int kMostCauses = 100;

constexpr size_t kIdBytes = 16;

// Whether a person has written, or filled in a form.
bool IsFromPerson(v1::Kind kind) {
  return kind == v1::KIND_EMAIL || kind == v1::KIND_MESSAGE ||
         kind == v1::KIND_SOCIAL_POST || kind == v1::KIND_WEB_EVENT;
}

bool IsMissed(v1::Outcome outcome) {
  return outcome == v1::OUTCOME_MISSED || outcome == v1::OUTCOME_VOICEMAIL;
}

bool IsAnsweredCall(const v1::Interaction& interaction) {
  // A machine that talks has answered nobody. What a public form says that the
  // business did, it did not do.
  return interaction.kind() == v1::KIND_CALL && !interaction.automated() &&
         IsAnswered(interaction.outcome()) &&
         interaction.assurance() != config::v1::ASSURANCE_UNAUTHENTICATED;
}

bool CountAnswers(Ask ask, const v1::ActivityCount& count) {
  if (count.kind() == v1::KIND_CALL) {
    if (IsAnswered(count.outcome())) return true;
    return ask == Ask::kFirstContact &&
           count.direction() == v1::DIRECTION_OUTBOUND &&
           count.outcome() == v1::OUTCOME_VOICEMAIL;
  }
  return ask == Ask::kFirstContact &&
         count.direction() == v1::DIRECTION_OUTBOUND;
}

std::string KeyOf(char kind, absl::string_view id) {
  std::string key = absl::StrCat(std::string(1, kind), id);
  key.resize(kIdBytes + 1, '\0');
  return key;
}

std::string KeyOfId(char kind, absl::string_view text) {
  return KeyOf(kind, base::Uuid::Parse(text).value_or(base::Uuid()).bytes());
}

}  // namespace

config::v1::ActionKind KindOf(Ask ask) {
  return ask == Ask::kCallBack ? config::v1::ACTION_KIND_CALL_BACK
                               : config::v1::ACTION_KIND_FIRST_CONTACT;
}

bool Asks(Ask ask, const v1::Interaction& interaction) {
  if (interaction.direction() != v1::DIRECTION_INBOUND ||
      interaction.automated()) {
    return false;
  }
  const bool is_call = interaction.kind() == v1::KIND_CALL;
  if (ask == Ask::kCallBack) {
    return is_call && IsMissed(interaction.outcome()) &&
           interaction.purpose() != v1::PURPOSE_MARKETING;
  }
  return IsFromPerson(interaction.kind()) &&
         interaction.purpose() == v1::PURPOSE_SALES &&
         interaction.outcome() != v1::OUTCOME_FAILED &&
         interaction.thread_id().empty();
}

bool Answers(Ask ask, const v1::Interaction& interaction) {
  if (IsAnsweredCall(interaction)) return true;
  return ask == Ask::kFirstContact && WordOf(interaction) == Word::kOutbound;
}

bool MayBeAnswered(Ask ask, int64_t micros,
                   const v1::ActivitySummary& summary) {
  return std::any_of(summary.counts().begin(), summary.counts().end(),
                     [&](const v1::ActivityCount& count) {
                       return CountAnswers(ask, count) &&
                              base::ToMicros(count.last_time()) >= micros;
                     });
}

void AddCause(const ActionCause& cause, StoredAction& stored) {
  auto& causes = *stored.mutable_causes();
  for (const ActionCause& known : causes) {
    if (known.interaction_id() == cause.interaction_id()) return;
  }
  stored.set_cause_count(stored.cause_count() + 1);
  const auto after =
      std::find_if(causes.begin(), causes.end(), [&](const ActionCause& known) {
        return known.occurred_micros() > cause.occurred_micros();
      });
  const auto place = after - causes.begin();
  *causes.Add() = cause;
  std::rotate(causes.begin() + place, causes.end() - 1, causes.end());
  if (causes.size() > kMostCauses) causes.erase(causes.begin() + 1);
}

bool RemoveCause(absl::string_view interaction_id, StoredAction& stored) {
  auto& causes = *stored.mutable_causes();
  const auto it =
      std::find_if(causes.begin(), causes.end(), [&](const ActionCause& known) {
        return known.interaction_id() == interaction_id;
      });
  if (it == causes.end()) return false;
  causes.erase(it);
  stored.set_cause_count(causes.empty() ? 0 : stored.cause_count() - 1);
  return true;
}

bool RemoveCausesUntil(int64_t micros, StoredAction& stored) {
  auto& causes = *stored.mutable_causes();
  const auto end =
      std::find_if(causes.begin(), causes.end(), [&](const ActionCause& known) {
        return known.occurred_micros() > micros;
      });
  const auto removed = end - causes.begin();
  if (removed == 0) return false;
  causes.erase(causes.begin(), end);
  // Those that are not kept lie between the first and the second.
  stored.set_cause_count(removed > 1 ? causes.size()
                                     : stored.cause_count() - removed);
  return true;
}

base::Uuid ContactOf(const v1::Interaction& interaction) {
  return base::Uuid::Parse(interaction.contact_id()).value_or(base::Uuid());
}

int64_t SaidMicros(const v1::Interaction& interaction) {
  return SaidAt(base::ToMicros(interaction.occurred_time()),
                base::ToMicros(interaction.recorded_time()));
}

ActionCause CauseOf(const v1::Interaction& interaction) {
  ActionCause cause;
  cause.set_interaction_id(
      std::string(base::Uuid::Parse(interaction.interaction_id())
                      .value_or(base::Uuid())
                      .bytes()));
  cause.set_occurred_micros(SaidMicros(interaction));
  cause.set_voicemail(interaction.outcome() == v1::OUTCOME_VOICEMAIL);
  return cause;
}

bool NeedsReply(const v1::Thread& thread) {
  return thread.state() == v1::THREAD_STATE_OPEN;
}

bool NeedsReview(const v1::Thread& thread) { return thread.has_held_time(); }

std::string ActionCauseKey::OfThread(absl::string_view thread_id) {
  return KeyOfId('T', thread_id);
}

std::string ActionCauseKey::OfHeldMail(absl::string_view thread_id) {
  return KeyOfId('H', thread_id);
}

std::string ActionCauseKey::Of(Ask ask) {
  return KeyOf(ask == Ask::kCallBack ? 'C' : 'L', "");
}

std::string ActionCauseKey::OfTooMany() { return KeyOf('M', ""); }

std::string ActionCauseKey::Of(config::v1::ActionKind kind,
                               absl::string_view cause) {
  return KeyOf(
      'K', base::Sha256(absl::StrCat(kind, "/", cause)).substr(0, kIdBytes));
}

std::string ActionCauseKey::OfAction(absl::string_view action_id) {
  return KeyOfId('A', action_id);
}

}  // namespace kith::interactions
