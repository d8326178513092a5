#include "tests/bench/peer/peer_views.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status/status_macros.h"
#include "tests/bench/http_callers.h"
#include "tests/bench/http_views.h"
#include "tests/bench/peer/peer_goal.h"

namespace kith::bench {
namespace {

// To parse the replies is the customer's work, on another machine: the load
// must do no more of it for one of them than for the other.
constexpr int kCheckEvery = 16;

std::string PeerRequest(const std::string& number, const std::string&) {
  return absl::StrCat("GET /customers/", number,
                      " HTTP/1.1\r\nhost: bench\r\n\r\n");
}

absl::Status CheckPeerView(absl::string_view body) {
  return absl::StrContains(body, R"("Interactions":[{)")
             ? absl::OkStatus()
             : absl::InternalError("a peer's view without interactions");
}

double MicrosOfPeer(absl::Duration time) {
  return absl::ToDoubleMicroseconds(time);
}

// The peer and the suite's protocols over HTTP, but for gRPC.
std::vector<HttpCallersOptions> AllOverHttp(const PeerOptions& options,
                                            const DrawContact& draw_number,
                                            const DrawContact& draw_id) {
  std::vector<HttpCallersOptions> all = {
      {.address = options.peer,
       .token = "",
       .view = {"peer", PeerRequest, CheckPeerView},
       .draw = draw_number,
       .check_every = kCheckEvery}};
  for (const HttpView& view : AllHttpViews()) {
    all.push_back({.address = options.http,
                   .token = options.token,
                   .view = view,
                   .draw = draw_id,
                   .check_every = kCheckEvery});
  }
  return all;
}

// Whether `views` is a better figure of the suite than `best`.
bool IsBetter(const PeerViews& views, const PeerViews& best) {
  return views.turns.callers == 1 ? views.median < best.median
                                  : views.turns.share > best.turns.share;
}

// The suite's best of those that have the peer's number of callers.
const PeerViews& BestOf(const std::vector<PeerViews>& all, size_t peer) {
  size_t best = peer + 1;
  for (size_t i = best + 1; i < all.size(); ++i) {
    if (all[i].turns.callers != all[peer].turns.callers) break;
    if (IsBetter(all[i], all[best])) best = i;
  }
  return all[best];
}

void AddGoals(const PeerResult& result, std::string& table) {
  absl::StrAppendFormat(&table, "\n%-14s %3s %10s %8s %9s  goals of %s\n",
                        "best of these", "N", "throughput", "p50", "processor",
                        result.one_process ? "one process" : "four processes");
  int callers = 0;
  for (size_t i = 0; i + 1 < result.views.size(); ++i) {
    if (result.views[i].turns.callers == callers) continue;
    callers = result.views[i].turns.callers;
    const PeerViews& best = BestOf(result.views, i);
    absl::StrAppendFormat(
        &table, "%-14s %3d %10.2f %8.2f %9.2f  %s\n", best.turns.title, callers,
        best.turns.share, best.median, 1 / best.turns.cpu_share,
        Judge(GoalBesidePeer(result.one_process, callers),
              {.rate = best.turns.share, .median = best.median}));
  }
}

}  // namespace

absl::StatusOr<std::vector<PeerViews>> MeasurePeerViews(
    const PeerOptions& options, int callers, const GrpcLoad& over_grpc,
    const DrawContact& draw_number, const DrawContact& draw_id,
    UsageMeter& meter) {
  std::vector<Contender> contenders;
  std::vector<std::unique_ptr<HttpCallers>> over_http;
  for (HttpCallersOptions& one : AllOverHttp(options, draw_number, draw_id)) {
    const std::string title = one.view.title;
    KITH_ASSIGN_OR_RETURN(over_http.emplace_back(),
                          HttpCallers::Open(std::move(one), callers));
    contenders.push_back(
        {.title = title,
         .run = [&all = *over_http.back()](absl::Duration time) {
           return all.Run(time);
         }});
  }
  uint64_t seed = 1;
  contenders.push_back({.title = "gRPC", .run = [&](absl::Duration time) {
                          return over_grpc(callers, time, seed += callers);
                        }});
  KITH_ASSIGN_OR_RETURN(
      std::vector<Turns> turns,
      MeasureByTurns(contenders, callers, options.time, options.rounds, meter));
  std::vector<PeerViews> all;
  for (size_t i = 0; i < turns.size(); ++i) {
    PeerViews& views = all.emplace_back();
    views.turns = std::move(turns[i]);
    if (i < over_http.size()) views.body_bytes = over_http[i]->BodyBytes();
    views.median =
        absl::FDivDuration(views.turns.calls.latency.Quantile(0.5),
                           all.front().turns.calls.latency.Quantile(0.5));
  }
  return all;
}

std::string ToTable(const PeerResult& result) {
  std::string table = absl::StrFormat(
      "%-14s %3s %9s %8s %9s %8s %9s %4s %7s\n", "view by id", "N", "views/s",
      "of peer", "p50 us", "of peer", "p99 us", "err", "bytes");
  std::vector<Turns> all;
  for (const PeerViews& views : result.views) {
    const Load& calls = views.turns.calls;
    absl::StrAppendFormat(
        &table, "%-14s %3d %9.0f %8.2f %9.0f %8.2f %9.0f %4d %7.0f\n",
        views.turns.title, views.turns.callers, calls.Rate(), views.turns.share,
        MicrosOfPeer(calls.latency.Quantile(0.5)), views.median,
        MicrosOfPeer(calls.latency.Quantile(0.99)), calls.errors,
        views.body_bytes);
    all.push_back(views.turns);
  }
  absl::StrAppend(&table, CpuTable(all));
  AddGoals(result, table);
  for (const Turns& turns : all) {
    for (const auto& [text, count] : turns.calls.faults) {
      absl::StrAppendFormat(&table, "%s: %d x %s\n", turns.title, count, text);
    }
  }
  return table;
}

nlohmann::ordered_json ToJson(const PeerResult& result) {
  auto all = nlohmann::ordered_json::array();
  for (const PeerViews& views : result.views) {
    const Turns& turns = views.turns;
    auto cpu = nlohmann::ordered_json::object();
    for (const auto& [name, time] : turns.used.cpu) {
      cpu[name] = MicrosOfPeer(turns.Cpu(name));
    }
    const Histogram& latency = turns.calls.latency;
    all.push_back({{"protocol", turns.title},
                   {"callers", turns.callers},
                   {"per_second", turns.calls.Rate()},
                   {"per_second_by_turn", turns.rates},
                   {"share_of_peer", turns.share},
                   {"share_of_peer_by_cpu", turns.cpu_share},
                   {"p50_us", MicrosOfPeer(latency.Quantile(0.5))},
                   {"p50_of_peer", views.median},
                   {"p99_us", MicrosOfPeer(latency.Quantile(0.99))},
                   {"body_bytes", views.body_bytes},
                   {"cpu_us", cpu},
                   {"faults", turns.calls.faults}});
  }
  return {{"beside_peer",
           {{"form", result.one_process ? "one process" : "four processes"},
            {"views", all}}}};
}

}  // namespace kith::bench
