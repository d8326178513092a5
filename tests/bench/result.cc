#include "tests/bench/result.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace kith::bench {
namespace {

using nlohmann::ordered_json;

constexpr int kTargetCallers = 64;
constexpr double kMaxTimesFloor = 2.5;

double Micros(absl::Duration duration) {
  return absl::ToDoubleMicroseconds(duration);
}

// Three digits are as many as this machine can repeat.
std::string Time(absl::Duration duration) {
  const double micros = Micros(duration);
  if (micros < 999.5) return absl::StrFormat("%.0f us", micros);
  const double millis = micros / 1000;
  if (millis < 9.995) return absl::StrFormat("%.2f ms", millis);
  if (millis < 99.95) return absl::StrFormat("%.1f ms", millis);
  return absl::StrFormat("%.0f ms", millis);
}

absl::Duration TotalCpu(const Usage& usage) {
  absl::Duration total;
  for (const auto& [name, time] : usage.cpu) total += time;
  return total;
}

std::string Target(const Result& result) {
  if (result.callers == 1) {
    return absl::StrFormat(
        "<= %.1fx: %s", kMaxTimesFloor,
        result.TimesFloor() <= kMaxTimesFloor ? "met" : "MISSED");
  }
  if (result.callers != kTargetCallers || result.scenario.target == 0) {
    return "";
  }
  return absl::StrFormat(
      ">= %.0f%%: %s", 100 * result.scenario.target,
      result.Share() >= result.scenario.target ? "met" : "MISSED");
}

void AddRow(const Result& result, std::string& table) {
  const Load& calls = result.calls;
  const bool alone = result.callers == 1;
  absl::StrAppendFormat(
      &table, "%-22s %3d %9.0f %9s %9s %6.2f %4d | %9.0f %5.1f%% %9s %6s",
      result.scenario.title, result.callers, calls.Rate(),
      Time(calls.latency.Quantile(0.5)), Time(calls.latency.Quantile(0.99)),
      calls.Callers(), calls.errors, result.replay.Rate(), 100 * result.Share(),
      alone ? Time(result.Floor()) : "",
      alone ? absl::StrFormat("%.2fx", result.TimesFloor()) : "");
  absl::StrAppendFormat(
      &table, " %8.0f %5.1f%% | %5.0f %5.0f | %s\n", result.empty.Rate(),
      result.empty.Rate() > 0 ? 100 * calls.Rate() / result.empty.Rate() : 0,
      result.PerCall(result.used.rows), result.PerCall(result.used.pages),
      Target(result));
}

void AddCpu(const Result& result, std::string& table) {
  absl::StrAppendFormat(&table, "%-22s %3d ", result.scenario.title,
                        result.callers);
  for (const auto& [name, time] : result.used.cpu) {
    absl::StrAppendFormat(&table, " %16.0f", result.PerCall(Micros(time)));
  }
  absl::StrAppendFormat(&table, " %9.0f %9.0f %5.1f%%\n",
                        Micros(result.CallCpu()), Micros(result.ReplayCpu()),
                        100 * result.CpuShare());
}

void AddOpenLoop(const Result& result, std::string& table) {
  const Histogram& latency = result.open->latency;
  absl::StrAppendFormat(
      &table, "%-22s %9.0f/s %9s %9s %9s %9s %6d\n", result.scenario.title,
      result.open_rate, Time(latency.Quantile(0.5)),
      Time(latency.Quantile(0.99)), Time(latency.Quantile(0.999)),
      Time(latency.Max()), result.open->errors);
}

std::string CpuHead(const Result& result) {
  std::string head =
      absl::StrFormat("%-22s %3s ", "us of processor a call", "");
  for (const auto& [name, time] : result.used.cpu) {
    absl::StrAppendFormat(&head, " %16s", name);
  }
  absl::StrAppendFormat(&head, " %9s %9s %6s\n", "together", "a replay",
                        "share");
  return head;
}

ordered_json ToJsonObject(const Load& load) {
  ordered_json json = {{"calls", load.latency.count()},
                       {"errors", load.errors},
                       {"seconds", absl::ToDoubleSeconds(load.elapsed)},
                       {"per_second", load.Rate()},
                       {"mean_us", Micros(load.latency.Mean())}};
  for (const auto& [name, share] :
       {std::pair("p50_us", 0.5), std::pair("p90_us", 0.9),
        std::pair("p99_us", 0.99), std::pair("p999_us", 0.999)}) {
    json[name] = Micros(load.latency.Quantile(share));
  }
  json["max_us"] = Micros(load.latency.Max());
  if (!load.faults.empty()) json["faults"] = load.faults;
  return json;
}

ordered_json ToJsonObject(const Usage& usage, int64_t calls) {
  const auto count = static_cast<double>(calls);
  ordered_json cpu = ordered_json::object();
  for (const auto& [name, time] : usage.cpu) cpu[name] = Micros(time) / count;
  return {{"rows_read", usage.rows / count},
          {"pages_read", usage.pages / count},
          {"cpu_us", cpu}};
}

ordered_json ToJsonObject(const Result& result) {
  ordered_json json = {
      {"scenario", result.scenario.name},
      {"callers", result.callers},
      {"items_per_call", result.scenario.items},
      {"closed_loop", ToJsonObject(result.calls)},
      {"throughput_times_latency", result.calls.Callers()},
      {"replayed_statements", ToJsonObject(result.replay)},
      {"replay_threads", result.replay_threads},
      {"share_of_replay", result.Share()},
      {"share_of_replay_by_cpu", result.CpuShare()},
      {"empty_call", ToJsonObject(result.empty)},
      {"sequential_calls", result.scenario.hops},
      {"floor_us", Micros(result.Floor())},
      {"times_floor", result.TimesFloor()},
      {"per_call", ToJsonObject(result.used, result.calls.latency.count())},
      {"per_replay",
       ToJsonObject(result.replay_used, result.replay.latency.count())}};
  if (result.open.has_value()) {
    json["open_loop"] = ToJsonObject(*result.open);
    json["open_loop"]["rate"] = result.open_rate;
  }
  return json;
}

}  // namespace

