#ifndef KITH_TESTS_BENCH_BENCH_H_
#define KITH_TESTS_BENCH_BENCH_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"
#include "tests/bench/action_scenario.h"
#include "tests/bench/databases.h"
#include "tests/bench/edge_views.h"
#include "tests/bench/fresh_values.h"
#include "tests/bench/hooks/hooks_result.h"
#include "tests/bench/merge_scenario.h"
#include "tests/bench/overload.h"
#include "tests/bench/peer/peer_views.h"
#include "tests/bench/population.h"
#include "tests/bench/replay.h"
#include "tests/bench/result.h"
#include "tests/bench/sample.h"
#include "tests/bench/scenario.h"
#include "tests/bench/targets.h"
#include "tests/bench/usage.h"
#include "tests/bench/zipf.h"

namespace kith::bench {

struct BenchOptions {
  std::string gateway;
  std::string identity;
  std::string token;
  Databases databases;
  config::v1::Tenant tenant;
  Processes processes;
  // Where the database server writes its general log.
  std::string log_file;

  // Beginnings of names, "merge" among them; all where there is none.
  std::vector<std::string> scenarios;
  std::vector<int> callers;
  Sample sample;
  uint64_t contacts = 0;
  uint64_t interactions = 0;

  // What to merge: see MergeScenario.
  std::vector<int> histories;
  std::vector<int> groups;

  // How long each scenario is called by each number of callers, in `rounds`
  // that take turns with its limits.
  absl::Duration time;
  int rounds = 1;
  // Calls of which the statements are learned.
  int samples = 0;
  // The rate of the open loop, as a share of what the closed one reached; 0:
  // there is none.
  double open_share = 0;
  // How many times the peak to send; 0: no overload, but the other scenarios.
  double overload = 0;

  // Measure connectors and visits.
  bool hooks = false;

  // Where the gateway listens for HTTP; of the edge, of how many connections
  // and streams to measure the memory.
  std::string http;
  int connections = 0;
  int streams = 0;

  // Of actions: how many people wait in each queue to measure; none: do not.
  std::vector<int> waiting;

  // Where the peer listens for HTTP, whose tables are empty.
  std::string peer;
};

// One benchmark of a suite whose databases are empty and whose services nobody
// has called yet. Tells on standard error how far it is.
class Bench {
 public:
  explicit Bench(const BenchOptions& options);

  // Waits for the suite. To be called before all that calls it.
  absl::Status Connect();

  // Measures the scenarios that were asked for, by calls and by replays.
  absl::StatusOr<std::vector<Result>> Run();

  // Measures merges, if they were asked for. Run, if at all, comes before it:
  // it learns the statements of services that nobody has called.
  absl::StatusOr<std::vector<MergeResult>> RunMerges();

  // Measures agents who work queues off, as many as the most callers.
  absl::StatusOr<ActionsResult> RunActions();

  // Measures forms that are sent to connectors, and visits.
  absl::StatusOr<HooksResult> RunHooks();

  // By views of one scenario, the first that was asked for.
  absl::StatusOr<Overload> RunOverload();

  // By the views of the first scenario that was asked for, which is view_by_id,
  // and by the same over HTTP.
  absl::StatusOr<EdgeResult> RunEdge();

  // By the same views, of the peer as well.
  absl::StatusOr<PeerResult> RunPeer();

  // Writes the customers into the databases; all that Run... do first.
  absl::Status FillDatabases();

 private:
  absl::StatusOr<std::vector<std::vector<ReplayedCall>>> Learn();
  absl::StatusOr<Result> Measure(const Scenario& scenario,
                                 const std::vector<ReplayedCall>& replayed,
                                 int callers);
  // By as many threads as there are callers, or by fewer where that is faster.
  std::unique_ptr<Replay> BestReplay(const std::vector<ReplayedCall>& replayed,
                                     int callers);
  StartCall Starter(const Scenario& scenario);
  // Of the first scenario.
  GrpcLoad OverGrpc();
  // A customer as the suite names one.
  DrawContact DrawId() const;

  const BenchOptions& options_;
  const Population population_;
  const Zipf popularity_;
  Targets targets_;
  std::vector<Scenario> scenarios_;
  std::atomic<uint64_t> serial_ = 0;
  uint64_t seed_ = 1;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_BENCH_H_
