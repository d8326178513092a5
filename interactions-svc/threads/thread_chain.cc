#include "interactions-svc/threads/thread_chain.h"

#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "common/base/times.h"

namespace kith::interactions {
namespace {

// Makes `thread` say what `part` says of the state.
void TakeState(const v1::Thread& part, v1::Thread& thread) {
  thread.set_state_thread_id(part.state_thread_id());
  thread.set_state(part.state());
  thread.set_resolution(part.resolution());
  thread.clear_first_unanswered_time();
  thread.clear_resolved_time();
  if (part.has_first_unanswered_time()) {
    *thread.mutable_first_unanswered_time() = part.first_unanswered_time();
  }
  if (part.has_resolved_time()) {
    *thread.mutable_resolved_time() = part.resolved_time();
  }
}

// The states are numbered by what they owe: OPEN most.
bool OwesMore(const v1::Thread& part, const v1::Thread& thread) {
  if (part.state() != thread.state()) return part.state() < thread.state();
  return part.state() == v1::THREAD_STATE_OPEN &&
         base::ToMicros(part.first_unanswered_time()) <
             base::ToMicros(thread.first_unanswered_time());
}

}  // namespace

void JoinChains(std::vector<v1::Thread>& threads) {
  absl::flat_hash_map<std::string, size_t> by_id;
  for (size_t i = 0; i < threads.size(); ++i) {
    by_id[threads[i].thread_id()] = i;
  }
  std::vector<bool> is_part(threads.size());
  for (size_t i = threads.size(); i-- > 0;) {
    v1::Thread& thread = threads[i];
    const auto it = by_id.find(thread.continues_thread_id());
    if (it == by_id.end() || is_part[it->second] || it->second <= i) continue;
    is_part[it->second] = true;
    v1::Thread& part = threads[it->second];
    for (v1::Thread* one : {&part, &thread}) {
      if (!one->state_thread_id().empty()) continue;
      one->set_state_thread_id(one->thread_id());
    }
    if (OwesMore(part, thread)) TakeState(part, thread);
    thread.add_part_ids(part.thread_id());
    thread.mutable_part_ids()->MergeFrom(part.part_ids());
  }
  size_t i = 0;
  std::erase_if(threads, [&](const v1::Thread&) { return is_part[i++]; });
}

}  // namespace kith::interactions
