#include "interactions-svc/activity_parts.h"

#include <utility>

#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using mysql::Tx;

// Nobody reads more on one screen; ListThreads and ListActions have all.
constexpr int32_t kThreadsOfView = 50;
constexpr size_t kActionsOfView = 50;

}  // namespace

absl::Status AnswerThreads(const Tx& tx, const ThreadStore& threads,
                           SetActivity activity, int64_t& bytes_left,
                           v1::BatchGetActivityResponse::Result& result) {
  KITH_ASSIGN_OR_RETURN(
      ThreadPage page,
      threads.List(tx, activity.with_threads,
                   {v1::THREAD_STATE_OPEN, v1::THREAD_STATE_WAITING},
                   ThreadPlace::Newest(), kThreadsOfView, bytes_left));
  result.set_more_threads(page.next.has_value());
  result.set_threads_cut(page.is_cut);
  for (v1::Thread& thread : page.threads) {
    *result.add_threads() = std::move(thread);
  }
  for (v1::LastProblem& problem : activity.last_problems) {
    *result.add_last_problems() = std::move(problem);
  }
  return absl::OkStatus();
}

absl::Status AnswerActions(const Tx& tx, const ActionStore& actions,
                           const ContactWorks& works,
                           v1::BatchGetActivityResponse::Result& result) {
  if (works.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(
      ActionPage page,
      actions.ListOpen(tx, works, ActionPlace::MostUrgent(), kActionsOfView));
  result.set_more_actions(page.next.has_value());
  for (v1::Action& action : page.actions) {
    *result.add_actions() = std::move(action);
  }
  return absl::OkStatus();
}

}  // namespace kith::interactions
