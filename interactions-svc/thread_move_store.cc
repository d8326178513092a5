#include "interactions-svc/thread_move_store.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/activity/location.h"
#include "interactions-svc/activity/locked_contacts.h"
#include "interactions-svc/threads/thread_errors.h"
#include "interactions-svc/threads/thread_fold.h"
#include "interactions-svc/threads/thread_moves.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::StoredThread;
using internal::v1::ThreadMove;
using mysql::Tx;

constexpr int32_t kInteractionsRead = 100;

// The threads of a change: the one that is split or that stays, and the one
// that is made or joined.
struct ThreadPair {
  Uuid thread;
  Uuid changed;
};

using Change =
    absl::FunctionRef<absl::StatusOr<ThreadPair>(LockedThreads& threads)>;

// What moves, and which conversations do not, as a newer interaction stays.
struct Moving {
  std::vector<v1::Interaction> interactions;
  std::set<RefKey> staying;
};

v1::Interaction WithoutContent(v1::Interaction interaction) {
  interaction.clear_body();
  interaction.clear_items();
  interaction.clear_attributes();
  return interaction;
}

// Reads a thread from its newest interaction to the oldest of `ids`.
absl::StatusOr<Moving> ReadMoving(const Tx& tx, const ThreadRow& thread,
                                  const std::set<Uuid>& ids) {
  Moving moving;
  std::set<RefKey> seen;
  const auto add = [&](const v1::Interaction& one, const Uuid& id) {
    const bool moves = ids.contains(id);
    if (moves) moving.interactions.push_back(WithoutContent(one));
    if (one.conversation_id().empty()) return;
    const RefKey key = ConversationRef(one);
    if (seen.insert(key).second && !moves) moving.staying.insert(key);
  };
  Location last = Location::Newest();
  int32_t read = kInteractionsRead;
  while (read == kInteractionsRead && moving.interactions.size() < ids.size()) {
    read = 0;
    const Location after = last;
    KITH_RETURN_IF_ERROR(tx.session.Query(
        kListByThread,
        {tx.tenant_id(), thread.contact_id.bytes(), thread.thread_id.bytes(),
         after.occurred_micros, after.occurred_micros,
         after.interaction_id.bytes(), kInteractionsRead},
        [&](const mysql::Row& row) {
          const v1::Interaction one = FromRow(row);
          last = Location::Of(one);
          add(one, last.interaction_id);
          ++read;
        }));
  }
  if (moving.interactions.size() < ids.size()) return mysql::LostRaceError();
  return moving;
}

absl::StatusOr<ThreadRow*> FindThread(LockedThreads& threads,
                                      absl::string_view field,
                                      const Uuid& contact_id, const Uuid& id) {
  KITH_ASSIGN_OR_RETURN(ThreadRow* const row, threads.Find(contact_id, id));
  if (row == nullptr) return NoThreadError(field, id);
  return row;
}

absl::StatusOr<Uuid> FindContact(const Tx& tx, absl::string_view field,
                                 const Uuid& thread_id) {
  KITH_ASSIGN_OR_RETURN(const std::optional<Uuid> contact_id,
                        ReadThreadContact(tx, thread_id));
  if (!contact_id.has_value()) return NoThreadError(field, thread_id);
  return *contact_id;
}

// Hides a thread behind the one that has its interactions.
void JoinInto(const Tx& tx, const ThreadRow& into, StoredThread& stored) {
  stored.mutable_thread()->set_joined_into_thread_id(into.thread_id.ToString());
  stored.set_joined_micros(absl::ToUnixMicros(tx.now));
}

// Shows a thread again, as something comes back to it, that was hidden because
// its split was taken back and nothing stayed in it.
void ShowIfEmptied(StoredThread& stored) {
  const bool is_joined = stored.has_join() && !stored.join().undone();
  if (is_joined || !stored.split().undone()) return;
  stored.mutable_thread()->clear_joined_into_thread_id();
  stored.clear_joined_micros();
}

