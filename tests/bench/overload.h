#ifndef KITH_TESTS_BENCH_OVERLOAD_H_
#define KITH_TESTS_BENCH_OVERLOAD_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/histogram.h"
#include "tests/bench/load.h"
#include "tests/bench/usage.h"

namespace kith::bench {

// What becomes of the good answers where far more is asked than can be
// answered.
struct Overload {
  // As many callers as it takes to be busy, who wait for their answers.
  Load peak;
  Usage peak_used;

  // At a rate of so many times the peak's, waiting for nothing.
  double times = 0;
  Load load;
  Usage used;
  // Of the good answers, from the moment at which they were sent.
  Histogram good_latency;

  // The good answers, of those at the peak.
  double Share() const;

  // The same for each second of processor time that the suite had: the load
  // takes its own from the same processors, where a customer's does not.
  double CpuShare() const;
};

absl::StatusOr<Overload> MeasureOverload(int callers, double times,
                                         absl::Duration duration, uint64_t seed,
                                         const StartCall& start,
                                         UsageMeter& meter);

// As people read it.
std::string ToTable(const Overload& overload);

// All figures, times in microseconds.
nlohmann::ordered_json ToJson(const Overload& overload);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_OVERLOAD_H_
