#include "interactions-svc/threads/thread_fold.h"

#include <algorithm>
#include <tuple>

#include "common/base/times.h"

namespace kith::interactions {
namespace {

using internal::v1::StoredThread;
using internal::v1::ThreadFold;
using internal::v1::ThreadMark;

constexpr int kMailReopens = 3;
constexpr int kIdentities = 20;

// The thread is as its mark says, whatever has moved it.
void TakeMark(const ThreadMark& mark, ThreadFold& fold) {
  fold.set_state(mark.number() == 0 ? v1::THREAD_STATE_RESOLVED : mark.state());
  fold.set_reopened(false);
  fold.clear_unanswered_micros();
  fold.clear_held_micros();
  if (mark.has_unanswered_micros()) {
    fold.set_unanswered_micros(mark.unanswered_micros());
  }
}

void AddTimes(const ThreadEntry& entry, ThreadFold& fold) {
  const int64_t micros = entry.occurred_micros;
  fold.set_words(fold.words() + 1);
  if (!fold.has_first_micros()) fold.set_first_micros(micros);
  fold.set_last_micros(micros);
  if (entry.word != Word::kOutbound) {
    fold.set_inbound_micros(micros);
    return;
  }
  fold.set_outbound_micros(micros);
  if (fold.has_inbound_micros() && !fold.has_answer_micros()) {
    fold.set_answer_micros(micros);
  }
}

template <typename SetTime>
void SetTimeIf(bool has, int64_t micros, SetTime set_time) {
  if (has) *set_time() = base::ToProto(micros);
}

// A thread whose interactions are in another one owes nothing.
void ShowJoined(StoredThread& stored) {
  v1::Thread& thread = *stored.mutable_thread();
  thread.set_state(v1::THREAD_STATE_RESOLVED);
  thread.set_resolution(v1::RESOLUTION_DUPLICATE);
  thread.clear_first_unanswered_time();
  thread.clear_held_time();
  *thread.mutable_resolved_time() = base::ToProto(stored.joined_micros());
}

}  // namespace

void SortEntries(std::vector<ThreadEntry>& entries) {
  std::sort(entries.begin(), entries.end(),
            [](const ThreadEntry& a, const ThreadEntry& b) {
              return std::tuple(a.occurred_micros, a.interaction_id) <
                     std::tuple(b.occurred_micros, b.interaction_id);
            });
}

ThreadFold EmptyFold(const ThreadMark& mark) {
  ThreadFold fold;
  TakeMark(mark, fold);
  return fold;
}

void AddWord(const ThreadMark& mark, const ThreadEntry& entry,
             ThreadFold& fold) {
  if (entry.word == Word::kNone) return;
  AddTimes(entry, fold);
  if (entry.marks < mark.number()) return TakeMark(mark, fold);
  const bool resolved =
      fold.state() == v1::THREAD_STATE_RESOLVED && mark.number() > 0;
  switch (entry.word) {
    case Word::kNone:
      break;
    case Word::kOutbound:
      fold.clear_unanswered_micros();
      if (!resolved) fold.set_state(v1::THREAD_STATE_WAITING);
      break;
    case Word::kHeld:
      fold.set_held_micros(entry.occurred_micros);
      break;
    case Word::kClosing:
      if (resolved) break;
      [[fallthrough]];
    case Word::kInbound:
      if (resolved) fold.set_reopened(true);
      fold.set_state(v1::THREAD_STATE_OPEN);
      if (!fold.has_unanswered_micros()) {
        fold.set_unanswered_micros(entry.occurred_micros);
      }
      break;
  }
}

ThreadFold Fold(const ThreadMark& mark,
                const std::vector<ThreadEntry>& entries) {
  ThreadFold fold = EmptyFold(mark);
  for (const ThreadEntry& entry : entries) AddWord(mark, entry, fold);
  return fold;
}

void SetMark(v1::ThreadState state, v1::Resolution resolution, absl::Time now,
             StoredThread& stored) {
  const ThreadFold& fold = stored.fold();
  ThreadMark mark;
  mark.set_number(stored.mark().number() + 1);
  mark.set_state(state);
  mark.set_micros(absl::ToUnixMicros(now));
  mark.set_reopen_count(stored.mark().reopen_count() +
                        (fold.reopened() ? 1 : 0));
  if (state == v1::THREAD_STATE_RESOLVED) mark.set_resolution(resolution);
  if (state == v1::THREAD_STATE_OPEN) {
    const bool waits =
        fold.state() == v1::THREAD_STATE_OPEN && fold.has_unanswered_micros();
    mark.set_unanswered_micros(waits ? fold.unanswered_micros()
                                     : mark.micros());
  }
  *stored.mutable_mark() = mark;
  TakeMark(mark, *stored.mutable_fold());
}

void ShowFold(StoredThread& stored) {
  if (!stored.thread().joined_into_thread_id().empty()) {
    return ShowJoined(stored);
  }
  const ThreadFold& fold = stored.fold();
  const ThreadMark& mark = stored.mark();
  v1::Thread& thread = *stored.mutable_thread();
  const bool open = fold.state() == v1::THREAD_STATE_OPEN;
  const bool resolved = fold.state() == v1::THREAD_STATE_RESOLVED;
  thread.set_state(fold.state());
  thread.clear_resolution();
  if (resolved) {
    thread.set_resolution(mark.number() == 0 ? v1::RESOLUTION_EMPTY
                                             : mark.resolution());
  }
  thread.set_reopen_count(mark.reopen_count() + (fold.reopened() ? 1 : 0));
  *thread.mutable_opened_time() = base::ToProto(
      stored.by_hand() || !fold.has_first_micros() ? stored.create_micros()
                                                   : fold.first_micros());
  thread.clear_first_unanswered_time();
  thread.clear_last_inbound_time();
  thread.clear_last_outbound_time();
  thread.clear_first_answer_time();
  thread.clear_resolved_time();
  thread.clear_held_time();
  SetTimeIf(open && fold.has_unanswered_micros(), fold.unanswered_micros(),
            [&] { return thread.mutable_first_unanswered_time(); });
  SetTimeIf(fold.has_inbound_micros(), fold.inbound_micros(),
            [&] { return thread.mutable_last_inbound_time(); });
  SetTimeIf(fold.has_outbound_micros(), fold.outbound_micros(),
            [&] { return thread.mutable_last_outbound_time(); });
  SetTimeIf(fold.has_answer_micros(), fold.answer_micros(),
            [&] { return thread.mutable_first_answer_time(); });
  SetTimeIf(resolved && mark.number() > 0, mark.micros(),
            [&] { return thread.mutable_resolved_time(); });
  SetTimeIf(fold.has_held_micros(), fold.held_micros(),
            [&] { return thread.mutable_held_time(); });
}

bool IsHeld(const StoredThread& stored, absl::Time now) {
  const int64_t since = absl::ToUnixMicros(now - absl::Hours(1));
  return stored.mail_reopen_micros_size() >= kMailReopens &&
         stored.mail_reopen_micros(0) > since;
}

void AddMailReopen(absl::Time now, StoredThread& stored) {
  auto& times = *stored.mutable_mail_reopen_micros();
  times.Add(absl::ToUnixMicros(now));
  if (times.size() > kMailReopens) times.erase(times.begin());
}

void AddIdentity(const std::string& identity_key, StoredThread& stored) {
  if (identity_key.empty()) return;
  auto& keys = *stored.mutable_identity_keys();
  keys.erase(std::remove(keys.begin(), keys.end(), identity_key), keys.end());
  *keys.Add() = identity_key;
  if (keys.size() > kIdentities) keys.erase(keys.begin());
}

}  // namespace kith::interactions
