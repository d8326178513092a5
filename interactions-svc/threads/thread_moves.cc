#include "interactions-svc/threads/thread_moves.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/status/status_macros.h"
#include "interactions-svc/threads/thread_errors.h"
#include "interactions-svc/threads/thread_fold.h"
#include "interactions-svc/threads/thread_opener.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::StoredThread;
using internal::v1::ThreadMark;
using internal::v1::ThreadMove;
using mysql::Tx;

// The references of what moves.
std::vector<RefKey> KeysOf(const std::vector<MovingInteraction>& moving) {
  std::vector<RefKey> keys;
  for (const MovingInteraction& one : moving) {
    const v1::Interaction& interaction = one.interaction;
    if (one.takes_message && !interaction.message_id().empty()) {
      keys.push_back(MessageRef(interaction, interaction.message_id()));
    }
    if (!one.former_message_id.empty()) {
      keys.push_back(MessageRef(interaction, one.former_message_id));
    }
    if (one.takes_conversation && !interaction.conversation_id().empty()) {
      keys.push_back(ConversationRef(interaction));
    }
  }
  absl::c_sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

// Whether a reference leads to another thread than the one that is left.
bool LeadsElsewhere(const RefTargets& targets, const RefKey& key,
                    const Uuid& thread_id) {
  const auto it = targets.find(key);
  return it != targets.end() && it->second.thread_id != thread_id;
}

// What stays as it is when the move is taken back: which references do not lead
// to the thread that is left.
absl::Status NoteRefs(const Tx& tx,
                      const std::vector<MovingInteraction>& moving,
                      const ThreadRow& from, ThreadMove& move) {
  std::vector<MovingInteraction> all = moving;
  for (MovingInteraction& one : all) {
    one.takes_message = true;
    one.takes_conversation = true;
  }
  KITH_ASSIGN_OR_RETURN(const RefTargets targets,
                        ReadContactRefs(tx, from.contact_id, KeysOf(all)));
  for (size_t i = 0; i < moving.size(); ++i) {
    const v1::Interaction& interaction = moving[i].interaction;
    ThreadMove::Moved& moved = *move.mutable_moved(static_cast<int>(i));
    moved.set_message_elsewhere(LeadsElsewhere(
        targets, MessageRef(interaction, interaction.message_id()),
        from.thread_id));
    moved.set_message_id(interaction.message_id());
    moved.set_conversation_elsewhere(
        LeadsElsewhere(targets, ConversationRef(interaction), from.thread_id));
    if (moved.conversation_elsewhere()) {
      moved.set_conversation_id(interaction.conversation_id());
    }
  }
  return absl::OkStatus();
}

// Moves the entries and the rows; returns the marks that the entries had.
absl::StatusOr<std::vector<uint32_t>> MoveEntries(
    const Tx& tx, const std::vector<MovingInteraction>& moving, ThreadRow& from,
    ThreadRow& to, LockedThreads& threads) {
  KITH_ASSIGN_OR_RETURN(std::vector<ThreadEntry>* const left,
                        threads.Entries(from));
  KITH_ASSIGN_OR_RETURN(std::vector<ThreadEntry>* const entered,
                        threads.Entries(to));
  std::map<Uuid, const MovingInteraction*> by_id;
  for (const MovingInteraction& one : moving) {
    by_id[*Uuid::Parse(one.interaction.interaction_id())] = &one;
  }
  std::map<Uuid, uint32_t> marks;
  for (ThreadEntry entry : *left) {
    const auto it = by_id.find(entry.interaction_id);
    if (it == by_id.end()) continue;
    marks[entry.interaction_id] = entry.marks;
    entry.marks = it->second->marks;
    KITH_RETURN_IF_ERROR(WriteEntry(
        tx, to, base::ToMicros(it->second->interaction.occurred_time()),
        entry));
    entered->push_back(std::move(entry));
  }
  std::erase_if(*left, [&](const ThreadEntry& entry) {
    return by_id.contains(entry.interaction_id);
  });
  std::vector<uint32_t> had;
  for (const MovingInteraction& one : moving) {
    had.push_back(marks[*Uuid::Parse(one.interaction.interaction_id())]);
  }
  return had;
}

absl::StatusOr<std::vector<uint32_t>> MoveAll(
    const Tx& tx, const std::vector<MovingInteraction>& moving, ThreadRow& from,
    ThreadRow& to, LockedThreads& threads) {
  KITH_ASSIGN_OR_RETURN(std::vector<uint32_t> marks,
                        MoveEntries(tx, moving, from, to, threads));
  KITH_RETURN_IF_ERROR(MoveRefs(tx, KeysOf(moving), from.contact_id,
                                from.thread_id, to.thread_id));
  KITH_RETURN_IF_ERROR(threads.FoldMoved(from));
  KITH_RETURN_IF_ERROR(threads.FoldMoved(to));
  return marks;
}

// What FollowOpener compares.
v1::Interaction OpenerOf(const v1::Interaction& interaction) {
  v1::Interaction opener;
  opener.set_interaction_id(interaction.interaction_id());
  opener.set_topic(interaction.topic());
  opener.set_subject(interaction.subject());
  opener.set_opens(interaction.opens());
  return opener;
}

}  // namespace

