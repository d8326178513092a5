#ifndef KITH_TESTS_BENCH_RESULT_H_
#define KITH_TESTS_BENCH_RESULT_H_

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/load.h"
#include "tests/bench/scenario.h"
#include "tests/bench/usage.h"

namespace kith::bench {

// A scenario at one number of callers, and its limits, all taken by turns.
struct Result {
  Scenario scenario;
  int callers = 0;

  Load calls;
  // The same statements from plain threads.
  Load replay;
  int replay_threads = 0;
  // As many callers of an empty RPC.
  Load empty;

  // Of all calls, and of all replays.
  Usage used;
  Usage replay_used;

  // At a fixed rate, where it was asked for.
  double open_rate = 0;
  std::optional<Load> open;

  // How much of the replayed throughput is reached.
  double Share() const;

  // What a call would take if its statements and its RPCs followed each other
  // and nothing else took time, by the medians.
  absl::Duration Floor() const;

  // The median against that; meaningful for one caller.
  double TimesFloor() const;

  // Processor time of all processes for a call and for a replay, and the share
  // that the one is of the other: as Share, where the processor is what there
  // is too little of, but hardly moved by what else runs on the machine.
  absl::Duration CallCpu() const;
  absl::Duration ReplayCpu() const;
  double CpuShare() const;

  // `total` of usage for each call.
  double PerCall(double total) const;
};

// As people read it.
std::string ToTable(const std::vector<Result>& results);

// All figures, times in microseconds.
nlohmann::ordered_json ToJson(const std::vector<Result>& results);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_RESULT_H_
