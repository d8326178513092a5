#ifndef KITH_TESTS_BENCH_EDGE_VIEWS_H_
#define KITH_TESTS_BENCH_EDGE_VIEWS_H_

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/edge_memory.h"
#include "tests/bench/load.h"
#include "tests/bench/usage.h"

namespace kith::bench {

// The same view over one protocol, by some callers.
struct EdgeViews {
  std::string title;
  int callers = 0;

  // All turns, and views a second of each.
  Load calls = {};
  std::vector<double> rates = {};
  Usage used = {};

  // Throughput, by that of gRPC: the median of the turns, each of which ran
  // just before or after its like over gRPC.
  double share = 0;
  // The same by the processor time of all processes for a view, the load's
  // included.
  double cpu_share = 0;

  // Processor time of all processes for a view.
  absl::Duration Cpu() const;
};

struct EdgeResult {
  EdgeMemory memory;
  // gRPC first, for each number of callers.
  std::vector<EdgeViews> views;
};

struct EdgeViewsOptions {
  // Where the gateway listens for HTTP.
  std::string http;
  std::string token;
  // How long each protocol is called, in `rounds` turns.
  absl::Duration time;
  int rounds = 1;
};

// Runs a load of views over gRPC.
using GrpcLoad =
    std::function<Load(int callers, absl::Duration duration, uint64_t seed)>;

// Draws the contact id of a view.
using DrawContact = std::function<std::string(Random& random)>;

// Measures all protocols by turns, so that what else happens on the machine
// meets all of them. Each HTTP caller has a connection and a thread.
absl::StatusOr<std::vector<EdgeViews>> MeasureEdgeViews(
    const EdgeViewsOptions& options, int callers, const GrpcLoad& over_grpc,
    const DrawContact& draw, UsageMeter& meter);

// As people read it.
std::string ToTable(const EdgeResult& result);

// All figures, times in microseconds.
nlohmann::ordered_json ToJson(const EdgeResult& result);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_EDGE_VIEWS_H_
