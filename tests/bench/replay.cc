#include "tests/bench/replay.h"

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
    workers_.emplace_back(
        new Worker{SessionSet(databases), Random(seed + i), {}});
  }
}

Load Replay::Run(absl::Duration duration) {
  return RunThreads(threads(), duration, [this](int thread) {
    Worker& worker = *workers_[thread];
    return Execute(calls_[worker.random() % calls_.size()], worker.sessions,
                   worker.random, worker.storage);
  });
}

}  // namespace kith::bench