// One run of the transaction of a change.
absl::StatusOr<ThreadPair> ChangeOnce(const Tx& tx, const Uuid& contact_id,
                                      const mysql::IdempotencyKey& key,
                                      Change change) {
  LockedContacts contacts(tx);
  KITH_RETURN_IF_ERROR(contacts.Lock({contact_id}));
  // Looked for under the lock: of two copies the second finds the first.
  KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                        mysql::FindRequest(tx, key));
  if (known.has_value()) {
    const size_t middle = known->size() / 2;
    return ThreadPair{.thread = Uuid::FromBytes(known->substr(0, middle)),
                      .changed = Uuid::FromBytes(known->substr(middle))};
  }
  KITH_ASSIGN_OR_RETURN(const ThreadPair pair, change(contacts.threads()));
  KITH_RETURN_IF_ERROR(contacts.Write());
  KITH_RETURN_IF_ERROR(mysql::AddRequest(
      tx, key, absl::StrCat(pair.thread.bytes(), pair.changed.bytes())));
  return pair;
}

// Carries a change out, and shows its threads in `thread` and `changed`.
absl::Status MakeChange(const Tx& tx, const Uuid& contact_id,
                        const mysql::IdempotencyKey& key, Change change,
                        v1::Thread& thread, v1::Thread& changed) {
  ThreadPair pair;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(pair, ChangeOnce(tx, contact_id, key, change));
    return absl::OkStatus();
  }));
  for (const auto& [id, shown] :
       {std::pair(pair.thread, &thread), std::pair(pair.changed, &changed)}) {
    KITH_ASSIGN_OR_RETURN(const std::optional<ThreadRow> row,
                          ReadThread(tx, contact_id, id));
    if (row.has_value()) *shown = ShowThread(*row);
  }
  return absl::OkStatus();
}

absl::StatusOr<ThreadPair> SplitOnce(const Tx& tx,
                                     const v1::SplitThreadRequest& request,
                                     const Uuid& contact_id, const Uuid& new_id,
                                     LockedThreads& threads) {
  KITH_ASSIGN_OR_RETURN(ThreadRow* const thread,
                        FindThread(threads, "thread_id", contact_id,
                                   *Uuid::Parse(request.thread_id())));
  KITH_RETURN_IF_ERROR(CheckNotJoined("thread_id", *thread));
  KITH_ASSIGN_OR_RETURN(std::vector<ThreadEntry>* const all,
                        threads.Entries(*thread));
  KITH_ASSIGN_OR_RETURN(const std::set<Uuid> ids, SplitOff(request, *all));
  std::vector<ThreadEntry> entries;
  for (const ThreadEntry& entry : *all) {
    if (ids.contains(entry.interaction_id)) entries.push_back(entry);
  }
  SortEntries(entries);
  KITH_ASSIGN_OR_RETURN(const Moving read, ReadMoving(tx, *thread, ids));

  ThreadRow& made = threads.Open(contact_id, new_id);
  *made.stored.mutable_mark() = MarkOfSplit(thread->stored.mark(), entries);
  SetSplitFields(request, entries, read.interactions, made.stored);
  const bool has_mark = made.stored.mark().number() > 0;
  std::map<Uuid, uint32_t> marks;
  for (const ThreadEntry& entry : entries) {
    marks[entry.interaction_id] = has_mark ? entry.marks : 0;
  }
  std::vector<MovingInteraction> moving;
  for (const v1::Interaction& one : read.interactions) {
    moving.push_back(
        {.interaction = one,
         .marks = marks[Location::Of(one).interaction_id],
         .takes_conversation = !read.staying.contains(ConversationRef(one))});
  }
  KITH_ASSIGN_OR_RETURN(*made.stored.mutable_split(),
                        MoveInteractions(tx, moving, *thread, made, threads));
  made.stored.mutable_split()->set_other_thread_id(
      std::string(thread->thread_id.bytes()));
  return ThreadPair{.thread = thread->thread_id, .changed = new_id};
}

// FAILED_PRECONDITION if a thread of the contact continues this one, or the
// other way round.
absl::Status CheckNotChained(LockedThreads& threads, const ThreadRow& row) {
  const v1::Thread& thread = row.stored.thread();
  if (!thread.continued_by_thread_id().empty()) return ChainedError();
  const auto continues = Uuid::Parse(thread.continues_thread_id());
  if (!continues.has_value()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const ThreadRow* const before,
                        threads.Find(row.contact_id, *continues));
  return before == nullptr ? absl::OkStatus() : ChainedError();
}

