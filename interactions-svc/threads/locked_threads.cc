#include "interactions-svc/threads/locked_threads.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "interactions-svc/threads/thread_fold.h"
#include "interactions-svc/threads/thread_news.h"
#include "interactions-svc/threads/thread_opener.h"
#include "interactions-svc/threads/thread_settings.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::StoredThread;
using mysql::Tx;

// A chain of threads of one contact that continue each other is followed so
// far.
constexpr int kMostLinks = 100;

ThreadEntry EntryOf(const v1::Interaction& interaction) {
  return {
      .occurred_micros = SaidAt(base::ToMicros(interaction.occurred_time()),
                                base::ToMicros(interaction.recorded_time())),
      .interaction_id =
          Uuid::Parse(interaction.interaction_id()).value_or(Uuid()),
      .word = WordOf(interaction),
      .identity_key = absl::HexStringToBytes(interaction.identity_key())};
}

bool RefersToThreads(const v1::Interaction& interaction) {
  return !interaction.thread_id().empty() ||
         !interaction.message_id().empty() ||
         !interaction.in_reply_to().empty() ||
         !interaction.conversation_id().empty();
}

void FoldEntries(std::vector<ThreadEntry> entries, StoredThread& stored) {
  SortEntries(entries);
  *stored.mutable_fold() = Fold(stored.mark(), entries);
  stored.clear_identity_keys();
  for (const ThreadEntry& entry : entries) {
    if (entry.word != Word::kNone) AddIdentity(entry.identity_key, stored);
  }
  ShowFold(stored);
}

// Puts the entry in the place of the stored one of its interaction, if there is
// one, whose marks it gets. A word that was held stays held.
void ReplaceEntry(ThreadEntry& entry, std::vector<ThreadEntry>& entries) {
  const auto it = absl::c_find_if(entries, [&](const ThreadEntry& known) {
    return known.interaction_id == entry.interaction_id;
  });
  if (it != entries.end()) {
    entry.marks = it->marks;
    if (it->word == Word::kHeld && entry.word == Word::kInbound) {
      entry.word = Word::kHeld;
    }
    entries.erase(it);
  }
  entries.push_back(entry);
}

}  // namespace

LockedThreads::Loaded& LockedThreads::Keep(ThreadRow row) {
  const auto [it, added] = threads_.try_emplace(row.thread_id);
  if (added) {
    it->second.stored = row.stored.SerializeAsString();
    it->second.before = ShowThread(row);
    it->second.row = std::move(row);
  }
  return it->second;
}

absl::StatusOr<ThreadRow*> LockedThreads::Find(const Uuid& contact_id,
                                               const Uuid& thread_id) {
  if (const auto it = threads_.find(thread_id); it != threads_.end()) {
    ThreadRow& row = it->second.row;
    return row.contact_id == contact_id ? &row : nullptr;
  }
  KITH_ASSIGN_OR_RETURN(std::optional<ThreadRow> row,
                        ReadThread(tx_, contact_id, thread_id));
  return row.has_value() ? &Keep(*std::move(row)).row : nullptr;
}

ThreadRow& LockedThreads::Open(const Uuid& contact_id, const Uuid& thread_id) {
  ThreadRow& row = threads_[thread_id].row;
  row.contact_id = contact_id;
  row.thread_id = thread_id;
  row.stored.set_create_micros(absl::ToUnixMicros(tx_.now));
  row.stored.mutable_thread()->set_thread_id(thread_id.ToString());
  row.stored.mutable_thread()->set_contact_id(contact_id.ToString());
  return row;
}

absl::Status LockedThreads::LoadLive(const Uuid& contact_id, int64_t live) {
  if (live == 0 || !live_loaded_.insert(contact_id).second) {
    return absl::OkStatus();
  }
  KITH_ASSIGN_OR_RETURN(std::vector<ThreadRow> rows,
                        ReadLiveThreads(tx_, contact_id));
  for (ThreadRow& row : rows) Keep(std::move(row));
  return absl::OkStatus();
}

