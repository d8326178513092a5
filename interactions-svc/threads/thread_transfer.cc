#include "interactions-svc/threads/thread_transfer.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/time/time.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/status/status_macros.h"
#include "interactions-svc/threads/thread_fold.h"
#include "interactions-svc/threads/thread_moves.h"
#include "interactions-svc/threads/thread_refs.h"
#include "kith/interactions/v1/thread.pb.h"
#include "kith/internal/v1/threads.pb.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::StoredThread;
using mysql::Tx;

// So many joins, one after the other, are followed.
constexpr int kMostJoins = 100;

Uuid IdOf(const v1::Interaction& interaction) {
  return Uuid::Parse(interaction.interaction_id()).value_or(Uuid());
}

// Returns the thread, or the one that it was joined into; null if there is
// none.
absl::StatusOr<ThreadRow*> FollowJoins(const Uuid& contact_id, Uuid id,
                                       LockedThreads& threads) {
  for (int i = 0; i < kMostJoins; ++i) {
    KITH_ASSIGN_OR_RETURN(ThreadRow* const row, threads.Find(contact_id, id));
    if (row == nullptr) return nullptr;
    const auto into = Uuid::Parse(row->stored.thread().joined_into_thread_id());
    if (!into.has_value()) return row;
    id = *into;
  }
  return nullptr;
}

// Returns the thread of the other contact that the interactions belong to; null
// if that is a new one.
absl::StatusOr<ThreadRow*> FindHome(const ThreadRow& from,
                                    const std::vector<v1::Interaction>& leaving,
                                    const Uuid& to_contact_id,
                                    LockedThreads& threads) {
  const internal::v1::ReassignedThread& before = from.stored.reassigned_to();
  if (before.contact_id() == to_contact_id.bytes()) {
    KITH_ASSIGN_OR_RETURN(
        ThreadRow* const row,
        FollowJoins(to_contact_id, Uuid::FromBytes(before.thread_id()),
                    threads));
    if (row != nullptr) return row;
  }
  for (v1::Interaction interaction : leaving) {
    interaction.set_contact_id(to_contact_id.ToString());
    interaction.clear_thread_id();
    KITH_ASSIGN_OR_RETURN(ThreadRow* const row,
                          threads.FindReferred(interaction));
    if (row != nullptr) return row;
  }
  return nullptr;
}

// Takes the entries of these interactions out of a thread.
absl::StatusOr<std::vector<ThreadEntry>> TakeEntries(
    const ThreadRow& from, const std::vector<v1::Interaction>& leaving,
    LockedThreads& threads) {
  KITH_ASSIGN_OR_RETURN(std::vector<ThreadEntry>* const all,
                        threads.Entries(from));
  std::vector<ThreadEntry> taken;
  for (const v1::Interaction& interaction : leaving) {
    const auto it = absl::c_find_if(*all, [&](const ThreadEntry& entry) {
      return entry.interaction_id == IdOf(interaction);
    });
    if (it == all->end()) return mysql::LostRaceError();
    taken.push_back(*it);
    all->erase(it);
  }
  SortEntries(taken);
  return taken;
}

// Opens the thread that the entries, which `from` had, go to.
ThreadRow& OpenHome(const Tx& tx, const ThreadRow& from, bool has_all,
                    const std::vector<v1::Interaction>& leaving,
                    const Uuid& to_contact_id, LockedThreads& threads,
                    std::vector<ThreadEntry>& entries) {
  ThreadRow& made = threads.Open(to_contact_id, Uuid::Make(tx.now));
  if (has_all) {
    CopyThread(from, made);
    return made;
  }
  *made.stored.mutable_mark() = MarkOfSplit(from.stored.mark(), entries);
  v1::SplitThreadRequest split;
  split.set_thread_id(from.thread_id.ToString());
  SetSplitFields(split, entries, leaving, made.stored);
  made.stored.mutable_thread()->clear_split_from_thread_id();
  if (made.stored.mark().number() == 0) {
    for (ThreadEntry& entry : entries) entry.marks = 0;
  }
  return made;
}

// Sets what the entries have seen of the marks of a thread that was there
// before.
void SetMarksSeen(const ThreadRow& from,
                  const std::vector<v1::Interaction>& leaving,
                  const ThreadRow& to, std::vector<ThreadEntry>& entries) {
  std::map<Uuid, int64_t> recorded;
  for (const v1::Interaction& interaction : leaving) {
    recorded[IdOf(interaction)] = base::ToMicros(interaction.recorded_time());
  }
  for (ThreadEntry& entry : entries) {
    entry.marks = MarksOfJoined(to.stored.mark(), from.stored.mark(), entry,
                                recorded[entry.interaction_id]);
  }
}

