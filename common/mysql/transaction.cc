#include "common/mysql/transaction.h"

#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "common/mysql/errors.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"

// How Transact works. Each attempt sends BEGIN, runs `work` and sends COMMIT.
// During `work` the session does not replace a lost connection, so no statement
// takes effect outside of the transaction. If `work` or COMMIT fails on a live
// connection, the attempt sends ROLLBACK; if that fails too, it closes the
// connection.
//
// Transact starts another attempt after a lost race or a lost connection, at
// most kMaxAttempts in all and none after the deadline. Before it, Transact
// sleeps for a random time below 8, 16, 32 and 64 ms, so that two transactions
// that met do not meet again. If the connection is lost after COMMIT was sent,
// nobody knows if the transaction was committed. From then on Transact also
// retries while the database cannot be reached, because `work` can find out
// what happened. If Transact gives up before it has reached the database again,
// it returns UNKNOWN.
namespace kith::mysql {
namespace {

constexpr int kMaxAttempts = 5;

struct Metrics {
  prometheus::Counter& lost_races = Retries("lost race");
  prometheus::Counter& lost_connections = Retries("lost connection");
  prometheus::Counter& unknown_commits =
      ops::Counter("kith_db_unknown_commits_total",
                   "COMMITs whose connection was lost before the answer.");

  static prometheus::Counter& Retries(const std::string& reason) {
    return ops::Counter("kith_db_transaction_retries_total",
                        "Transactions run again, by reason.",
                        {{"reason", reason}});
  }
};

Metrics& GetMetrics() {
  static Metrics metrics;
  return metrics;
}

// How a transaction that was run once ended.
struct TransactionEnd {
  absl::Status status;
  bool commit_sent = false;
};

// COMMIT goes as text: the driver's own commit() ignores errors.
TransactionEnd Run(Session& session, absl::FunctionRef<absl::Status()> work) {
  TransactionEnd end;
  end.status = session.ExecuteText("BEGIN");
  if (!end.status.ok()) return end;
  session.KeepConnection(true);
  absl::Cleanup release = [&] { session.KeepConnection(false); };
  end.status = work();
  if (end.status.ok()) {
    end.commit_sent = session.connected();
    end.status = session.ExecuteText("COMMIT");
    if (end.status.ok()) return end;
  }
  if (!IsConnectionLost(end.status) && !session.ExecuteText("ROLLBACK").ok()) {
    session.Drop();
  }
  return end;
}

void Wait(int attempt) {
  thread_local absl::BitGen random;
  absl::SleepFor(absl::Milliseconds(absl::Uniform(random, 1, 4 << attempt)));
}

}  // namespace

absl::Status Transact(Session& session, absl::Time deadline,
                      absl::FunctionRef<absl::Status()> work) {
  Metrics& metrics = GetMetrics();
  bool commit_unknown = false;
  absl::Status status;
  for (int n = 1; n <= kMaxAttempts; ++n) {
    const TransactionEnd end = Run(session, work);
    status = end.status;
    if (status.ok()) return status;
    const bool lost = IsConnectionLost(status);
    if (lost && end.commit_sent) {
      metrics.unknown_commits.Increment();
      commit_unknown = true;
    }
    // Once a commit is in doubt, a database that cannot be reached yet is
    // waited for as well.
    const bool retry =
        IsLostRace(status) || lost ||
        (commit_unknown && status.code() == absl::StatusCode::kUnavailable);
    if (!retry || n == kMaxAttempts || absl::Now() >= deadline) break;
    (IsLostRace(status) ? metrics.lost_races : metrics.lost_connections)
        .Increment();
    Wait(n);
  }
  if (commit_unknown && status.code() == absl::StatusCode::kUnavailable) {
    return absl::UnknownError(
        "the database went away at COMMIT: whether it took place is not known; "
        "send the same request again");
  }
  return status;
}

absl::Status Transact(const Tx& tx, absl::FunctionRef<absl::Status()> work) {
  return Transact(tx.session, tx.context.deadline, work);
}

absl::Status ReadSnapshot(Session& session,
                          absl::FunctionRef<absl::Status()> work) {
  // Holds for the next transaction of this connection alone.
  KITH_RETURN_IF_ERROR(
      session.ExecuteText("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
  session.KeepConnection(true);
  absl::Cleanup release = [&] { session.KeepConnection(false); };
  KITH_RETURN_IF_ERROR(session.ExecuteText("START TRANSACTION READ ONLY"));
  absl::Status status = work();
  if (session.connected() && !session.ExecuteText("COMMIT").ok()) {
    session.Drop();
  }
  return status;
}

void RegisterTransactionMetrics() { GetMetrics(); }

}  // namespace kith::mysql
