#ifndef KITH_TESTS_BENCH_TURNS_H_
#define KITH_TESTS_BENCH_TURNS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/load.h"
#include "tests/bench/usage.h"

namespace kith::bench {

// One of several ways to the same end, such as a view.
struct Contender {
  std::string title;

  // Runs a load of a number of callers that it knows.
  std::function<Load(absl::Duration duration)> run;
};

// What came of the turns of a contender.
struct Turns {
  std::string title;
  int callers = 0;

  // All turns, and calls a second of each.
  Load calls = {};
  std::vector<double> rates = {};
  Usage used = {};

  // Throughput, by that of the first contender: the median of the turns, each
  // of which ran just before or after its like of the first.
  double share = 0;
  // The same by the processor time of all processes for a call, the load's
  // included.
  double cpu_share = 0;

  // Processor time of all processes for a call, and that of one of them.
  absl::Duration Cpu() const;
  absl::Duration Cpu(const std::string& process) const;
};

// Has each contender run for `time`, in `rounds` turns, so that what else
// happens on the machine meets all of them. `callers` is what they run with.
absl::StatusOr<std::vector<Turns>> MeasureByTurns(
    const std::vector<Contender>& contenders, int callers, absl::Duration time,
    int rounds, UsageMeter& meter);

// Processor time by process, as people read it. All have the same processes,
// and the first of those with the same callers is what they are taken of.
std::string CpuTable(const std::vector<Turns>& all);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_TURNS_H_
