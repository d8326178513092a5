#ifndef KITH_TESTS_BENCH_EDGE_MEMORY_H_
#define KITH_TESTS_BENCH_EDGE_MEMORY_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/targets.h"

namespace kith::bench {

// What the gateway keeps for those who wait, in KiB of resident memory for each
// of them. What the kernel keeps for a socket is not in it.
struct EdgeMemory {
  // Connections that have asked for one view each.
  int connections = 0;
  double connection_kib = 0;

  // Calls of WatchCustomer that have had their first message.
  int streams = 0;
  // NDJSON, a connection each.
  double http_stream_kib = 0;
  // Over a few connections.
  double grpc_stream_kib = 0;
};

struct EdgeMemoryOptions {
  // Where the gateway listens for HTTP: "127.0.0.1:8080".
  std::string http;
  std::string token;
  int gateway_pid = 0;
  // A customer who exists.
  std::string contact_id;
  int connections = 0;
  int streams = 0;
};

// Measures a gateway that nobody has put under load: else it would have memory
// to spare.
absl::StatusOr<EdgeMemory> MeasureEdgeMemory(const EdgeMemoryOptions& options,
                                             const Targets& targets);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_EDGE_MEMORY_H_
