#include "interactions-svc/actions/asked_actions.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "interactions-svc/actions/action_due.h"
#include "interactions-svc/actions/action_reason.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/actions/contact_actions.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::ContactWork;
using internal::v1::StoredAction;
using mysql::Tx;

// Before all that is recorded.
constexpr int64_t kNever = -1;

// How far before an answer that was none its causes are looked for.
constexpr absl::Duration kLookBack = absl::Hours(24 * 7);

// When a person has ended the last action of the kind.
int64_t EndedMicros(Ask ask, const ContactWork& work) {
  return ask == Ask::kCallBack ? work.call_back_ended_micros()
                               : work.first_contact_ended_micros();
}

}  // namespace

AskedActions::AskedActions(const Tx& tx, LockedActions& actions)
    : tx_(tx), tenant_(*tx.context.principal->tenant), actions_(actions) {}

absl::Status AskedActions::Add(const v1::Interaction* old,
                               const v1::Interaction& interaction,
                               const v1::ActionEnd& end) {
  KITH_ASSIGN_OR_RETURN(const LockedContact contact,
                        actions_.Contact(ContactOf(interaction)));
  for (const Ask ask : kAsks) {
    // A correction does not open again what a person has ended.
    const bool asked = old != nullptr && Asks(ask, *old);
    KITH_RETURN_IF_ERROR(
        AddAsk(ask, old, interaction,
               asked ? EndedMicros(ask, *contact.work) : kNever, end));
  }
  return absl::OkStatus();
}

absl::Status AskedActions::Move(const v1::Interaction& old,
                                const v1::Interaction& interaction,
                                const v1::ActionEnd& end) {
  KITH_ASSIGN_OR_RETURN(const LockedContact from,
                        actions_.Contact(ContactOf(old)));
  KITH_ASSIGN_OR_RETURN(const LockedContact to,
                        actions_.Contact(ContactOf(interaction)));
  for (const Ask ask : kAsks) {
    KITH_RETURN_IF_ERROR(RemoveAsk(ask, old, end));
    KITH_RETURN_IF_ERROR(AddAsk(
        ask, nullptr, interaction,
        std::max(EndedMicros(ask, *from.work), EndedMicros(ask, *to.work)),
        end));
  }
  return absl::OkStatus();
}

absl::Status AskedActions::AskAgain(const Uuid& contact_id, int64_t micros) {
  for (const Ask ask : kAsks) {
    KITH_RETURN_IF_ERROR(AskAgainFor(ask, contact_id, micros));
  }
  return absl::OkStatus();
}

absl::Status AskedActions::RemoveAsk(Ask ask, const v1::Interaction& removed,
                                     const v1::ActionEnd& end) {
  const Uuid contact_id = ContactOf(removed);
  KITH_ASSIGN_OR_RETURN(const LockedContact contact,
                        actions_.Contact(contact_id));
  const bool answered = Answers(ask, removed);
  const bool waits = contact.work->action_count() > 0;
  if (!answered && !(Asks(ask, removed) && waits)) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(OpenActions* const open, actions_.Open(contact_id));
  const std::string key = ActionCauseKey::Of(ask);
  if (StoredAction* const before = FindCause(*open, key); before != nullptr) {
    RemoveCause(CauseOf(removed).interaction_id(), *before);
  }
  if (answered) {
    KITH_RETURN_IF_ERROR(AskAgainFor(ask, contact_id, SaidMicros(removed)));
  }
  StoredAction* const stored = FindCause(*open, key);
  if (stored == nullptr) return absl::OkStatus();
  if (stored->causes().empty()) {
    return actions_.Remove(contact_id, key, v1::ACTION_STATE_DONE, end);
  }
  FollowCauses(tenant_, *stored);
  return absl::OkStatus();
}