double Result::Share() const {
  return replay.Rate() > 0 ? calls.Rate() / replay.Rate() : 0;
}

absl::Duration Result::Floor() const {
  return replay.latency.Quantile(0.5) +
         scenario.hops * empty.latency.Quantile(0.5);
}

double Result::TimesFloor() const {
  return absl::FDivDuration(calls.latency.Quantile(0.5), Floor());
}

absl::Duration Result::CallCpu() const {
  return TotalCpu(used) / calls.latency.count();
}

absl::Duration Result::ReplayCpu() const {
  return TotalCpu(replay_used) / replay.latency.count();
}

double Result::CpuShare() const {
  return absl::FDivDuration(ReplayCpu(), CallCpu());
}

double Result::PerCall(double total) const {
  return total / static_cast<double>(calls.latency.count());
}

std::string ToTable(const std::vector<Result>& results) {
  std::string table = absl::StrFormat(
      "%-22s %3s %9s %9s %9s %6s %4s | %9s %6s %9s %6s %8s %6s | %5s %5s | %s"
      "\n",
      "", "N", "calls/s", "p50", "p99", "N'", "err", "replay/s", "share",
      "floor", "p50/fl", "empty/s", "share", "rows", "pages", "target");
  for (const Result& result : results) AddRow(result, table);
  if (results.empty()) return table;
  absl::StrAppend(&table, "\n", CpuHead(results[0]));
  for (const Result& result : results) AddCpu(result, table);
  absl::StrAppendFormat(&table, "\n%-22s %11s %9s %9s %9s %9s %6s\n",
                        "open loop", "rate", "p50", "p99", "p99.9", "max",
                        "err");
  for (const Result& result : results) {
    if (result.open.has_value()) AddOpenLoop(result, table);
  }
  for (const Result& result : results) {
    for (const auto& [text, count] : result.calls.faults) {
      absl::StrAppendFormat(&table, "%s: %d x %s\n", result.scenario.name,
                            count, text);
    }
    for (const auto& [text, count] : result.replay.faults) {
      absl::StrAppendFormat(&table, "replay of %s: %d x %s\n",
                            result.scenario.name, count, text);
    }
  }
  return table;
}

ordered_json ToJson(const std::vector<Result>& results) {
  ordered_json all = ordered_json::array();
  for (const Result& result : results) all.push_back(ToJsonObject(result));
  return {{"results", all}};
}

}  // namespace kith::bench