absl::StatusOr<std::set<Uuid>> SplitOff(const v1::SplitThreadRequest& request,
                                        std::vector<ThreadEntry> entries) {
  const bool by_ids = request.from_interaction_id().empty();
  const char* const field = by_ids ? "interaction_ids" : "from_interaction_id";
  std::set<Uuid> wanted;
  for (const std::string& id : request.interaction_ids()) {
    wanted.insert(*Uuid::Parse(id));
  }
  if (!by_ids) wanted.insert(*Uuid::Parse(request.from_interaction_id()));
  SortEntries(entries);
  std::set<Uuid> taken;
  for (const ThreadEntry& entry : entries) {
    const bool follows = !by_ids && !taken.empty();
    if (follows || wanted.contains(entry.interaction_id)) {
      taken.insert(entry.interaction_id);
    }
  }
  for (const Uuid& id : wanted) {
    if (!taken.contains(id)) return NotInThreadError(field, id);
  }
  if (taken.size() == entries.size()) return NothingStaysError(field);
  if (taken.size() > kMaxMoved) return TooManyMovedError(field, kMaxMoved);
  return taken;
}

ThreadMark MarkOfSplit(const ThreadMark& mark,
                       const std::vector<ThreadEntry>& entries) {
  const auto was_seen = [&](const ThreadEntry& entry) {
    return entry.word != Word::kNone && entry.marks < mark.number();
  };
  if (!absl::c_any_of(entries, was_seen)) return {};
  ThreadMark taken = mark;
  taken.clear_reopen_count();
  if (mark.has_unanswered_micros()) taken.set_unanswered_micros(mark.micros());
  return taken;
}

void SetSplitFields(const v1::SplitThreadRequest& request,
                    const std::vector<ThreadEntry>& entries,
                    const std::vector<v1::Interaction>& interactions,
                    StoredThread& made) {
  v1::Thread& thread = *made.mutable_thread();
  thread.set_split_from_thread_id(request.thread_id());
  absl::AsciiStrToLower(thread.mutable_split_from_thread_id());
  thread.set_kind(v1::THREAD_KIND_QUESTION);
  const auto first = absl::c_find_if(entries, [](const ThreadEntry& entry) {
    return entry.word != Word::kNone && entry.word != Word::kOutbound;
  });
  for (const v1::Interaction& one : interactions) {
    if (first == entries.end()) break;
    if (one.interaction_id() != first->interaction_id.ToString()) continue;
    SetOpener(one, made);
  }
  if (request.kind() != v1::THREAD_KIND_UNSPECIFIED) {
    thread.set_kind(request.kind());
  }
  if (!request.topic().empty()) thread.set_topic(request.topic());
  if (!request.subject().empty()) thread.set_subject(request.subject());
}

uint32_t MarksOfJoined(const ThreadMark& stays, const ThreadMark& joined,
                       const ThreadEntry& entry, int64_t recorded_micros) {
  if (stays.number() == 0) return 0;
  const bool both_resolved = stays.state() == v1::THREAD_STATE_RESOLVED &&
                             joined.state() == v1::THREAD_STATE_RESOLVED;
  const bool was_seen = recorded_micros < stays.micros() ||
                        (both_resolved && entry.marks < joined.number());
  return was_seen ? stays.number() - 1 : stays.number();
}

absl::StatusOr<ThreadMove> MoveInteractions(
    const Tx& tx, const std::vector<MovingInteraction>& moving, ThreadRow& from,
    ThreadRow& to, LockedThreads& threads) {
  ThreadMove move;
  for (const MovingInteraction& one : moving) {
    const Uuid id = *Uuid::Parse(one.interaction.interaction_id());
    move.add_moved()->set_interaction_id(std::string(id.bytes()));
    if (one.interaction.interaction_id() == from.stored.opener_id()) {
      *move.mutable_opener() = OpenerOf(one.interaction);
    }
  }
  KITH_RETURN_IF_ERROR(NoteRefs(tx, moving, from, move));
  KITH_ASSIGN_OR_RETURN(const std::vector<uint32_t> marks,
                        MoveAll(tx, moving, from, to, threads));
  for (size_t i = 0; i < marks.size(); ++i) {
    move.mutable_moved(static_cast<int>(i))->set_marks(marks[i]);
  }
  return move;
}

absl::Status TakeBack(const Tx& tx, std::vector<v1::Interaction> interactions,
                      ThreadRow& from, ThreadRow& to, LockedThreads& threads,
                      ThreadMove& move) {
  std::map<std::string, const ThreadMove::Moved*, std::less<>> by_id;
  for (const ThreadMove::Moved& moved : move.moved()) {
    by_id[Uuid::FromBytes(moved.interaction_id()).ToString()] = &moved;
  }
  std::vector<MovingInteraction> moving;
  for (v1::Interaction& interaction : interactions) {
    const auto it = by_id.find(interaction.interaction_id());
    if (it == by_id.end()) return mysql::LostRaceError();
    FollowOpener(move.opener(), interaction, to.stored);
    const ThreadMove::Moved& moved = *it->second;
    const bool message_stays = moved.message_elsewhere() &&
                               moved.message_id() == interaction.message_id();
    const bool conversation_stays =
        moved.conversation_elsewhere() &&
        moved.conversation_id() == interaction.conversation_id();
    moving.push_back({.interaction = std::move(interaction),
                      .marks = moved.marks(),
                      .takes_message = !message_stays,
                      .takes_conversation = !conversation_stays,
                      .former_message_id =
                          moved.message_elsewhere() ? "" : moved.message_id()});
  }
  KITH_RETURN_IF_ERROR(MoveAll(tx, moving, from, to, threads).status());
  move.clear_moved();
  move.clear_opener();
  move.set_undone(true);
  return absl::OkStatus();
}

}  // namespace kith::interactions