absl::Status AskedActions::AddAsk(Ask ask, const v1::Interaction* old,
                                  const v1::Interaction& interaction,
                                  int64_t ended_micros,
                                  const v1::ActionEnd& end) {
  const Uuid contact_id = ContactOf(interaction);
  KITH_ASSIGN_OR_RETURN(const LockedContact contact,
                        actions_.Contact(contact_id));
  const v1::Interaction& first = old != nullptr ? *old : interaction;
  const bool asks = Asks(ask, interaction) &&
                    base::ToMicros(first.recorded_time()) > ended_micros;
  const bool answers = Answers(ask, interaction);
  const bool asked = old != nullptr && Asks(ask, *old);
  const bool answered = old != nullptr && Answers(ask, *old);
  const bool waits = contact.work->action_count() > 0;
  if (!asks && !answered && !((asked || answers) && waits)) {
    return absl::OkStatus();
  }
  KITH_ASSIGN_OR_RETURN(OpenActions* const open, actions_.Open(contact_id));
  const std::string key = ActionCauseKey::Of(ask);
  if (StoredAction* const before = FindCause(*open, key);
      asked && before != nullptr) {
    RemoveCause(CauseOf(*old).interaction_id(), *before);
  }
  if (answered && (!answers || SaidMicros(interaction) < SaidMicros(*old))) {
    KITH_RETURN_IF_ERROR(AskAgainFor(ask, contact_id, SaidMicros(*old)));
  }
  if (asks) KITH_RETURN_IF_ERROR(AskFor(ask, interaction));
  StoredAction* const stored = FindCause(*open, key);
  if (stored == nullptr) return absl::OkStatus();
  if (answers) RemoveCausesUntil(SaidMicros(interaction), *stored);
  if (stored->causes().empty()) {
    return actions_.Remove(contact_id, key, v1::ACTION_STATE_DONE, end);
  }
  FollowCauses(tenant_, *stored);
  return absl::OkStatus();
}

absl::Status AskedActions::AskFor(Ask ask, const v1::Interaction& interaction) {
  const Uuid contact_id = ContactOf(interaction);
  KITH_ASSIGN_OR_RETURN(const LockedContact contact,
                        actions_.Contact(contact_id));
  const int64_t micros = SaidMicros(interaction);
  if (MayBeAnswered(ask, micros, *contact.summary)) {
    KITH_ASSIGN_OR_RETURN(const std::vector<v1::Interaction> history,
                          ReadHistory(tx_, contact_id, micros));
    const bool is_answered = std::any_of(
        history.begin(), history.end(),
        [&](const v1::Interaction& after) { return Answers(ask, after); });
    if (is_answered) return absl::OkStatus();
  }
  return OpenFor(ask, interaction);
}

absl::Status AskedActions::AskAgainFor(Ask ask, const Uuid& contact_id,
                                       int64_t micros) {
  const int64_t from = micros - absl::ToInt64Microseconds(kLookBack);
  KITH_ASSIGN_OR_RETURN(
      const std::vector<v1::Interaction> history,
      ReadHistory(tx_, contact_id, std::max<int64_t>(from, 0)));
  KITH_ASSIGN_OR_RETURN(const LockedContact contact,
                        actions_.Contact(contact_id));
  const int64_t ended = EndedMicros(ask, *contact.work);
  // Also what was said at the instant of an answer is answered.
  int64_t answered = kNever;
  for (const v1::Interaction& interaction : history) {
    if (Answers(ask, interaction)) {
      answered = std::max(answered, SaidMicros(interaction));
    }
  }
  for (v1::Interaction interaction : history) {
    if (!Asks(ask, interaction) || SaidMicros(interaction) <= answered ||
        base::ToMicros(interaction.recorded_time()) <= ended) {
      continue;
    }
    interaction.set_contact_id(contact_id.ToString());
    KITH_RETURN_IF_ERROR(OpenFor(ask, interaction));
  }
  return absl::OkStatus();
}

absl::Status AskedActions::OpenFor(Ask ask,
                                   const v1::Interaction& interaction) {
  const Uuid contact_id = ContactOf(interaction);
  const std::string key = ActionCauseKey::Of(ask);
  const internal::v1::ActionCause cause = CauseOf(interaction);
  KITH_ASSIGN_OR_RETURN(OpenActions* const open, actions_.Open(contact_id));
  StoredAction* stored = FindCause(*open, key);
  if (stored == nullptr) {
    KITH_ASSIGN_OR_RETURN(
        stored, actions_.Add(contact_id, key, KindOf(ask), interaction.topic(),
                             absl::FromUnixMicros(cause.occurred_micros())));
    if (stored == nullptr) return absl::OkStatus();
    SetParameter("topic", interaction.topic(), *stored);
  }
  AddCause(cause, *stored);
  FollowCauses(tenant_, *stored);
  return absl::OkStatus();
}

}  // namespace kith::interactions
