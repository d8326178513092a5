#ifndef KITH_TESTS_BENCH_PEER_PEER_VIEWS_H_
#define KITH_TESTS_BENCH_PEER_PEER_VIEWS_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/edge_views.h"
#include "tests/bench/turns.h"
#include "tests/bench/usage.h"

namespace kith::bench {

// Views by id of the peer, or of the suite over one protocol.
struct PeerViews {
  // Their shares are of the peer's.
  Turns turns;
  // The mean size of a reply's body; 0 over gRPC.
  double body_bytes = 0;
  // The median, of the peer's.
  double median = 0;
};

struct PeerResult {
  bool one_process = false;
  // The peer first, for each number of callers.
  std::vector<PeerViews> views;
};

struct PeerOptions {
  // Where the peer and the gateway listen for HTTP.
  std::string peer;
  std::string http;
  std::string token;
  // How long each is called, in `rounds` turns.
  absl::Duration time;
  int rounds = 1;
};

// Measures the peer and the suite over gRPC, Connect and REST by turns.
// `draw_number` draws the peer's id of a customer, `draw_id` the suite's.
absl::StatusOr<std::vector<PeerViews>> MeasurePeerViews(
    const PeerOptions& options, int callers, const GrpcLoad& over_grpc,
    const DrawContact& draw_number, const DrawContact& draw_id,
    UsageMeter& meter);

// As people read it. The goals are of the suite's best protocol: the one with
// the least median for one caller, with the most views a second for others.
std::string ToTable(const PeerResult& result);

// All figures, times in microseconds.
nlohmann::ordered_json ToJson(const PeerResult& result);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_PEER_PEER_VIEWS_H_
