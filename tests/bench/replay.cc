#include "tests/bench/replay.h"

#include <string>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "common/status/status_macros.h"

namespace kith::bench {
namespace {

absl::Status Execute(const ReplayedCall& call, SessionSet& sessions,
                     Random& random, std::vector<std::string>& storage) {
  const auto params = call.Params(random, storage);
  for (size_t i = 0; i < params.size(); ++i) {
    const Statement& statement = call.statements()[i];
    mysql::Session& session = sessions[statement.schema];
    absl::Status status = Run(session, statement, params[i]);
    if (status.ok()) continue;
    // Ends a transaction, if there is one.
    if (!session.ExecuteText("ROLLBACK").ok()) session.Drop();
    return status;
  }
  return absl::OkStatus();
}

}  // namespace

Replay::Replay(const Databases& databases,
               const std::vector<ReplayedCall>& calls, int threads,
               uint64_t seed)
    : calls_(calls) {
  for (int i = 0; i < threads; ++i) {
    workers_.emplace_back(new Worker{SessionSet(databases), Random(seed + i)});
  }
}

Load Replay::Run(absl::Duration duration) {
  const absl::Time end = absl::Now() + duration;
  std::vector<Load> loads(workers_.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < workers_.size(); ++i) {
    threads.emplace_back([&, i] { Work(*workers_[i], end, loads[i]); });
  }
  for (std::thread& thread : threads) thread.join();
  Load load;
  for (const Load& one : loads) load.Append(one);
  load.elapsed /= static_cast<int64_t>(workers_.size());
  return load;
}

void Replay::Work(Worker& worker, absl::Time end, Load& load) const {
  std::vector<std::string> storage;
  const absl::Time begin = absl::Now();
  absl::Time now = begin;
  while (now < end) {
    const ReplayedCall& call = calls_[worker.random() % calls_.size()];
    const absl::Time sent = now;
    absl::Status status =
        Execute(call, worker.sessions, worker.random, storage);
    now = absl::Now();
    load.latency.Record(now - sent);
    if (!status.ok()) load.Fail(status);
  }
  load.elapsed = now - begin;
}

}  // namespace kith::bench
