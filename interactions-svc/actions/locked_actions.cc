#include "interactions-svc/actions/locked_actions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "google/protobuf/util/message_differencer.h"
#include "interactions-svc/actions/action_due.h"
#include "interactions-svc/actions/action_reason.h"
#include "interactions-svc/actions/action_settings.h"
#include "interactions-svc/threads/thread_row.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using google::protobuf::util::MessageDifferencer;
using internal::v1::StoredAction;
using mysql::Tx;

// How far before an answer that was none its causes are looked for.
constexpr absl::Duration kLookBack = absl::Hours(24 * 7);

constexpr int kManyProblems = 3;

Uuid ContactOf(const v1::Interaction& interaction) {
  return Uuid::Parse(interaction.contact_id()).value_or(Uuid());
}

int64_t SaidMicros(const v1::Interaction& interaction) {
  return SaidAt(base::ToMicros(interaction.occurred_time()),
                base::ToMicros(interaction.recorded_time()));
}

v1::ActionEnd EndByRecord(const v1::Interaction& interaction) {
  v1::ActionEnd end;
  end.set_by_record(true);
  end.set_agent(interaction.agent());
  end.set_interaction_id(interaction.interaction_id());
  return end;
}

void SetReason(StoredAction& stored, const std::string& code) {
  stored.mutable_action()->mutable_reason()->set_code(code);
}

void SetParameter(StoredAction& stored, const char* name,
                  const std::string& value) {
  if (value.empty()) return;
  (*stored.mutable_action()->mutable_reason()->mutable_parameters())[name] =
      value;
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


}  // namespace

LockedActions::LockedActions(const Tx& tx)
    : tx_(tx), tenant_(*tx.context.principal->tenant) {}

void LockedActions::Begin(const Uuid& contact_id, LockedContact contact) {
  contacts_[contact_id].contact = contact;
}

absl::StatusOr<LockedActions::Loaded*> LockedActions::Load(
    const Uuid& contact_id) {
  const auto it = contacts_.find(contact_id);
  if (it == contacts_.end()) return mysql::LostRaceError();
  Loaded& loaded = it->second;
  if (loaded.is_read) return &loaded;
  loaded.is_read = true;
  const internal::v1::ContactWork& work = *loaded.contact.work;
  if (work.action_count() > 0) {
    KITH_ASSIGN_OR_RETURN(auto read, ReadOpenActions(tx_, {contact_id}));
    loaded.open = std::move(read[contact_id]);
    loaded.stored = loaded.open;
  }
  loaded.places = PlacesOf(loaded.open, work);
  return &loaded;
}

StoredAction& LockedActions::Insert(Loaded& loaded,
                                    const std::string& cause_key,
                                    config::v1::ActionKind kind,
                                    absl::string_view topic, absl::Time cause) {
  StoredAction& stored = loaded.open[cause_key];
  stored.set_cause_key(cause_key);
  v1::Action& action = *stored.mutable_action();
  action.set_action_id(Uuid::Make(tx_.now).ToString());
  action.set_kind(kind);
  action.set_state(v1::ACTION_STATE_OPEN);
  *action.mutable_opened_time() = base::ToProto(cause);
  const ActionSetting setting = SettingOf(tenant_, kind, topic);
  action.set_queue(setting.queue);
  SetDue(tenant_, DueTime(tenant_, setting, cause), setting.head_start, stored);
  internal::v1::ContactWork& work = *loaded.contact.work;
  work.set_action_count(work.action_count() + 1);
  return stored;
}

StoredAction* LockedActions::Add(Loaded& loaded, const std::string& cause_key,
                                 config::v1::ActionKind kind,
                                 absl::string_view topic, absl::Time cause) {
  if (loaded.contact.work->action_count() < kMaxOpenActions) {
    return &Insert(loaded, cause_key, kind, topic, cause);
  }
  const std::string too_many = ActionCauseKey::OfTooMany();
  if (!loaded.open.contains(too_many)) {
    SetReason(Insert(loaded, too_many, config::v1::ACTION_KIND_REVIEW, "",
                     tx_.now),
              "TOO_MANY_THREADS");
  }
  return nullptr;
}