std::vector<const StoredThread*> LockedThreads::Live(
    const Uuid& contact_id) const {
  std::vector<const StoredThread*> live;
  for (const auto& [id, loaded] : threads_) {
    const StoredThread& stored = loaded.row.stored;
    if (loaded.row.contact_id == contact_id &&
        stored.thread().state() != v1::THREAD_STATE_RESOLVED) {
      live.push_back(&stored);
    }
  }
  return live;
}

absl::StatusOr<ThreadReference> LockedThreads::ReferenceTo(
    const Uuid& contact_id, const RefTarget& target) {
  Uuid id = target.thread_id;
  if (target.contact_id != contact_id) {
    // Its interactions may have come to this contact.
    KITH_ASSIGN_OR_RETURN(id, OthersThread(target));
  }
  ThreadReference reference{.thread_id = id.ToString()};
  KITH_ASSIGN_OR_RETURN(const ThreadRow* row, Find(contact_id, id));
  // Of threads of which one continued the other before they were joined, each
  // leads to the other.
  std::set<Uuid> seen;
  for (int i = 0; i < kMostLinks && row != nullptr; ++i) {
    const v1::Thread& thread = row->stored.thread();
    const bool joined = !thread.joined_into_thread_id().empty();
    if (!joined) reference.thread = &row->stored;
    seen.insert(row->thread_id);
    const auto next = Uuid::Parse(joined ? thread.joined_into_thread_id()
                                         : thread.continued_by_thread_id());
    if (!next.has_value() || (!joined && seen.contains(*next))) break;
    KITH_ASSIGN_OR_RETURN(row, Find(contact_id, *next));
    // Its interactions have gone to another contact.
    if (joined && row == nullptr) reference.thread_id = next->ToString();
  }
  return reference;
}

absl::StatusOr<Uuid> LockedThreads::OthersThread(const RefTarget& target) {
  Uuid id = target.thread_id;
  for (int i = 0; i < kMostLinks; ++i) {
    KITH_ASSIGN_OR_RETURN(const std::optional<ThreadRow> row,
                          ReadThread(tx_, target.contact_id, id));
    if (!row.has_value()) break;
    const auto into = Uuid::Parse(row->stored.thread().joined_into_thread_id());
    if (!into.has_value()) break;
    id = *into;
  }
  return id;
}

absl::StatusOr<std::vector<ThreadReference>> LockedThreads::References(
    const Uuid& contact_id, const v1::Interaction& interaction,
    const RefTargets& targets) {
  std::vector<ThreadReference> references;
  const auto add = [&](const RefTarget& target,
                       bool needs_subject) -> absl::Status {
    KITH_ASSIGN_OR_RETURN(ThreadReference reference,
                          ReferenceTo(contact_id, target));
    reference.needs_subject = needs_subject;
    references.push_back(reference);
    return absl::OkStatus();
  };
  if (const auto named = Uuid::Parse(interaction.thread_id())) {
    KITH_ASSIGN_OR_RETURN(const std::optional<Uuid> contact,
                          ReadThreadContact(tx_, *named));
    if (contact.has_value()) {
      KITH_RETURN_IF_ERROR(add({*contact, *named}, false));
    }
  }
  for (int i = 0; i < interaction.in_reply_to_size(); ++i) {
    const auto it =
        targets.find(MessageRef(interaction, interaction.in_reply_to(i)));
    if (it == targets.end()) continue;
    KITH_RETURN_IF_ERROR(add(it->second, i > 0));
  }
  if (!interaction.conversation_id().empty()) {
    const auto it = targets.find(ConversationRef(interaction));
    if (it != targets.end()) KITH_RETURN_IF_ERROR(add(it->second, false));
  }
  return references;
}

