#include "interactions-svc/actions/recorded_actions.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "interactions-svc/actions/action_due.h"
#include "interactions-svc/actions/action_reason.h"
#include "interactions-svc/actions/action_settings.h"
#include "interactions-svc/threads/thread_row.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::ContactWork;
using internal::v1::StoredAction;
using mysql::Tx;

constexpr int kManyProblems = 3;

Uuid ContactOf(const v1::Thread& thread) {
  return Uuid::Parse(thread.contact_id()).value_or(Uuid());
}

absl::Time WaitsSince(const v1::Thread& thread) {
  return base::FromProto(thread.has_first_unanswered_time()
                             ? thread.first_unanswered_time()
                             : thread.opened_time());
}

// Whether the action of a thread is other than before.
bool Moves(const v1::Thread& before, const v1::Thread& after) {
  return before.kind() != after.kind() || before.topic() != after.topic() ||
         before.assignee() != after.assignee() ||
         base::ToMicros(before.due_time()) !=
             base::ToMicros(after.due_time()) ||
         WaitsSince(before) != WaitsSince(after);
}

void Wake(OpenActions& open) {
  for (auto& [cause, stored] : open) {
    if (stored.action().state() == v1::ACTION_STATE_SNOOZED) {
      stored.mutable_action()->set_state(v1::ACTION_STATE_OPEN);
    }
  }
}

}  // namespace

RecordedActions::RecordedActions(const Tx& tx, LockedActions& actions)
    : tx_(tx),
      tenant_(*tx.context.principal->tenant),
      actions_(actions),
      asked_(tx, actions) {}

v1::ActionEnd RecordedActions::EndBy(const v1::Interaction& interaction) const {
  v1::ActionEnd end;
  end.set_by_record(true);
  end.set_agent(interaction.agent().empty() ? agent_ : interaction.agent());
  end.set_interaction_id(interaction.interaction_id());
  return end;
}

v1::ActionEnd RecordedActions::EndOf(const std::string& thread_id) {
  const ThreadWords& words = threads_[thread_id];
  if (words.answer.by_record()) return words.answer;
  if (words.record.by_record()) return words.record;
  v1::ActionEnd end;
  end.set_agent(agent_.empty() ? tx_.context.principal->person : agent_);
  return end;
}

void RecordedActions::NoteWord(const v1::Interaction* old,
                               const v1::Interaction& interaction, Word word) {
  if (old != nullptr && !old->thread_id().empty()) {
    threads_[old->thread_id()].record = EndBy(interaction);
  }
  if (interaction.thread_id().empty()) return;
  ThreadWords& words = threads_[interaction.thread_id()];
  words.record = EndBy(interaction);
  if (word == Word::kOutbound) words.answer = words.record;
  if (word == Word::kInbound && words.question_id.empty()) {
    words.question_id = interaction.interaction_id();
    words.question_kind = interaction.kind();
  }
}

absl::Status RecordedActions::AddInteraction(const v1::Interaction* old,
                                             const v1::Interaction& interaction,
                                             Word word) {
  const Uuid contact_id = ContactOf(interaction);
  KITH_ASSIGN_OR_RETURN(const LockedContact contact,
                        actions_.Contact(contact_id));
  const bool was_word = old != nullptr && WordOf(*old) != Word::kNone;
  // Who has skipped the contact may see it otherwise now.
  if (word != Word::kNone || was_word) contact.work->clear_skips();
  NoteWord(old, interaction, word);
  const bool asks =
      std::any_of(std::begin(kAsks), std::end(kAsks),
                  [&](Ask ask) { return Asks(ask, interaction); });
  const bool comes = old == nullptr && (word == Word::kInbound || asks);
  if (comes && contact.work->action_count() > 0) {
    KITH_ASSIGN_OR_RETURN(OpenActions* const open, actions_.Open(contact_id));
    Wake(*open);
  }
  return asked_.Add(old, interaction, EndBy(interaction));
}

absl::Status RecordedActions::MoveInteraction(
    const v1::Interaction& old, const v1::Interaction& interaction, Word word) {
  KITH_ASSIGN_OR_RETURN(const LockedContact to,
                        actions_.Contact(ContactOf(interaction)));
  to.work->clear_skips();
  NoteWord(&old, interaction, word);
  return asked_.Move(old, interaction, EndBy(interaction));
}

absl::Status RecordedActions::AddThread(const ThreadEffect& effect) {
  const v1::Thread& after = effect.after;
  const v1::Thread before = effect.before.value_or(v1::Thread());
  const bool replied = NeedsReply(before) && !NeedsReply(after);
  const bool reviewed = NeedsReview(before) && !NeedsReview(after);
  const v1::ActionEnd end = EndOf(after.thread_id());
  if (replied) {
    KITH_RETURN_IF_ERROR(actions_.Remove(
        ContactOf(after), ActionCauseKey::OfThread(after.thread_id()),
        v1::ACTION_STATE_DONE, end));
  }
  if (reviewed) {
    KITH_RETURN_IF_ERROR(actions_.Remove(
        ContactOf(after), ActionCauseKey::OfHeldMail(after.thread_id()),
        v1::ACTION_STATE_DONE, end));
  }
  if (NeedsReview(after) && !NeedsReview(before)) {
    KITH_RETURN_IF_ERROR(OpenReview(after));
  }
  if (NeedsReply(after) && (!NeedsReply(before) || Moves(before, after))) {
    return OpenReply(effect);
  }
  return absl::OkStatus();
}

