#include "common/mysql/watchdog.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/mysql/errors.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"

namespace kith::mysql {
namespace {

constexpr int kNoSuchThread = 1094;

prometheus::Counter& Killed() {
  static auto& counter =
      ops::Counter("kith_db_statements_killed_total",
                   "Statements ended because their call's deadline passed.");
  return counter;
}

}  // namespace

Watchdog::Watchdog(SessionOptions options) : session_(std::move(options)) {
  Killed();
}

void Watchdog::KillOverdue(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  const bool any =
      std::any_of(watches_.begin(), watches_.end(),
                  [&](Watch* watch) { return watch->IsOverdue(now); });
  if (!any) return;
  // Before any of them is held: it may take seconds.
  if (const absl::Status status = session_.Connect(); !status.ok()) {
    ops::Log(ops::Severity::kWarning, "overdue statements not ended",
             {{"reason", WithCause(status).message()}});
    return;
  }
  for (Watch* watch : watches_) watch->Kill(session_, now);
}

Watch::Watch(Watchdog& watchdog) : watchdog_(watchdog) {
  absl::MutexLock lock(&watchdog_.mutex_);
  watchdog_.watches_.insert(this);
}

Watch::~Watch() {
  absl::MutexLock lock(&watchdog_.mutex_);
  watchdog_.watches_.erase(this);
}

void Watch::Begin(uint64_t connection_id, absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  connection_id_ = connection_id;
  deadline_ = deadline;
  killed_ = false;
}

bool Watch::End() {
  absl::MutexLock lock(&mutex_);
  deadline_ = absl::InfiniteFuture();
  return killed_;
}

bool Watch::IsOverdue(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  return deadline_ <= now;
}

void Watch::Kill(Session& session, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (deadline_ > now) return;
  if (!killed_) Killed().Increment();
  // Whatever becomes of it: only the answer may have been lost.
  killed_ = true;
  const absl::Status status =
      session.ExecuteText(absl::StrCat("KILL QUERY ", connection_id_));
  if (status.ok() || Errno(status) == kNoSuchThread) return;
  ops::Log(ops::Severity::kWarning, "an overdue statement was not ended",
           {{"reason", WithCause(status).message()}});
}

}  // namespace kith::mysql
