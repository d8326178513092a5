#include "tests/bench/turns.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status/status_macros.h"

namespace kith::bench {
namespace {

constexpr double kFirstShare = 0.15;

double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

double ShareOf(const Turns& first, const Turns& turns) {
  std::vector<double> shares;
  for (size_t i = 0; i < turns.rates.size(); ++i) {
    shares.push_back(turns.rates[i] / std::max(1.0, first.rates[i]));
  }
  return MedianOf(std::move(shares));
}

}  // namespace

absl::Duration Turns::Cpu() const {
  absl::Duration total;
  for (const auto& [name, time] : used.cpu) total += Cpu(name);
  return total;
}

absl::Duration Turns::Cpu(const std::string& process) const {
  return used.cpu.at(process) / std::max<int64_t>(1, calls.latency.count());
}

absl::StatusOr<std::vector<Turns>> MeasureByTurns(
    const std::vector<Contender>& contenders, int callers, absl::Duration time,
    int rounds, UsageMeter& meter) {
  std::vector<Turns> all;
  for (const Contender& contender : contenders) {
    contender.run(kFirstShare * time);
    all.push_back({.title = contender.title, .callers = callers});
  }
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < all.size(); ++i) {
      KITH_ASSIGN_OR_RETURN(const Usage before, meter.Read());
      const Load load = contenders[i].run(time / rounds);
      KITH_ASSIGN_OR_RETURN(const Usage after, meter.Read());
      all[i].calls.Append(load);
      all[i].rates.push_back(load.Rate());
      all[i].used += after - before;
    }
  }
  for (Turns& turns : all) {
    turns.share = ShareOf(all.front(), turns);
    turns.cpu_share = absl::FDivDuration(all.front().Cpu(), turns.Cpu());
  }
  return all;
}

std::string CpuTable(const std::vector<Turns>& all) {
  std::string table = absl::StrFormat("\n%-18s", "us of processor");
  for (const auto& [name, time] : all.front().used.cpu) {
    absl::StrAppendFormat(&table, " %16s", name);
  }
  absl::StrAppendFormat(&table, " %9s %8s\n", "together",
                        absl::StrCat("of ", all.front().title));
  for (const Turns& turns : all) {
    absl::StrAppendFormat(&table, "%-14s %3d", turns.title, turns.callers);
    for (const auto& [name, time] : turns.used.cpu) {
      absl::StrAppendFormat(&table, " %16.0f",
                            absl::ToDoubleMicroseconds(turns.Cpu(name)));
    }
    absl::StrAppendFormat(&table, " %9.0f %7.1f%%\n",
                          absl::ToDoubleMicroseconds(turns.Cpu()),
                          100 * turns.cpu_share);
  }
  return table;
}

}  // namespace kith::bench
