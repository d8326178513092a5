#ifndef KITH_TESTS_BENCH_SCENARIO_H_
#define KITH_TESTS_BENCH_SCENARIO_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "tests/bench/load.h"
#include "tests/bench/population.h"
#include "tests/bench/targets.h"
#include "tests/bench/zipf.h"

namespace kith::bench {

// A kind of call to measure.
struct Scenario {
  // As it is asked for: "view_by_phone".
  std::string name;

  // In words.
  std::string title;

  // RPCs that follow each other, the caller's own among them; those that run
  // side by side count once.
  int hops = 1;

  // Customers in one call.
  int items = 1;

  bool writes = false;

  // The share of the replayed statements to reach at 64 callers; 0 where the
  // project has set none.
  double target = 0;

  // Starts one. Its customers are drawn from `random`; ids follow from
  // `serial`, which is never used twice.
  std::function<void(Random& random, uint64_t serial, Done done)> start;
};

// All of them. What they are given outlives them.
std::vector<Scenario> AllScenarios(const Targets& targets,
                                   const Population& population,
                                   const Zipf& popularity);

// What view_by_id and view_by_phone ask for, without the customer.
gateway::v1::GetCustomerViewRequest LeanView();

// INTERNAL if a view lacks a part: it is an answer, but not the one that was
// asked for.
absl::Status CheckView(const gateway::v1::GetCustomerViewResponse& response);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_SCENARIO_H_
