#include "tests/bench/edge_views.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/status/status_macros.h"
#include "tests/bench/http_connection.h"
#include "tests/bench/http_views.h"

namespace kith::bench {
namespace {

// The least share of gRPC's throughput, for JSON.
constexpr double kEdgeTarget = 0.7;
constexpr double kEdgeWarmUpShare = 0.15;

// The callers of one protocol over HTTP.
class HttpCallers {
 public:
  static absl::StatusOr<std::unique_ptr<HttpCallers>> Open(
      const EdgeViewsOptions& options, const HttpView& view, int count,
      const DrawContact& draw) {
    std::unique_ptr<HttpCallers> callers(
        new HttpCallers(options.token, view, draw));
    for (int i = 0; i < count; ++i) {
      KITH_ASSIGN_OR_RETURN(callers->connections_.emplace_back(),
                            HttpConnection::Open(options.http));
      callers->randoms_.emplace_back(i);
    }
    return callers;
  }

  Load Run(absl::Duration duration) {
    return RunThreads(static_cast<int>(connections_.size()), duration,
                      [this](int caller) { return Call(caller); });
  }

 private:
  HttpCallers(std::string token, HttpView view, const DrawContact& draw)
      : token_(std::move(token)), view_(std::move(view)), draw_(draw) {}

  absl::Status Call(int caller) {
    KITH_ASSIGN_OR_RETURN(const absl::string_view body,
                          connections_[caller]->Call(
                              view_.request(draw_(randoms_[caller]), token_)));
    return view_.check(body);
  }

  const std::string token_;
  const HttpView view_;
  const DrawContact& draw_;
  std::vector<std::unique_ptr<HttpConnection>> connections_;
  std::vector<Random> randoms_;
};

double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

void Compare(const EdgeViews& grpc, EdgeViews& views) {
  std::vector<double> shares;
  for (size_t i = 0; i < views.rates.size(); ++i) {
    shares.push_back(views.rates[i] / std::max(1.0, grpc.rates[i]));
  }
  views.share = MedianOf(std::move(shares));
  views.cpu_share = absl::FDivDuration(grpc.Cpu(), views.Cpu());
}

double MicrosOf(absl::Duration time) {
  return absl::ToDoubleMicroseconds(time);
}

double CpuOf(const EdgeViews& views, absl::Duration time) {
  return MicrosOf(time) / static_cast<double>(views.calls.latency.count());
}

std::string MemoryText(const EdgeMemory& memory) {
  return absl::StrFormat(
      "\nKiB of the gateway's resident memory\n"
      "%-34s %6.1f (of %d)\n%-34s %6.1f (of %d)\n%-34s %6.1f (of %d)\n",
      "for an idle HTTP connection", memory.connection_kib, memory.connections,
      "for a stream as NDJSON", memory.http_stream_kib, memory.streams,
      "for a stream over gRPC", memory.grpc_stream_kib, memory.streams);
}

void AddCpuTable(const std::vector<EdgeViews>& all, std::string& table) {
  absl::StrAppendFormat(&table, "\n%-18s", "us of processor");
  for (const auto& [name, time] : all.front().used.cpu) {
    absl::StrAppendFormat(&table, " %16s", name);
  }
  absl::StrAppendFormat(&table, " %9s %8s\n", "together", "of gRPC");
  for (const EdgeViews& views : all) {
    absl::StrAppendFormat(&table, "%-14s %3d", views.title, views.callers);
    for (const auto& [name, time] : views.used.cpu) {
      absl::StrAppendFormat(&table, " %16.0f", CpuOf(views, time));
    }
    absl::StrAppendFormat(&table, " %9.0f %7.1f%%\n", MicrosOf(views.Cpu()),
                          100 * views.cpu_share);
  }
}

}  // namespace

absl::Duration EdgeViews::Cpu() const {
  absl::Duration total;
  for (const auto& [name, time] : used.cpu) total += time;
  return total / std::max<int64_t>(1, calls.latency.count());
}

absl::StatusOr<std::vector<EdgeViews>> MeasureEdgeViews(
    const EdgeViewsOptions& options, int callers, const GrpcLoad& over_grpc,
    const DrawContact& draw, UsageMeter& meter) {
  std::vector<EdgeViews> all = {{.title = "gRPC", .callers = callers}};
  std::vector<std::unique_ptr<HttpCallers>> over_http;
  for (const HttpView& view : AllHttpViews()) {
    all.push_back({.title = view.title, .callers = callers});
    KITH_ASSIGN_OR_RETURN(over_http.emplace_back(),
                          HttpCallers::Open(options, view, callers, draw));
  }
  uint64_t seed = 1;
  const auto run = [&](size_t protocol, absl::Duration duration) {
    return protocol == 0 ? over_grpc(callers, duration, seed += callers)
                         : over_http[protocol - 1]->Run(duration);
  };
  for (size_t i = 0; i < all.size(); ++i) {
    run(i, kEdgeWarmUpShare * options.time);
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (size_t i = 0; i < all.size(); ++i) {
      KITH_ASSIGN_OR_RETURN(const Usage before, meter.Read());
      const Load load = run(i, options.time / options.rounds);
      KITH_ASSIGN_OR_RETURN(const Usage after, meter.Read());
      all[i].calls.Append(load);
      all[i].rates.push_back(load.Rate());
      all[i].used += after - before;
    }
  }
  for (EdgeViews& views : all) Compare(all.front(), views);
  return all;
}

std::string ToTable(const EdgeResult& result) {
  std::string table =
      absl::StrFormat("%-14s %3s %9s %9s %9s %9s %4s %8s\n", "view by id", "N",
                      "views/s", "best", "p50 us", "p99 us", "err", "of gRPC");
  for (const EdgeViews& views : result.views) {
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
  AddCpuTable(result.views, table);
  absl::StrAppend(&table, MemoryText(result.memory));
  for (const EdgeViews& views : result.views) {
    for (const auto& [text, count] : views.calls.faults) {
      absl::StrAppendFormat(&table, "%s: %d x %s\n", views.title, count, text);
    }
  }
  return table;
}

nlohmann::ordered_json ToJson(const EdgeResult& result) {
  auto all = nlohmann::ordered_json::array();
  for (const EdgeViews& views : result.views) {
    auto cpu = nlohmann::ordered_json::object();
    for (const auto& [name, time] : views.used.cpu) {
      cpu[name] = CpuOf(views, time);
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
