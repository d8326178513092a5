#include "tests/bench/overload.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/status/status_macros.h"

namespace kith::bench {
namespace {

// The least that must be left of the peak.
constexpr double kTarget = 0.8;
constexpr double kPeakWarmUpShare = 0.3;

double GoodPerCpuSecond(const Load& load, const Usage& usage) {
  absl::Duration suite;
  for (const auto& [name, time] : usage.cpu) {
    if (name != kOwnProcess) suite += time;
  }
  return load.Rate() * absl::FDivDuration(load.elapsed, suite);
}

}  // namespace

double Overload::Share() const { return load.Rate() / peak.Rate(); }

double Overload::CpuShare() const {
  return GoodPerCpuSecond(load, used) / GoodPerCpuSecond(peak, peak_used);
}

absl::StatusOr<Overload> MeasureOverload(int callers, double times,
                                         absl::Duration duration, uint64_t seed,
                                         const StartCall& start,
                                         UsageMeter& meter) {
  Overload overload;
  overload.times = times;
  RunClosedLoop(callers, kPeakWarmUpShare * duration, seed, start);
  KITH_ASSIGN_OR_RETURN(const Usage before, meter.Read());
  overload.peak = RunClosedLoop(callers, duration, seed + callers, start);
  KITH_ASSIGN_OR_RETURN(const Usage between, meter.Read());
  absl::Mutex mutex;
  const StartCall timed = [&](Random& random, Done done) {
    start(random, [&, sent = absl::Now(),
                   done = std::move(done)](const absl::Status& status) {
      if (status.ok()) {
        absl::MutexLock lock(&mutex);
        overload.good_latency.Record(absl::Now() - sent);
      }
      done(status);
    });
  };
  overload.load = RunOpenLoop(times * overload.peak.Rate(), duration,
                              seed + 2 * static_cast<uint64_t>(callers), timed);
  KITH_ASSIGN_OR_RETURN(const Usage after, meter.Read());
  overload.peak_used = between - before;
  overload.used = after - between;
  return overload;
}

std::string ToTable(const Overload& overload) {
  const Load& load = overload.load;
  const double seconds = absl::ToDoubleSeconds(load.elapsed);
  std::string table = absl::StrFormat(
      "peak            %9.0f good/s\n"
      "at %.0f times that %9.0f sent/s\n"
      "                %9.0f good/s, p50 %.0f us, p99 %.0f us\n"
      "                %9.1f%% of the peak, want %.0f%%: %s\n"
      "                %9.1f%% by the processor time that the suite had\n",
      overload.peak.Rate(), overload.times,
      static_cast<double>(load.latency.count()) / seconds, load.Rate(),
      absl::ToDoubleMicroseconds(overload.good_latency.Quantile(0.5)),
      absl::ToDoubleMicroseconds(overload.good_latency.Quantile(0.99)),
      100 * overload.Share(), 100 * kTarget,
      overload.Share() >= kTarget ? "met" : "MISSED",
      100 * overload.CpuShare());
  for (const auto& [text, count] : load.faults) {
    absl::StrAppendFormat(&table, "%d x %s\n", count, text);
  }
  return table;
}

nlohmann::ordered_json ToJson(const Overload& overload) {
  const Load& load = overload.load;
  const nlohmann::ordered_json json = {
      {"peak_per_second", overload.peak.Rate()},
      {"times", overload.times},
      {"sent_per_second", static_cast<double>(load.latency.count()) /
                              absl::ToDoubleSeconds(load.elapsed)},
      {"good_per_second", load.Rate()},
      {"share_of_peak", overload.Share()},
      {"share_of_peak_by_cpu", overload.CpuShare()},
      {"good_p50_us",
       absl::ToDoubleMicroseconds(overload.good_latency.Quantile(0.5))},
      {"good_p99_us",
       absl::ToDoubleMicroseconds(overload.good_latency.Quantile(0.99))},
      {"faults", load.faults}};
  return {{"overload", json}};
}

}  // namespace kith::bench
