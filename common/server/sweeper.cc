#include "common/server/sweeper.h"

#include <cstdint>
#include <utility>

#include "absl/time/time.h"
#include "common/feed/change_log.h"
#include "common/mysql/errors.h"
#include "common/mysql/request_log.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"

namespace kith::server {
namespace {

absl::Status NoteChangesKept(mysql::Session& session) {
  const prometheus::Labels labels = {{"database", session.options().database}};
  KITH_ASSIGN_OR_RETURN(const feed::ChangesKept kept,
                        feed::ReadChangesKept(session));
  ops::Gauge("kith_changes_kept", "Changes that the feed keeps, a row each.",
             labels)
      .Set(static_cast<double>(kept.count));
  ops::Gauge("kith_changes_oldest_timestamp_seconds",
             "When the oldest change that the feed keeps entered it, in Unix "
             "time; 0: there is none.",
             labels)
      .Set(absl::ToDoubleSeconds(kept.oldest - absl::UnixEpoch()));
  return absl::OkStatus();
}

}  // namespace

Sweeper::Sweeper(mysql::SessionOptions options, const base::Clock& clock,
                 Observe observe)
    : clock_(clock),
      observe_(std::move(observe)),
      thread_([this, session = std::move(options)] { Run(session); }) {}

Sweeper::~Sweeper() {
  stop_.Notify();
  thread_.join();
}

void Sweeper::Run(const mysql::SessionOptions& options) {
  mysql::Session session(options);
  do {
    const absl::Status swept = Sweep(session);
    if (!swept.ok()) {
      ops::Log(ops::Severity::kWarning, "sweeping failed",
               {{"reason", mysql::WithCause(swept).message()}});
    }
    const absl::Status looked = Look(session);
    if (!looked.ok()) {
      ops::Log(ops::Severity::kWarning, "looking for metrics failed",
               {{"reason", mysql::WithCause(looked).message()}});
    }
  } while (!stop_.WaitForNotificationWithTimeout(absl::Minutes(1)));
}

absl::Status Sweeper::Sweep(mysql::Session& session) {
  KITH_RETURN_IF_ERROR(session.Connect());
  int64_t rows = mysql::kRequestsSwept;
  while (rows == mysql::kRequestsSwept && !stop_.HasBeenNotified()) {
    KITH_ASSIGN_OR_RETURN(rows, mysql::SweepRequests(session, clock_.Now()));
  }
  rows = feed::kChangesRead;
  while (rows == feed::kChangesRead && !stop_.HasBeenNotified()) {
    KITH_ASSIGN_OR_RETURN(rows, feed::SweepChanges(session, clock_.Now()));
  }
  return NoteChangesKept(session);
}

absl::Status Sweeper::Look(mysql::Session& session) {
  if (observe_ == nullptr || stop_.HasBeenNotified()) return absl::OkStatus();
  KITH_RETURN_IF_ERROR(session.Connect());
  return observe_(session, clock_.Now());
}

}  // namespace kith::server