void LockedActions::Remove(Loaded& loaded, const std::string& cause_key,
                           v1::ActionState state, const v1::ActionEnd& end) {
  const auto it = loaded.open.find(cause_key);
  if (it == loaded.open.end()) return;
  StoredAction ended = std::move(it->second);
  loaded.open.erase(it);
  v1::Action& action = *ended.mutable_action();
  action.set_state(state);
  *action.mutable_end() = end;
  *action.mutable_end()->mutable_end_time() = base::ToProto(tx_.now);
  loaded.ended.push_back(std::move(ended));
  internal::v1::ContactWork& work = *loaded.contact.work;
  work.set_action_count(work.action_count() - 1);
}

void LockedActions::Wake(Loaded& loaded) const {
  for (auto& [cause, stored] : loaded.open) {
    if (stored.action().state() == v1::ACTION_STATE_SNOOZED) {
      stored.mutable_action()->set_state(v1::ACTION_STATE_OPEN);
    }
  }
}

absl::Status LockedActions::AddInteraction(const v1::Interaction* old,
                                           const v1::Interaction& interaction,
                                           Word word) {
  const auto it = contacts_.find(ContactOf(interaction));
  if (it == contacts_.end()) return mysql::LostRaceError();
  Loaded& loaded = it->second;
  loaded.contact.work->clear_skips();
  if (!interaction.thread_id().empty()) {
    ThreadWords& words = threads_[interaction.thread_id()];
    if (word == Word::kOutbound) words.answer = EndByRecord(interaction);
    if (word == Word::kInbound && words.question_id.empty()) {
      words.question_id = interaction.interaction_id();
      words.question_kind = interaction.kind();
    }
  }
  const bool is_new_word = old == nullptr && word == Word::kInbound;
  if (is_new_word && loaded.contact.work->action_count() > 0) {
    KITH_RETURN_IF_ERROR(Load(it->first).status());
    Wake(loaded);
  }
  for (const Ask ask : kAsks) {
    KITH_RETURN_IF_ERROR(AddAsk(ask, old, interaction, loaded));
  }
  return absl::OkStatus();
}

absl::Status LockedActions::AddAsk(Ask ask, const v1::Interaction* old,
                                   const v1::Interaction& interaction,
                                   Loaded& loaded) {
  const bool asks = Asks(ask, interaction);
  const bool answers = Answers(ask, interaction);
  const bool asked = old != nullptr && Asks(ask, *old);
  const bool answered = old != nullptr && Answers(ask, *old);
  const bool waits = loaded.contact.work->action_count() > 0;
  if (!asks && !answered && !((asked || answers) && waits)) {
    return absl::OkStatus();
  }
  KITH_RETURN_IF_ERROR(Load(ContactOf(interaction)).status());
  const std::string key = ActionCauseKey::Of(ask);
  if (const auto it = loaded.open.find(key); asked && it != loaded.open.end()) {
    RemoveCause(CauseOf(*old).interaction_id(), it->second);
  }
  if (answered && (!answers || SaidMicros(interaction) < SaidMicros(*old))) {
    KITH_RETURN_IF_ERROR(AskAgain(ask, *old, loaded));
  }
  if (asks) KITH_RETURN_IF_ERROR(AskFor(ask, interaction, loaded));
  const auto it = loaded.open.find(key);
  if (it == loaded.open.end()) return absl::OkStatus();
  StoredAction& stored = it->second;
  if (answers) RemoveCausesUntil(SaidMicros(interaction), stored);
  if (stored.causes().empty()) {
    Remove(loaded, key, v1::ACTION_STATE_DONE, EndByRecord(interaction));
  } else {
    FollowCauses(tenant_, stored);
  }
  return absl::OkStatus();
}

