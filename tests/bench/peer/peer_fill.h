#ifndef KITH_TESTS_BENCH_PEER_PEER_FILL_H_
#define KITH_TESTS_BENCH_PEER_PEER_FILL_H_

#include "absl/status/status.h"
#include "common/mysql/session.h"
#include "tests/bench/population.h"

namespace kith::bench {

// Writes the customers of a population into the peer's tables, which must be
// empty: the same names, values and texts as Fill, as far as the peer has
// columns for them. The contact of number n has the id n + 1. `administrator`
// logs in to the server that has the schema bench_peer.
absl::Status FillPeer(mysql::SessionOptions administrator,
                      const Population& population);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_PEER_PEER_FILL_H_