absl::StatusOr<ThreadPair> JoinOnce(const Tx& tx, const Uuid& contact_id,
                                    const Uuid& id, const Uuid& joined_id,
                                    LockedThreads& threads) {
  KITH_ASSIGN_OR_RETURN(ThreadRow* const stays,
                        FindThread(threads, "thread_id", contact_id, id));
  KITH_ASSIGN_OR_RETURN(
      ThreadRow* const joined,
      FindThread(threads, "joined_thread_id", contact_id, joined_id));
  const ThreadPair pair{.thread = id, .changed = joined_id};
  if (joined->stored.thread().joined_into_thread_id() == id.ToString()) {
    return pair;
  }
  KITH_RETURN_IF_ERROR(CheckNotJoined("thread_id", *stays));
  KITH_RETURN_IF_ERROR(CheckNotJoined("joined_thread_id", *joined));
  KITH_RETURN_IF_ERROR(CheckNotChained(threads, *joined));
  KITH_ASSIGN_OR_RETURN(const std::vector<ThreadEntry>* const entries,
                        threads.Entries(*joined));
  if (entries->size() > kMaxMoved) {
    return TooManyMovedError("joined_thread_id", kMaxMoved);
  }
  std::map<Uuid, ThreadEntry> by_id;
  std::set<Uuid> ids;
  for (const ThreadEntry& entry : *entries) {
    by_id[entry.interaction_id] = entry;
    ids.insert(entry.interaction_id);
  }
  KITH_ASSIGN_OR_RETURN(const Moving read, ReadMoving(tx, *joined, ids));
  std::vector<MovingInteraction> moving;
  for (const v1::Interaction& one : read.interactions) {
    moving.push_back(
        {.interaction = one,
         .marks = MarksOfJoined(stays->stored.mark(), joined->stored.mark(),
                                by_id[Location::Of(one).interaction_id],
                                base::ToMicros(one.recorded_time()))});
  }
  JoinInto(tx, *stays, joined->stored);
  KITH_ASSIGN_OR_RETURN(*joined->stored.mutable_join(),
                        MoveInteractions(tx, moving, *joined, *stays, threads));
  joined->stored.mutable_join()->set_other_thread_id(
      std::string(stays->thread_id.bytes()));
  return pair;
}

// Returns the ids of what `move` has moved, which must be in `thread` still.
absl::StatusOr<std::set<Uuid>> MovedIds(const ThreadMove& move,
                                        absl::string_view field,
                                        const ThreadRow& thread,
                                        LockedThreads& threads) {
  KITH_ASSIGN_OR_RETURN(const std::vector<ThreadEntry>* const entries,
                        threads.Entries(thread));
  std::set<Uuid> there;
  for (const ThreadEntry& entry : *entries) there.insert(entry.interaction_id);
  std::set<Uuid> ids;
  for (const ThreadMove::Moved& moved : move.moved()) {
    const Uuid id = Uuid::FromBytes(moved.interaction_id());
    if (!there.contains(id)) return MovedOnError(field, id);
    ids.insert(id);
  }
  return ids;
}

absl::StatusOr<ThreadPair> UndoSplit(const Tx& tx, const Uuid& contact_id,
                                     const Uuid& id, LockedThreads& threads) {
  constexpr char kField[] = "split_thread_id";
  KITH_ASSIGN_OR_RETURN(ThreadRow* const made,
                        FindThread(threads, kField, contact_id, id));
  if (!made->stored.has_split()) {
    return NoChangeError(kField, "no split has made the thread");
  }
  ThreadMove& split = *made->stored.mutable_split();
  const Uuid other = Uuid::FromBytes(split.other_thread_id());
  const ThreadPair pair{.thread = other, .changed = id};
  if (split.undone()) return pair;
  KITH_ASSIGN_OR_RETURN(ThreadRow* const thread,
                        FindThread(threads, kField, contact_id, other));
  ShowIfEmptied(thread->stored);
  KITH_RETURN_IF_ERROR(CheckNotJoined(kField, *thread));
  KITH_ASSIGN_OR_RETURN(const std::set<Uuid> ids,
                        MovedIds(split, kField, *made, threads));
  KITH_ASSIGN_OR_RETURN(Moving read, ReadMoving(tx, *made, ids));
  KITH_ASSIGN_OR_RETURN(const std::vector<ThreadEntry>* const entries,
                        threads.Entries(*made));
  made->stored.mutable_thread()->clear_split_from_thread_id();
  if (entries->size() == ids.size() &&
      made->stored.thread().continued_by_thread_id().empty()) {
    JoinInto(tx, *thread, made->stored);
  }
  KITH_RETURN_IF_ERROR(TakeBack(tx, std::move(read.interactions), *made,
                                *thread, threads, split));
  return pair;
}