absl::StatusOr<ThreadRow*> LockedThreads::OpenFor(
    const v1::Interaction& interaction, const std::string& continues) {
  const Uuid contact_id = *Uuid::Parse(interaction.contact_id());
  // The same if the transaction runs again.
  const Uuid id = Uuid::MakeFrom(
      tx_.now, absl::StrCat("thread/", interaction.interaction_id()));
  if (const auto before = Uuid::Parse(continues)) {
    KITH_ASSIGN_OR_RETURN(ThreadRow* const row, Find(contact_id, *before));
    // At the end of a chain that is too long to follow one thread has two.
    if (row != nullptr &&
        row->stored.thread().continued_by_thread_id().empty()) {
      row->stored.mutable_thread()->set_continued_by_thread_id(id.ToString());
    }
  }
  ThreadRow& row = Open(contact_id, id);
  SetOpener(interaction, row.stored);
  row.stored.mutable_thread()->set_continues_thread_id(continues);
  *row.stored.mutable_fold() = EmptyFold(row.stored.mark());
  return &row;
}

absl::Status LockedThreads::Move(const v1::Interaction& interaction,
                                 Arrival arrival, ThreadRow& row,
                                 ThreadEntry& entry) {
  StoredThread& stored = row.stored;
  if (entry.word != Word::kNone) {
    AddNews(row.version + 1, entry.interaction_id, stored);
  }
  entry.marks = stored.mark().number();
  if (arrival == Arrival::kReassigned && entry.marks > 0 &&
      base::ToMicros(interaction.recorded_time()) < stored.mark().micros()) {
    --entry.marks;
  }
  auto& entries = threads_[row.thread_id].entries;
  if (entry.word == Word::kNone) {
    if (entries.has_value()) entries->push_back(entry);
    return absl::OkStatus();
  }
  const bool by_mail = interaction.kind() == v1::KIND_EMAIL;
  const bool resolved = stored.fold().state() == v1::THREAD_STATE_RESOLVED &&
                        stored.mark().number() > 0;
  if (entry.word == Word::kInbound && by_mail && resolved &&
      IsHeld(stored, tx_.now)) {
    entry.word = Word::kHeld;
  }
  const bool is_last = stored.fold().words() == 0 ||
                       entry.occurred_micros > stored.fold().last_micros();
  if (is_last) {
    AddWord(stored.mark(), entry, *stored.mutable_fold());
    AddIdentity(entry.identity_key, stored);
    ShowFold(stored);
    if (entries.has_value()) entries->push_back(entry);
  } else {
    KITH_RETURN_IF_ERROR(Entries(row).status());
    entries->push_back(entry);
    FoldEntries(*entries, stored);
  }
  if (by_mail && resolved && stored.fold().reopened()) {
    AddMailReopen(tx_.now, stored);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ThreadEntry>*> LockedThreads::Entries(
    const ThreadRow& row) {
  auto& entries = threads_[row.thread_id].entries;
  if (!entries.has_value()) {
    KITH_ASSIGN_OR_RETURN(entries,
                          ReadEntries(tx_, row.contact_id, row.thread_id));
  }
  return &*entries;
}

absl::Status LockedThreads::FoldMoved(ThreadRow& row) {
  KITH_ASSIGN_OR_RETURN(const std::vector<ThreadEntry>* const entries,
                        Entries(row));
  FoldEntries(*entries, row.stored);
  KeepNewsOf(*entries, row.stored);
  threads_[row.thread_id].has_moved = true;
  return absl::OkStatus();
}

absl::StatusOr<ThreadRow*> LockedThreads::Choose(
    const v1::Interaction& interaction, Word word, bool may_find,
    const RefTargets& targets) {
  const Uuid contact_id = *Uuid::Parse(interaction.contact_id());
  KITH_ASSIGN_OR_RETURN(const std::vector<ThreadReference> references,
                        References(contact_id, interaction, targets));
  const ThreadChoice choice = ChooseThread(
      interaction, may_find ? word : Word::kNone, references, Live(contact_id),
      ReopenWindow(*tx_.context.principal->tenant));
  switch (choice.kind) {
    case ThreadChoice::Kind::kNone:
      break;
    case ThreadChoice::Kind::kJoin:
      return Find(contact_id, *Uuid::Parse(choice.thread_id));
    case ThreadChoice::Kind::kOpen:
      return OpenFor(interaction, choice.thread_id);
  }
  return nullptr;
}

absl::StatusOr<ThreadEntry> LockedThreads::Enter(int64_t live, Arrival arrival,
                                                 v1::Interaction& interaction) {
  const bool may_find = arrival != Arrival::kCorrected;
  ThreadEntry entry = EntryOf(interaction);
  if (entry.word == Word::kNone && !RefersToThreads(interaction)) return entry;
  if (entry.word != Word::kNone && may_find) {
    KITH_RETURN_IF_ERROR(
        LoadLive(*Uuid::Parse(interaction.contact_id()), live));
  }
  KITH_ASSIGN_OR_RETURN(const RefTargets targets, ReadRefs(tx_, interaction));
  KITH_ASSIGN_OR_RETURN(ThreadRow* const row,
                        Choose(interaction, entry.word, may_find, targets));
  interaction.clear_thread_id();
  if (row == nullptr) return entry;
  interaction.set_thread_id(row->thread_id.ToString());
  KITH_RETURN_IF_ERROR(Move(interaction, arrival, *row, entry));
  KITH_RETURN_IF_ERROR(
      WriteRefs(tx_, interaction, targets,
                {.contact_id = row->contact_id, .thread_id = row->thread_id}));
  return entry;
}

absl::StatusOr<ThreadEntry> LockedThreads::Add(int64_t live,
                                               v1::Interaction& interaction) {
  return Enter(live, Arrival::kRecorded, interaction);
}

absl::StatusOr<ThreadEntry> LockedThreads::Receive(
    int64_t live, v1::Interaction& interaction) {
  return Enter(live, Arrival::kReassigned, interaction);
}

absl::StatusOr<ThreadRow*> LockedThreads::FindReferred(
    const v1::Interaction& interaction) {
  KITH_ASSIGN_OR_RETURN(const RefTargets targets, ReadRefs(tx_, interaction));
  return Choose(interaction, Word::kNone, /*may_find=*/false, targets);
}

absl::StatusOr<ThreadEntry> LockedThreads::Exchange(
    const v1::Interaction& old, int64_t live, v1::Interaction& interaction) {
  const auto thread_id = Uuid::Parse(old.thread_id());
  if (!thread_id.has_value()) {
    return Enter(
        live,
        WordOf(old) == Word::kNone ? Arrival::kRecorded : Arrival::kCorrected,
        interaction);
  }
  interaction.set_thread_id(old.thread_id());
  ThreadEntry entry = EntryOf(interaction);
  const Uuid contact_id = *Uuid::Parse(interaction.contact_id());
  KITH_ASSIGN_OR_RETURN(ThreadRow* const row, Find(contact_id, *thread_id));
  if (row == nullptr) return entry;
  const std::string before = row->stored.SerializeAsString();
  KITH_ASSIGN_OR_RETURN(std::vector<ThreadEntry>* const entries, Entries(*row));
  ReplaceEntry(entry, *entries);
  FollowOpener(old, interaction, row->stored);
  FoldEntries(*entries, row->stored);
  if (row->stored.SerializeAsString() != before) {
    AddNews(row->version + 1, entry.interaction_id, row->stored);
  }
  // A mail may be recorded before it is sent and has its id.
  if (interaction.message_id() != old.message_id() ||
      interaction.conversation_id() != old.conversation_id()) {
    KITH_ASSIGN_OR_RETURN(const RefTargets targets, ReadRefs(tx_, interaction));
    KITH_RETURN_IF_ERROR(WriteRefs(
        tx_, interaction, targets,
        {.contact_id = row->contact_id, .thread_id = row->thread_id}));
  }
  return entry;
}

absl::StatusOr<std::vector<ThreadEffect>> LockedThreads::Write() {
  std::vector<ThreadEffect> effects;
  for (auto& [id, loaded] : threads_) {
    if (loaded.row.stored.SerializeAsString() == loaded.stored &&
        !loaded.has_moved) {
      continue;
    }
    KITH_RETURN_IF_ERROR(WriteThread(tx_, loaded.row));
    effects.push_back({.before = loaded.before,
                       .after = ShowThread(loaded.row),
                       .has_moved = loaded.has_moved});
    loaded.stored = loaded.row.stored.SerializeAsString();
    loaded.before = effects.back().after;
    loaded.has_moved = false;
  }
  return effects;
}

}  // namespace kith::interactions