absl::Status MoveKeys(const Tx& tx, const std::vector<v1::Interaction>& leaving,
                      bool has_all, const ThreadRow& from,
                      const ThreadRow& to) {
  std::vector<RefKey> going;
  std::vector<RefKey> staying;
  for (const v1::Interaction& interaction : leaving) {
    if (!interaction.message_id().empty()) {
      going.push_back(MessageRef(interaction, interaction.message_id()));
    }
    if (!interaction.conversation_id().empty()) {
      (has_all ? going : staying).push_back(ConversationRef(interaction));
    }
  }
  return ReassignRefs(
      tx, going, staying,
      {.contact_id = from.contact_id, .thread_id = from.thread_id},
      {.contact_id = to.contact_id, .thread_id = to.thread_id});
}

// Takes a thread out of the chain of those of its contact that continue each
// other.
absl::Status Unchain(ThreadRow& row, LockedThreads& threads) {
  v1::Thread& thread = *row.stored.mutable_thread();
  if (const auto id = Uuid::Parse(thread.continues_thread_id())) {
    KITH_ASSIGN_OR_RETURN(ThreadRow* const before,
                          threads.Find(row.contact_id, *id));
    if (before != nullptr && before->stored.thread().continued_by_thread_id() ==
                                 thread.thread_id()) {
      before->stored.mutable_thread()->set_continued_by_thread_id(
          thread.continued_by_thread_id());
    }
  }
  if (const auto id = Uuid::Parse(thread.continued_by_thread_id())) {
    KITH_ASSIGN_OR_RETURN(ThreadRow* const after,
                          threads.Find(row.contact_id, *id));
    if (after != nullptr &&
        after->stored.thread().continues_thread_id() == thread.thread_id()) {
      after->stored.mutable_thread()->set_continues_thread_id(
          thread.continues_thread_id());
    }
  }
  thread.clear_continues_thread_id();
  thread.clear_continued_by_thread_id();
  return absl::OkStatus();
}

// Notes where the interactions are, and hides a thread that has none left.
absl::Status Leave(const Tx& tx, bool has_all, const ThreadRow& to,
                   ThreadRow& from, LockedThreads& threads) {
  internal::v1::ReassignedThread& place = *from.stored.mutable_reassigned_to();
  place.set_contact_id(std::string(to.contact_id.bytes()));
  place.set_thread_id(std::string(to.thread_id.bytes()));
  if (has_all) {
    KITH_RETURN_IF_ERROR(Unchain(from, threads));
    from.stored.mutable_thread()->set_joined_into_thread_id(
        to.thread_id.ToString());
    from.stored.set_joined_micros(absl::ToUnixMicros(tx.now));
  }
  return threads.FoldMoved(from);
}

}  // namespace

void CopyThread(const ThreadRow& from, ThreadRow& made) {
  StoredThread& stored = made.stored;
  stored = from.stored;
  stored.clear_split();
  stored.clear_join();
  stored.clear_joined_micros();
  stored.clear_reassigned_to();
  v1::Thread& thread = *stored.mutable_thread();
  thread.set_thread_id(made.thread_id.ToString());
  thread.set_contact_id(made.contact_id.ToString());
  thread.clear_continued_by_thread_id();
  thread.clear_joined_into_thread_id();
  thread.clear_split_from_thread_id();
}

absl::StatusOr<Transfer> TransferInteractions(
    const Tx& tx, const std::vector<v1::Interaction>& leaving,
    const Uuid& to_contact_id, LockedThreads& threads) {
  const v1::Interaction& first = leaving.front();
  KITH_ASSIGN_OR_RETURN(
      ThreadRow* const from,
      threads.Find(Uuid::Parse(first.contact_id()).value_or(Uuid()),
                   Uuid::Parse(first.thread_id()).value_or(Uuid())));
  if (from == nullptr) return mysql::LostRaceError();
  KITH_ASSIGN_OR_RETURN(std::vector<ThreadEntry> entries,
                        TakeEntries(*from, leaving, threads));
  KITH_ASSIGN_OR_RETURN(const std::vector<ThreadEntry>* const left,
                        threads.Entries(*from));
  const bool has_all = left->empty();
  KITH_ASSIGN_OR_RETURN(ThreadRow * to,
                        FindHome(*from, leaving, to_contact_id, threads));
  if (to == nullptr) {
    to =
        &OpenHome(tx, *from, has_all, leaving, to_contact_id, threads, entries);
  } else {
    SetMarksSeen(*from, leaving, *to, entries);
  }
  KITH_ASSIGN_OR_RETURN(std::vector<ThreadEntry>* const entered,
                        threads.Entries(*to));
  Transfer transfer{.thread_id = to->thread_id};
  for (const ThreadEntry& entry : entries) {
    entered->push_back(entry);
    transfer.entries[entry.interaction_id] = entry;
  }
  KITH_RETURN_IF_ERROR(MoveKeys(tx, leaving, has_all, *from, *to));
  KITH_RETURN_IF_ERROR(Leave(tx, has_all, *to, *from, threads));
  KITH_RETURN_IF_ERROR(threads.FoldMoved(*to));
  return transfer;
}

}  // namespace kith::interactions