absl::Status LockedActions::AskFor(Ask ask, const v1::Interaction& interaction,
                                   Loaded& loaded) {
  const int64_t micros = SaidMicros(interaction);
  if (MayBeAnswered(ask, micros, *loaded.contact.summary)) {
    KITH_ASSIGN_OR_RETURN(
        const std::vector<v1::Interaction> history,
        ReadHistory(tx_, ContactOf(interaction), micros));
    const bool is_answered = std::any_of(
        history.begin(), history.end(),
        [&](const v1::Interaction& after) { return Answers(ask, after); });
    if (is_answered) return absl::OkStatus();
  }
  OpenFor(ask, interaction, loaded);
  return absl::OkStatus();
}

absl::Status LockedActions::AskAgain(Ask ask, const v1::Interaction& answer,
                                     Loaded& loaded) {
  const int64_t from =
      SaidMicros(answer) - absl::ToInt64Microseconds(kLookBack);
  KITH_ASSIGN_OR_RETURN(
      const std::vector<v1::Interaction> history,
      ReadHistory(tx_, ContactOf(answer), std::max<int64_t>(from, 0)));
  const internal::v1::ContactWork& work = *loaded.contact.work;
  const int64_t ended = ask == Ask::kCallBack
                            ? work.call_back_ended_micros()
                            : work.first_contact_ended_micros();
  std::vector<const v1::Interaction*> open;
  for (const v1::Interaction& interaction : history) {
    if (Answers(ask, interaction)) open.clear();
    if (Asks(ask, interaction) &&
        base::ToMicros(interaction.recorded_time()) > ended) {
      open.push_back(&interaction);
    }
  }
  for (const v1::Interaction* interaction : open) {
    OpenFor(ask, *interaction, loaded);
  }
  return absl::OkStatus();
}

void LockedActions::OpenFor(Ask ask, const v1::Interaction& interaction,
                            Loaded& loaded) {
  const std::string key = ActionCauseKey::Of(ask);
  const internal::v1::ActionCause cause = CauseOf(interaction);
  const auto it = loaded.open.find(key);
  StoredAction* stored = it == loaded.open.end() ? nullptr : &it->second;
  if (stored == nullptr) {
    stored = Add(loaded, key, KindOf(ask), interaction.topic(),
                 absl::FromUnixMicros(cause.occurred_micros()));
    if (stored == nullptr) return;
    SetParameter(*stored, "topic", interaction.topic());
  }
  AddCause(cause, *stored);
  FollowCauses(tenant_, *stored);
}

absl::Status LockedActions::AddThread(const ThreadEffect& effect) {
  const v1::Thread& after = effect.after;
  const v1::Thread before = effect.before.value_or(v1::Thread());
  const bool replied = NeedsReply(before) && !NeedsReply(after);
  const bool reviewed = NeedsReview(before) && !NeedsReview(after);
  const bool asks =
      NeedsReply(after) && (!NeedsReply(before) || Moves(before, after));
  const bool held = NeedsReview(after) && !NeedsReview(before);
  if (!replied && !reviewed && !asks && !held) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(
      Loaded* const loaded,
      Load(Uuid::Parse(after.contact_id()).value_or(Uuid())));
  v1::ActionEnd end = threads_[after.thread_id()].answer;
  if (end.interaction_id().empty()) {
    end.set_agent(tx_.context.principal->person);
  }
  if (replied) {
    Remove(*loaded, ActionCauseKey::OfThread(after.thread_id()),
           v1::ACTION_STATE_DONE, end);
  }
  if (reviewed) {
    Remove(*loaded, ActionCauseKey::OfHeldMail(after.thread_id()),
           v1::ACTION_STATE_DONE, end);
  }
  if (held) OpenReview(after, *loaded);
  return asks ? OpenReply(effect, *loaded) : absl::OkStatus();
}

void LockedActions::OpenReview(const v1::Thread& thread, Loaded& loaded) {
  const std::string key = ActionCauseKey::OfHeldMail(thread.thread_id());
  if (loaded.open.contains(key)) return;
  StoredAction* const stored =
      Add(loaded, key, config::v1::ACTION_KIND_REVIEW, thread.topic(),
          base::FromProto(thread.held_time()));
  if (stored == nullptr) return;
  stored->mutable_action()->set_thread_id(thread.thread_id());
  SetReason(*stored, "MAILS_HELD");
}