absl::StatusOr<ThreadPair> UndoJoin(const Tx& tx, const Uuid& contact_id,
                                    const Uuid& id, LockedThreads& threads) {
  constexpr char kField[] = "joined_thread_id";
  KITH_ASSIGN_OR_RETURN(ThreadRow* const joined,
                        FindThread(threads, kField, contact_id, id));
  if (!joined->stored.has_join()) {
    return NoChangeError(kField, "no join has moved the thread");
  }
  ThreadMove& join = *joined->stored.mutable_join();
  const Uuid other = Uuid::FromBytes(join.other_thread_id());
  const ThreadPair pair{.thread = other, .changed = id};
  if (join.undone()) return pair;
  KITH_ASSIGN_OR_RETURN(ThreadRow* const stays,
                        FindThread(threads, kField, contact_id, other));
  KITH_ASSIGN_OR_RETURN(const std::set<Uuid> ids,
                        MovedIds(join, kField, *stays, threads));
  KITH_ASSIGN_OR_RETURN(Moving read, ReadMoving(tx, *stays, ids));
  joined->stored.mutable_thread()->clear_joined_into_thread_id();
  joined->stored.clear_joined_micros();
  KITH_RETURN_IF_ERROR(TakeBack(tx, std::move(read.interactions), *stays,
                                *joined, threads, join));
  return pair;
}

}  // namespace

absl::StatusOr<v1::SplitThreadResponse> ThreadMoveStore::Split(
    const Tx& tx, const v1::SplitThreadRequest& request) const {
  KITH_ASSIGN_OR_RETURN(
      const Uuid contact_id,
      FindContact(tx, "thread_id", *Uuid::Parse(request.thread_id())));
  const Uuid new_id = Uuid::Make(tx.now);
  v1::SplitThreadResponse response;
  KITH_RETURN_IF_ERROR(MakeChange(
      tx, contact_id, mysql::KeyOf(tx, request),
      [&](LockedThreads& threads) {
        return SplitOnce(tx, request, contact_id, new_id, threads);
      },
      *response.mutable_thread(), *response.mutable_split_thread()));
  return response;
}

absl::StatusOr<v1::JoinThreadsResponse> ThreadMoveStore::Join(
    const Tx& tx, const v1::JoinThreadsRequest& request) const {
  const Uuid id = *Uuid::Parse(request.thread_id());
  const Uuid joined_id = *Uuid::Parse(request.joined_thread_id());
  KITH_ASSIGN_OR_RETURN(const Uuid contact_id,
                        FindContact(tx, "thread_id", id));
  KITH_ASSIGN_OR_RETURN(const Uuid joined_contact_id,
                        FindContact(tx, "joined_thread_id", joined_id));
  if (joined_contact_id != contact_id) return OtherContactError();
  v1::JoinThreadsResponse response;
  KITH_RETURN_IF_ERROR(MakeChange(
      tx, contact_id, mysql::KeyOf(tx, request),
      [&](LockedThreads& threads) {
        return JoinOnce(tx, contact_id, id, joined_id, threads);
      },
      *response.mutable_thread(), *response.mutable_joined_thread()));
  return response;
}

absl::StatusOr<v1::UndoThreadChangeResponse> ThreadMoveStore::Undo(
    const Tx& tx, const v1::UndoThreadChangeRequest& request) const {
  const bool splits = request.has_split_thread_id();
  const Uuid id = *Uuid::Parse(splits ? request.split_thread_id()
                                      : request.joined_thread_id());
  KITH_ASSIGN_OR_RETURN(
      const Uuid contact_id,
      FindContact(tx, splits ? "split_thread_id" : "joined_thread_id", id));
  v1::UndoThreadChangeResponse response;
  KITH_RETURN_IF_ERROR(MakeChange(
      tx, contact_id, mysql::KeyOf(tx, request),
      [&](LockedThreads& threads) {
        return splits ? UndoSplit(tx, contact_id, id, threads)
                      : UndoJoin(tx, contact_id, id, threads);
      },
      *response.mutable_thread(), *response.mutable_changed_thread()));
  return response;
}

}  // namespace kith::interactions
