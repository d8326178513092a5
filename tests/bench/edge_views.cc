#include "tests/bench/edge_views.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status/status_macros.h"
#include "tests/bench/http_callers.h"
#include "tests/bench/http_views.h"

namespace kith::bench {
namespace {

// The least share of gRPC's throughput, for JSON.
constexpr double kEdgeTarget = 0.7;

double MicrosOf(absl::Duration time) {
  return absl::ToDoubleMicroseconds(time);
}

std::string MemoryText(const EdgeMemory& memory) {
  return absl::StrFormat(
      "\nKiB of the gateway's resident memory\n"
      "%-34s %6.1f (of %d)\n%-34s %6.1f (of %d)\n%-34s %6.1f (of %d)\n",
      "for an idle HTTP connection", memory.connection_kib, memory.connections,
      "for a stream as NDJSON", memory.http_stream_kib, memory.streams,
      "for a stream over gRPC", memory.grpc_stream_kib, memory.streams);
}

}  // namespace

absl::StatusOr<std::vector<Turns>> MeasureEdgeViews(
    const EdgeViewsOptions& options, int callers, const GrpcLoad& over_grpc,
    const DrawContact& draw, UsageMeter& meter) {
  uint64_t seed = 1;
  std::vector<Contender> contenders = {
      {.title = "gRPC", .run = [&](absl::Duration time) {
         return over_grpc(callers, time, seed += callers);
       }}};
  std::vector<std::unique_ptr<HttpCallers>> over_http;
  for (const HttpView& view : AllHttpViews()) {
    KITH_ASSIGN_OR_RETURN(over_http.emplace_back(),
                          HttpCallers::Open({.address = options.http,
                                             .token = options.token,
                                             .view = view,
                                             .draw = draw},
                                            callers));
    contenders.push_back(
        {.title = view.title,
         .run = [&one = *over_http.back()](absl::Duration time) {
           return one.Run(time);
         }});
  }
  return MeasureByTurns(contenders, callers, options.time, options.rounds,
                        meter);
}

std::string ToTable(const EdgeResult& result) {
  std::string table =
      absl::StrFormat("%-14s %3s %9s %9s %9s %9s %4s %8s\n", "view by id", "N",
                      "views/s", "best", "p50 us", "p99 us", "err", "of gRPC");
  for (const Turns& views : result.views) {
    const Histogram& latency = views.calls.latency;
    absl::StrAppendFormat(
        &table, "%-14s %3d %9.0f %9.0f %9.0f %9.0f %4d %7.1f%%\n", views.title,
        views.callers, views.calls.Rate(),
        *std::max_element(views.rates.begin(), views.rates.end()),
        MicrosOf(latency.Quantile(0.5)), MicrosOf(latency.Quantile(0.99)),
        views.calls.errors, 100 * views.share);
  }
  absl::StrAppendFormat(&table, "JSON: want %.0f%% of gRPC\n",
                        100 * kEdgeTarget);
  absl::StrAppend(&table, CpuTable(result.views), MemoryText(result.memory));
  for (const Turns& views : result.views) {
    for (const auto& [text, count] : views.calls.faults) {
      absl::StrAppendFormat(&table, "%s: %d x %s\n", views.title, count, text);
    }
  }
  return table;
}

nlohmann::ordered_json ToJson(const EdgeResult& result) {
  auto all = nlohmann::ordered_json::array();
  for (const Turns& views : result.views) {
    auto cpu = nlohmann::ordered_json::object();
    for (const auto& [name, time] : views.used.cpu) {
      cpu[name] = MicrosOf(views.Cpu(name));
    }
    const Histogram& latency = views.calls.latency;
    all.push_back({{"protocol", views.title},
                   {"callers", views.callers},
                   {"per_second", views.calls.Rate()},
                   {"per_second_by_turn", views.rates},
                   {"share_of_grpc", views.share},
                   {"share_of_grpc_by_cpu", views.cpu_share},
                   {"p50_us", MicrosOf(latency.Quantile(0.5))},
                   {"p99_us", MicrosOf(latency.Quantile(0.99))},
                   {"cpu_us", cpu},
                   {"faults", views.calls.faults}});
  }
  const EdgeMemory& memory = result.memory;
  return {{"edge",
           {{"views", all},
            {"idle_connections", memory.connections},
            {"idle_connection_kib", memory.connection_kib},
            {"streams", memory.streams},
            {"ndjson_stream_kib", memory.http_stream_kib},
            {"grpc_stream_kib", memory.grpc_stream_kib}}}};
}

}  // namespace kith::bench
