#include "interactions-svc/threads/thread_summary.h"

#include <algorithm>
#include <tuple>

#include "common/base/times.h"
#include "common/status/whole_characters.h"
#include "google/protobuf/util/message_differencer.h"

namespace kith::interactions {
namespace {

using Problems = google::protobuf::RepeatedPtrField<v1::LastProblem>;
using google::protobuf::util::MessageDifferencer;

// Keeps summaries small.
constexpr size_t kSubjectBytes = 200;

bool IsLive(const v1::Thread& thread) {
  return thread.state() == v1::THREAD_STATE_OPEN ||
         thread.state() == v1::THREAD_STATE_WAITING;
}

bool IsProblem(const v1::Thread& thread) {
  return thread.kind() == v1::THREAD_KIND_PROBLEM &&
         thread.resolution() != v1::RESOLUTION_EMPTY &&
         thread.joined_into_thread_id().empty();
}

auto Age(const v1::LastProblem& problem) {
  return std::tuple(base::ToMicros(problem.opened_time()),
                    absl::string_view(problem.thread_id()));
}

v1::LastProblem ProblemOf(const v1::Thread& thread) {
  v1::LastProblem problem;
  problem.set_topic(thread.topic());
  problem.set_thread_id(thread.thread_id());
  problem.set_subject(
      std::string(status::WholeCharacters(thread.subject(), kSubjectBytes)));
  problem.set_state(thread.state());
  *problem.mutable_opened_time() = thread.opened_time();
  if (thread.has_resolved_time()) {
    *problem.mutable_resolved_time() = thread.resolved_time();
  }
  return problem;
}

void AddProblem(const v1::LastProblem& problem, Problems& problems) {
  const auto it = std::find_if(
      problems.begin(), problems.end(),
      [&](const auto& known) { return known.topic() == problem.topic(); });
  if (it == problems.end()) {
    *problems.Add() = problem;
  } else if (Age(problem) >= Age(*it)) {
    *it = problem;
  }
  std::sort(problems.begin(), problems.end(),
            [](const auto& a, const auto& b) { return Age(a) > Age(b); });
  if (problems.size() > kMaxLastProblems) {
    problems.DeleteSubrange(kMaxLastProblems,
                            problems.size() - kMaxLastProblems);
  }
}

// Without what changes with each word.
v1::Thread WithoutTimes(v1::Thread thread) {
  thread.clear_etag();
  thread.clear_opened_time();
  thread.clear_first_unanswered_time();
  thread.clear_last_inbound_time();
  thread.clear_last_outbound_time();
  thread.clear_first_answer_time();
  return thread;
}

}  // namespace

bool AddEffect(const ThreadEffect& effect, v1::ActivitySummary& summary) {
  const v1::Thread& after = effect.after;
  int64_t live = IsLive(after) ? 1 : 0;
  bool moves = false;
  if (effect.before.has_value()) {
    const v1::Thread& before = *effect.before;
    live -= IsLive(before) ? 1 : 0;
    moves = IsProblem(before) &&
            (!IsProblem(after) || before.topic() != after.topic() ||
             base::ToMicros(after.opened_time()) !=
                 base::ToMicros(before.opened_time()));
  }
  summary.set_live_thread_count(summary.live_thread_count() + live);
  if (IsProblem(after)) {
    AddProblem(ProblemOf(after), *summary.mutable_last_problems());
  }
  return moves;
}

void SetLastProblems(const std::vector<v1::Thread>& newest_problems,
                     v1::ActivitySummary& summary) {
  summary.clear_last_problems();
  for (const v1::Thread& thread : newest_problems) {
    if (!IsProblem(thread)) continue;
    AddProblem(ProblemOf(thread), *summary.mutable_last_problems());
  }
}

void AddLastProblems(const v1::ActivitySummary& from,
                     v1::ActivitySummary& into) {
  for (const v1::LastProblem& problem : from.last_problems()) {
    AddProblem(problem, *into.mutable_last_problems());
  }
}

bool TellEffect(const ThreadEffect& effect, changes::v1::Change& change) {
  const v1::Thread& after = effect.after;
  if (!effect.before.has_value()) {
    changes::v1::ThreadOpened& opened = *change.mutable_thread_opened();
    opened.set_thread_id(after.thread_id());
    opened.set_kind(after.kind());
    opened.set_state(after.state());
    return true;
  }
  if (!effect.has_moved &&
      MessageDifferencer::Equals(WithoutTimes(*effect.before),
                                 WithoutTimes(after))) {
    return false;
  }
  changes::v1::ThreadChanged& changed = *change.mutable_thread_changed();
  changed.set_thread_id(after.thread_id());
  changed.set_old_state(effect.before->state());
  changed.set_state(after.state());
  return true;
}

}  // namespace kith::interactions
