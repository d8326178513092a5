#include "common/server/sweeper.h"

#include <cstdint>
#include <utility>

#include "absl/strings/string_view.h"
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

// Logs why some work has failed.
void NoteFailure(absl::string_view what, const absl::Status& status) {
  if (status.ok()) return;
  ops::Log(ops::Severity::kWarning, what,
           {{"reason", mysql::WithCause(status).message()}});
}

}  // namespace

Sweeper::Sweeper(mysql::SessionOptions options, const base::Clock& clock,
                 Works works)
    : clock_(clock),
      works_(std::move(works)),
      thread_([this, session = std::move(options)] { Run(session); }) {}

Sweeper::~Sweeper() {
  stop_.Notify();
  thread_.join();
}

void Sweeper::Run(const mysql::SessionOptions& options) {
  mysql::Session session(options);
  do {
    NoteFailure("sweeping failed", Sweep(session));
    NoteFailure("sweeping failed", Do(works_.sweep, session));
    NoteFailure("looking for metrics failed", Do(works_.observe, session));
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

absl::Status Sweeper::Do(const Work& work, mysql::Session& session) {
  if (work == nullptr || stop_.HasBeenNotified()) return absl::OkStatus();
  KITH_RETURN_IF_ERROR(session.Connect());
  return work(session, clock_.Now());
}

}  // namespace kith::server
