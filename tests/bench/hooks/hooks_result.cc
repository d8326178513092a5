#include "tests/bench/hooks/hooks_result.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/histogram.h"

namespace kith::bench {
namespace {

double MicrosOfHook(absl::Duration time) {
  return absl::ToDoubleMicroseconds(time);
}

std::string BurstText(const LeadBurst& burst) {
  return absl::StrFormat(
      "\n%d leads at once: none lost, each with its contact and its action\n"
      "all receipts after %.1f s; answered 429 %d times, 503 %d times, not at "
      "all %d times, and sent again\n"
      "recorded after %.1f s (p50), %.1f s (p99), the last after %.1f s; %d "
      "more than once\n",
      kLeadsOfBurst, absl::ToDoubleSeconds(burst.receipts), burst.too_many,
      burst.not_kept, burst.unanswered,
      absl::ToDoubleSeconds(burst.recorded.Quantile(0.5)),
      absl::ToDoubleSeconds(burst.recorded.Quantile(0.99)),
      absl::ToDoubleSeconds(burst.recorded.Max()), burst.repeated);
}

nlohmann::ordered_json BurstJson(const LeadBurst& burst) {
  return {{"leads", kLeadsOfBurst},
          {"receipts_us", MicrosOfHook(burst.receipts)},
          {"too_many", burst.too_many},
          {"not_kept", burst.not_kept},
          {"unanswered", burst.unanswered},
          {"recorded_p50_us", MicrosOfHook(burst.recorded.Quantile(0.5))},
          {"recorded_p99_us", MicrosOfHook(burst.recorded.Quantile(0.99))},
          {"recorded_last_us", MicrosOfHook(burst.recorded.Max())},
          {"repeated", burst.repeated}};
}

}  // namespace

std::string ToTable(const HooksResult& result) {
  std::string table =
      absl::StrFormat("%-14s %3s %9s %9s %9s %4s %8s\n", "touches by", "N",
                      "a second", "p50 us", "p99 us", "err", "of batch");
  for (const Turns& turns : result.turns) {
    const Histogram& latency = turns.calls.latency;
    absl::StrAppendFormat(&table, "%-14s %3d %9.0f %9.0f %9.0f %4d %7.1f%%\n",
                          turns.title, turns.callers, turns.calls.Rate(),
                          MicrosOfHook(latency.Quantile(0.5)),
                          MicrosOfHook(latency.Quantile(0.99)),
                          turns.calls.errors, 100 * turns.share);
  }
  absl::StrAppend(&table, CpuTable(result.turns), BurstText(result.burst));
  for (const Turns& turns : result.turns) {
    for (const auto& [text, count] : turns.calls.faults) {
      absl::StrAppendFormat(&table, "%s: %d x %s\n", turns.title, count, text);
    }
  }
  return table;
}

nlohmann::ordered_json ToJson(const HooksResult& result) {
  auto all = nlohmann::ordered_json::array();
  for (const Turns& turns : result.turns) {
    auto cpu = nlohmann::ordered_json::object();
    for (const auto& [name, time] : turns.used.cpu) {
      cpu[name] = MicrosOfHook(turns.Cpu(name));
    }
    const Histogram& latency = turns.calls.latency;
    all.push_back({{"touches_by", turns.title},
                   {"callers", turns.callers},
                   {"per_second", turns.calls.Rate()},
                   {"per_second_by_turn", turns.rates},
                   {"share_of_batch", turns.share},
                   {"share_of_batch_by_cpu", turns.cpu_share},
                   {"p50_us", MicrosOfHook(latency.Quantile(0.5))},
                   {"p99_us", MicrosOfHook(latency.Quantile(0.99))},
                   {"cpu_us", cpu},
                   {"faults", turns.calls.faults}});
  }
  return {{"hooks", {{"turns", all}, {"burst", BurstJson(result.burst)}}}};
}

}  // namespace kith::bench
