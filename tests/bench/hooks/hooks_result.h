#ifndef KITH_TESTS_BENCH_HOOKS_HOOKS_RESULT_H_
#define KITH_TESTS_BENCH_HOOKS_HOOKS_RESULT_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/bench/hooks/lead_burst.h"
#include "tests/bench/turns.h"

namespace kith::bench {

struct HooksResult {
  // Of each number of callers: touches in batches, which the shares are of,
  // leads by forms, and beacons.
  std::vector<Turns> turns = {};
  LeadBurst burst = {};
};

// As people read it.
std::string ToTable(const HooksResult& result);

// All figures, times in microseconds.
nlohmann::ordered_json ToJson(const HooksResult& result);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_HOOKS_HOOKS_RESULT_H_