absl::StatusOr<int> LockedActions::CountProblems(const v1::Thread& thread,
                                                 const Loaded& loaded) const {
  if (thread.kind() != v1::THREAD_KIND_PROBLEM || thread.topic().empty()) {
    return 0;
  }
  const auto& last = loaded.contact.summary->last_problems();
  const bool is_first =
      std::none_of(last.begin(), last.end(), [&](const auto& problem) {
        return problem.topic() == thread.topic();
      });
  if (is_first) return 1;
  KITH_ASSIGN_OR_RETURN(
      const std::vector<ThreadRow> problems,
      ReadProblems(tx_, Uuid::Parse(thread.contact_id()).value_or(Uuid())));
  return static_cast<int>(
      std::count_if(problems.begin(), problems.end(), [&](const auto& row) {
        return row.stored.thread().topic() == thread.topic();
      }));
}

absl::Status LockedActions::OpenReply(const ThreadEffect& effect,
                                      Loaded& loaded) {
  const v1::Thread& thread = effect.after;
  const std::string key = ActionCauseKey::OfThread(thread.thread_id());
  KITH_ASSIGN_OR_RETURN(const int problems, CountProblems(thread, loaded));
  const config::v1::ActionKind kind = problems >= kManyProblems
                                          ? config::v1::ACTION_KIND_SOLVE
                                          : config::v1::ACTION_KIND_REPLY;
  const absl::Time since = WaitsSince(thread);
  const auto it = loaded.open.find(key);
  StoredAction* stored = it == loaded.open.end() ? nullptr : &it->second;
  const bool is_new = stored == nullptr;
  if (is_new) stored = Add(loaded, key, kind, thread.topic(), since);
  if (stored == nullptr) return absl::OkStatus();
  v1::Action& action = *stored->mutable_action();
  const bool is_other = is_new || action.kind() != kind ||
                        effect.before->topic() != thread.topic();
  if (is_new || effect.before->assignee() != thread.assignee()) {
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
  if (!is_other) return absl::OkStatus();
  const ThreadWords& words = threads_[thread.thread_id()];
  if (is_new) action.set_interaction_id(words.question_id);
  SetReason(*stored, problems >= kManyProblems  ? "PROBLEM_AGAIN"
                     : thread.reopen_count() > 0 ? "REOPENED"
                                                 : "CUSTOMER_WRITES");
  SetParameter(*stored, "count",
               problems >= kManyProblems ? absl::StrCat(problems)
               : thread.reopen_count() > 0
                   ? absl::StrCat(thread.reopen_count())
                   : "");
  SetParameter(*stored, "kind", NameOf(words.question_kind));
  SetParameter(*stored, "topic", thread.topic());
  return absl::OkStatus();
}

absl::StatusOr<StoredAction*> LockedActions::Create(const Uuid& contact_id,
                                                    const Uuid& action_id,
                                                    const v1::Action& action,
                                                    absl::string_view cause) {
  KITH_ASSIGN_OR_RETURN(Loaded* const loaded, Load(contact_id));
  const std::string key =
      cause.empty() ? ActionCauseKey::OfAction(action_id.ToString())
                    : ActionCauseKey::Of(action.kind(), cause);
  if (const auto it = loaded->open.find(key); it != loaded->open.end()) {
    return &it->second;
  }
  if (loaded->contact.work->action_count() >= kMaxOpenActions) {
    return status::WithReason(
        "TOO_MANY_ACTIONS",
        absl::FailedPreconditionError(
            absl::StrCat("action.contact_id: the contact has ",
                         kMaxOpenActions, " open actions; end some first")));
  }
  StoredAction& stored =
      Insert(*loaded, key, action.kind(), "", tx_.now);
  v1::Action& made = *stored.mutable_action();
  made.set_action_id(action_id.ToString());
  made.set_thread_id(action.thread_id());
  made.set_assignee(action.assignee());
  made.mutable_reason()->set_code("SAID");
  made.mutable_reason()->set_text(action.reason().text());
  if (!action.queue().empty()) made.set_queue(action.queue());
  const ActionSetting setting = SettingOf(tenant_, action.kind(), "");
  SetDue(tenant_,
         base::FromProto(action.has_due_time() ? action.due_time()
                                               : made.due_time()),
         setting.head_start, stored);
  return &stored;
}

absl::StatusOr<OpenActions*> LockedActions::Open(const Uuid& contact_id) {
  KITH_ASSIGN_OR_RETURN(Loaded* const loaded, Load(contact_id));
  return &loaded->open;
}

absl::StatusOr<StoredAction*> LockedActions::Find(const Uuid& contact_id,
                                                  const Uuid& action_id) {
  KITH_ASSIGN_OR_RETURN(OpenActions* const open, Open(contact_id));
  const std::string id = action_id.ToString();
  const auto it =
      std::find_if(open->begin(), open->end(), [&](const auto& entry) {
        return entry.second.action().action_id() == id;
      });
  return it == open->end() ? nullptr : &it->second;
}

absl::Status LockedActions::End(const Uuid& contact_id,
                                const StoredAction& stored,
                                v1::ActionState state, v1::ActionEnd end) {
  KITH_ASSIGN_OR_RETURN(Loaded* const loaded, Load(contact_id));
  internal::v1::ContactWork& work = *loaded->contact.work;
  const std::string key = stored.cause_key();
  const int64_t now = absl::ToUnixMicros(tx_.now);
  if (key == ActionCauseKey::Of(Ask::kCallBack)) {
    work.set_call_back_ended_micros(now);
  }
  if (key == ActionCauseKey::Of(Ask::kFirstContact)) {
    work.set_first_contact_ended_micros(now);
  }
  Remove(*loaded, key, state, end);
  return absl::OkStatus();
}

absl::StatusOr<internal::v1::ContactWork*> LockedActions::Work(
    const Uuid& contact_id) {
  KITH_ASSIGN_OR_RETURN(Loaded* const loaded, Load(contact_id));
  return loaded->contact.work;
}

absl::StatusOr<std::vector<ActionEffect>> LockedActions::Write() {
  std::vector<ActionEffect> effects;
  for (auto& [contact_id, loaded] : contacts_) {
    if (!loaded.is_read) continue;
    KITH_RETURN_IF_ERROR(WriteContact(contact_id, loaded, effects));
  }
  return effects;
}

absl::Status LockedActions::WriteContact(
    const Uuid& contact_id, Loaded& loaded,
    std::vector<ActionEffect>& effects) const {
  const auto find_stored = [&](const StoredAction& stored) -> StoredAction* {
    const auto it = loaded.stored.find(stored.cause_key());
    return it == loaded.stored.end() ? nullptr : &it->second;
  };
  for (const StoredAction& ended : loaded.ended) {
    const StoredAction* const before = find_stored(ended);
    ActionEffect effect{.contact_id = contact_id, .after = ended.action()};
    if (before != nullptr) effect.before = before->action();
    KITH_RETURN_IF_ERROR(
        EndAction(tx_, contact_id, before != nullptr, ended));
    loaded.stored.erase(ended.cause_key());
    effects.push_back(std::move(effect));
  }
  for (const auto& [cause, open] : loaded.open) {
    const StoredAction* const before = find_stored(open);
    ActionEffect effect{.contact_id = contact_id, .after = open.action()};
    if (before == nullptr) {
      KITH_RETURN_IF_ERROR(InsertAction(tx_, contact_id, open));
    } else {
      if (MessageDifferencer::Equals(*before, open)) continue;
      effect.before = before->action();
      KITH_RETURN_IF_ERROR(UpdateAction(tx_, contact_id, open));
    }
    effects.push_back(std::move(effect));
  }
  return MovePlaces(tx_, contact_id, loaded.places,
                    PlacesOf(loaded.open, *loaded.contact.work));
}

}  // namespace kith::interactions
