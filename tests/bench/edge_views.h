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
#include "tests/bench/turns.h"
#include "tests/bench/usage.h"
#include "tests/bench/zipf.h"

namespace kith::bench {

struct EdgeResult {
  EdgeMemory memory;
  // gRPC first, for each number of callers.
  std::vector<Turns> views;
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

// Measures all protocols by turns.
absl::StatusOr<std::vector<Turns>> MeasureEdgeViews(
    const EdgeViewsOptions& options, int callers, const GrpcLoad& over_grpc,
    const DrawContact& draw, UsageMeter& meter);

// As people read it.
std::string ToTable(const EdgeResult& result);

// All figures, times in microseconds.
nlohmann::ordered_json ToJson(const EdgeResult& result);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_EDGE_VIEWS_H_