absl::Status RecordedActions::OpenLacking(const Uuid& contact_id) {
  KITH_ASSIGN_OR_RETURN(ContactWork* const work, actions_.Work(contact_id));
  // Adding tells it again if there are too many still.
  work->set_lacks_actions(false);
  KITH_ASSIGN_OR_RETURN(
      const std::vector<ThreadRow> threads,
      ReadThreadsByState(tx_, {{contact_id, v1::THREAD_STATE_OPEN}},
                         ThreadPlace::Newest(), kMaxOpenActions));
  for (const ThreadRow& row : threads) {
    const v1::Thread& thread = row.stored.thread();
    KITH_ASSIGN_OR_RETURN(OpenActions* const open, actions_.Open(contact_id));
    if (!open->contains(ActionCauseKey::OfThread(thread.thread_id()))) {
      KITH_RETURN_IF_ERROR(OpenReply({.after = thread}));
    }
    if (NeedsReview(thread)) KITH_RETURN_IF_ERROR(OpenReview(thread));
  }
  if (work->lacks_actions()) return absl::OkStatus();
  return actions_.Remove(contact_id, ActionCauseKey::OfTooMany(),
                         v1::ACTION_STATE_DONE, {});
}

absl::Status RecordedActions::OpenReview(const v1::Thread& thread) {
  const std::string key = ActionCauseKey::OfHeldMail(thread.thread_id());
  KITH_ASSIGN_OR_RETURN(OpenActions* const open,
                        actions_.Open(ContactOf(thread)));
  if (open->contains(key)) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(
      StoredAction* const stored,
      actions_.Add(ContactOf(thread), key, config::v1::ACTION_KIND_REVIEW,
                   thread.topic(), base::FromProto(thread.held_time())));
  if (stored == nullptr) return absl::OkStatus();
  stored->mutable_action()->set_thread_id(thread.thread_id());
  stored->mutable_action()->mutable_reason()->set_code("MAILS_HELD");
  stored->mutable_action()->set_review_cause(v1::REVIEW_CAUSE_MAILS_HELD);
  return absl::OkStatus();
}

absl::StatusOr<int> RecordedActions::CountProblems(
    const v1::Thread& thread) const {
  if (thread.kind() != v1::THREAD_KIND_PROBLEM || thread.topic().empty()) {
    return 0;
  }
  KITH_ASSIGN_OR_RETURN(const LockedContact contact,
                        actions_.Contact(ContactOf(thread)));
  const auto& last = contact.summary->last_problems();
  const bool is_first = std::none_of(
      last.begin(), last.end(),
      [&](const auto& problem) { return problem.topic() == thread.topic(); });
  if (is_first) return 1;
  KITH_ASSIGN_OR_RETURN(const std::vector<ThreadRow> problems,
                        ReadProblems(tx_, ContactOf(thread)));
  return static_cast<int>(
      std::count_if(problems.begin(), problems.end(), [&](const auto& row) {
        return row.stored.thread().topic() == thread.topic();
      }));
}

absl::Status RecordedActions::OpenReply(const ThreadEffect& effect) {
  const v1::Thread& thread = effect.after;
  const std::string key = ActionCauseKey::OfThread(thread.thread_id());
  KITH_ASSIGN_OR_RETURN(const int problems, CountProblems(thread));
  const config::v1::ActionKind kind = problems >= kManyProblems
                                          ? config::v1::ACTION_KIND_SOLVE
                                          : config::v1::ACTION_KIND_REPLY;
  const absl::Time since = WaitsSince(thread);
  KITH_ASSIGN_OR_RETURN(OpenActions* const open,
                        actions_.Open(ContactOf(thread)));
  StoredAction* stored = FindCause(*open, key);
  const bool is_new = stored == nullptr;
  if (is_new) {
    KITH_ASSIGN_OR_RETURN(stored, actions_.Add(ContactOf(thread), key, kind,
                                               thread.topic(), since));
    if (stored == nullptr) return absl::OkStatus();
  }
  v1::Action& action = *stored->mutable_action();
  const v1::Thread before = effect.before.value_or(v1::Thread());
  const bool is_other =
      is_new || action.kind() != kind || before.topic() != thread.topic();
  if (is_new || before.assignee() != thread.assignee()) {
    action.set_assignee(thread.assignee());
  }
  action.set_kind(kind);
  action.set_thread_id(thread.thread_id());
  *action.mutable_opened_time() = base::ToProto(since);
  const ActionSetting setting = SettingOf(tenant_, kind, thread.topic());
  if (is_other) action.set_queue(setting.queue);
  SetDue(tenant_,
         thread.has_due_time() ? base::FromProto(thread.due_time())
                               : DueTime(tenant_, setting, since),
         setting.head_start, *stored);
  const bool may_be_late =
      thread.kind() == v1::THREAD_KIND_PROBLEM && thread.has_due_time();
  stored->set_solve_micros(may_be_late ? base::ToMicros(thread.due_time()) : 0);
  if (is_other) SetReplyReason(thread, problems, *stored);
  return absl::OkStatus();
}

void RecordedActions::SetReplyReason(const v1::Thread& thread, int problems,
                                     StoredAction& stored) {
  const ThreadWords& words = threads_[thread.thread_id()];
  v1::Action& action = *stored.mutable_action();
  if (action.interaction_id().empty()) {
    action.set_interaction_id(words.question_id);
  }
  v1::ActionReason& reason = *action.mutable_reason();
  if (problems >= kManyProblems) {
    reason.set_code("PROBLEM_AGAIN");
    SetParameter("count", absl::StrCat(problems), stored);
  } else if (thread.reopen_count() > 0) {
    reason.set_code("REOPENED");
    SetParameter("count", absl::StrCat(thread.reopen_count()), stored);
  } else {
    reason.set_code("CUSTOMER_WRITES");
  }
  SetParameter("kind", NameOf(words.question_kind), stored);
  SetParameter("topic", thread.topic(), stored);
}

}  // namespace kith::interactions
