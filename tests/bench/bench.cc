#include "tests/bench/bench.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/status/status_macros.h"
#include "tests/bench/capture.h"
#include "tests/bench/fill.h"
#include "tests/bench/hooks/hook_scenario.h"
#include "tests/bench/peer/peer_fill.h"

namespace kith::bench {
namespace {

constexpr int kConnections = 4;
constexpr absl::Duration kConnectTimeout = absl::Seconds(10);
// Of the time that a scenario gets.
constexpr double kReplayShare = 0.6;
constexpr double kEmptyShare = 0.4;
constexpr double kWarmUpShare = 0.15;
// More threads would wait for each other's locks and take turns on the cores:
// where that costs more than it gains, these are the limit.
constexpr int kFewThreads = 8;

constexpr char kMerge[] = "merge";

bool IsWanted(absl::string_view scenario,
              const std::vector<std::string>& names) {
  return names.empty() ||
         std::any_of(names.begin(), names.end(), [&](const std::string& name) {
           return absl::StartsWith(scenario, name);
         });
}

}  // namespace

Bench::Bench(const BenchOptions& options)
    : options_(options),
      population_(
          options.sample,
          {.contacts = options.contacts, .interactions = options.interactions},
          absl::Now()),
      popularity_(options.contacts),
      targets_(options.gateway, options.identity, options.token, kConnections) {
  for (Scenario& one : AllScenarios(targets_, population_, popularity_)) {
    if (IsWanted(one.name, options.scenarios))
      scenarios_.push_back(std::move(one));
  }
}

absl::Status Bench::Connect() {
  if (scenarios_.empty() && !IsWanted(kMerge, options_.scenarios)) {
    return absl::InvalidArgumentError("no scenario of such a name");
  }
  if (!targets_.WaitConnected(absl::Now() + kConnectTimeout)) {
    return absl::UnavailableError("the suite cannot be reached");
  }
  return absl::OkStatus();
}

absl::StatusOr<ActionsResult> Bench::RunActions() {
  KITH_ASSIGN_OR_RETURN(
      UsageMeter meter,
      UsageMeter::Make(options_.databases.administrator, options_.processes));
  ActionScenario actions(targets_, options_.databases, options_.tenant,
                         options_.sample, options_.contacts,
                         options_.callers.back());
  return actions.Run(options_.waiting, options_.time, meter);
}

absl::StatusOr<HooksResult> Bench::RunHooks() {
  KITH_RETURN_IF_ERROR(FillDatabases());
  KITH_ASSIGN_OR_RETURN(
      UsageMeter meter,
      UsageMeter::Make(options_.databases.administrator, options_.processes));
  HookScenario hooks(targets_, options_.http);
  HooksResult result;
  for (const int callers : options_.callers) {
    targets_.Use(callers);
    KITH_RETURN_IF_ERROR(hooks.MeasureTurns(callers, options_.time,
                                            options_.rounds, meter, result));
  }
  KITH_RETURN_IF_ERROR(hooks.MeasureBurst(result));
  return result;
}

absl::StatusOr<Overload> Bench::RunOverload() {
  if (scenarios_.empty()) return absl::InvalidArgumentError("no scenario");
  KITH_RETURN_IF_ERROR(FillDatabases());
  KITH_ASSIGN_OR_RETURN(
      UsageMeter meter,
      UsageMeter::Make(options_.databases.administrator, options_.processes));
  return MeasureOverload(options_.callers.back(), options_.overload,
                         options_.time, ++seed_, Starter(scenarios_[0]), meter);
}

absl::StatusOr<EdgeResult> Bench::RunEdge() {
  if (scenarios_.empty()) return absl::InvalidArgumentError("no scenario");
  const auto gateway = options_.processes.find("gateway");
  if (gateway == options_.processes.end()) {
    return absl::InvalidArgumentError("no process of the gateway");
  }
  KITH_RETURN_IF_ERROR(FillDatabases());
  EdgeResult result;
  KITH_ASSIGN_OR_RETURN(
      result.memory,
      MeasureEdgeMemory({.http = options_.http,
                         .token = options_.token,
                         .gateway_pid = gateway->second,
                         .contact_id = population_.ContactId(0).ToString(),
                         .connections = options_.connections,
                         .streams = options_.streams},
                        targets_));
  KITH_ASSIGN_OR_RETURN(
      UsageMeter meter,
      UsageMeter::Make(options_.databases.administrator, options_.processes));
  for (const int callers : options_.callers) {
    targets_.Use(callers);
    KITH_ASSIGN_OR_RETURN(
        std::vector<Turns> views,
        MeasureEdgeViews({.http = options_.http,
                          .token = options_.token,
                          .time = options_.time,
                          .rounds = options_.rounds},
                         callers, OverGrpc(), DrawId(), meter));
    for (Turns& one : views) result.views.push_back(std::move(one));
  }
  return result;
}

absl::StatusOr<PeerResult> Bench::RunPeer() {
  if (scenarios_.empty()) return absl::InvalidArgumentError("no scenario");
  KITH_RETURN_IF_ERROR(FillDatabases());
  KITH_RETURN_IF_ERROR(FillPeer(options_.databases.administrator, population_));
  KITH_ASSIGN_OR_RETURN(
      UsageMeter meter,
      UsageMeter::Make(options_.databases.administrator, options_.processes));
  const auto draw_number = [this](Random& random) {
    return absl::StrCat(popularity_.Draw(random) + 1);
  };
  PeerResult result;
  result.one_process = !options_.processes.contains("gateway");
  for (const int callers : options_.callers) {
    targets_.Use(callers);
    KITH_ASSIGN_OR_RETURN(
        std::vector<PeerViews> views,
        MeasurePeerViews({.peer = options_.peer,
                          .http = options_.http,
                          .token = options_.token,
                          .time = options_.time,
                          .rounds = options_.rounds},
                         callers, OverGrpc(), draw_number, DrawId(), meter));
    for (PeerViews& one : views) result.views.push_back(std::move(one));
  }
  return result;
}

absl::StatusOr<std::vector<Result>> Bench::Run() {
  std::vector<Result> results;
  if (scenarios_.empty()) return results;
  KITH_RETURN_IF_ERROR(FillDatabases());
  KITH_ASSIGN_OR_RETURN(const auto replayed, Learn());
  for (size_t i = 0; i < scenarios_.size(); ++i) {
    for (const int callers : options_.callers) {
      KITH_ASSIGN_OR_RETURN(Result result,
                            Measure(scenarios_[i], replayed[i], callers));
      std::cerr << absl::StreamFormat(
          "  %s, %d callers: %.0f/s, %.1f%% of the replay\n",
          result.scenario.title, callers, result.calls.Rate(),
          100 * result.Share());
      results.push_back(std::move(result));
    }
  }
  return results;
}

absl::StatusOr<std::vector<MergeResult>> Bench::RunMerges() {
  if (!IsWanted(kMerge, options_.scenarios)) return std::vector<MergeResult>();
  MergeScenario merges(targets_, options_.databases, options_.tenant,
                       options_.sample, options_.contacts);
  return merges.Run(options_.histories, options_.groups);
}

absl::Status Bench::FillDatabases() {
  const absl::Time begin = absl::Now();
  KITH_RETURN_IF_ERROR(Fill(options_.databases, options_.tenant, population_));
  std::cerr << absl::StreamFormat(
      "  %d contacts with %d interactions each, filled in %.1f s\n",
      options_.contacts, options_.interactions,
      absl::ToDoubleSeconds(absl::Now() - begin));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::vector<ReplayedCall>>> Bench::Learn() {
  Capture capture(options_.databases, options_.log_file);
  KITH_RETURN_IF_ERROR(capture.Start());
  for (const Scenario& scenario : scenarios_) {
    const int samples = std::max(1, options_.samples / scenario.items);
    KITH_RETURN_IF_ERROR(capture.Add(scenario, samples, serial_));
  }
  return capture.Finish();
}

StartCall Bench::Starter(const Scenario& scenario) {
  return [this, &scenario](Random& random, Done done) {
    scenario.start(random, ++serial_, std::move(done));
  };
}

GrpcLoad Bench::OverGrpc() {
  return [start = Starter(scenarios_[0])](int callers, absl::Duration time,
                                          uint64_t seed) {
    return RunClosedLoop(callers, time, seed, start);
  };
}

DrawContact Bench::DrawId() const {
  return [this](Random& random) {
    return population_.ContactId(popularity_.Draw(random)).ToString();
  };
}

std::unique_ptr<Replay> Bench::BestReplay(
    const std::vector<ReplayedCall>& replayed, int callers) {
  std::unique_ptr<Replay> best;
  double best_rate = -1;
  for (const int threads :
       std::set<int>{std::min(callers, kFewThreads), callers}) {
    auto replay = std::make_unique<Replay>(options_.databases, replayed,
                                           threads, seed_ += threads);
    // The first one opens sessions and prepares statements.
    replay->Run(kWarmUpShare * options_.time);
    const double rate = replay->Run(kWarmUpShare * options_.time).Rate();
    if (rate <= best_rate) continue;
    best_rate = rate;
    best = std::move(replay);
  }
  return best;
}

absl::StatusOr<Result> Bench::Measure(const Scenario& scenario,
                                      const std::vector<ReplayedCall>& replayed,
                                      int callers) {
  Result result;
  result.scenario = scenario;
  result.callers = callers;
  targets_.Use(callers);
  KITH_ASSIGN_OR_RETURN(
      UsageMeter meter,
      UsageMeter::Make(options_.databases.administrator, options_.processes));
  const StartCall start = Starter(scenario);
  const StartCall nothing = [this](Random& random, Done done) {
    targets_.CallNothing(random(), std::move(done));
  };
  const std::unique_ptr<Replay> replay = BestReplay(replayed, callers);
  result.replay_threads = replay->threads();
  const absl::Duration time = options_.time / options_.rounds;
  RunClosedLoop(callers, kWarmUpShare * options_.time, ++seed_, start);
  for (int round = 0; round < options_.rounds; ++round) {
    KITH_ASSIGN_OR_RETURN(const Usage before, meter.Read());
    result.replay.Append(replay->Run(kReplayShare * time));
    KITH_ASSIGN_OR_RETURN(const Usage between, meter.Read());
    result.calls.Append(RunClosedLoop(callers, time, seed_ += callers, start));
    KITH_ASSIGN_OR_RETURN(const Usage after, meter.Read());
    result.replay_used += between - before;
    result.used += after - between;
    result.empty.Append(
        RunClosedLoop(callers, kEmptyShare * time, seed_ += callers, nothing));
  }
  if (options_.open_share > 0 && callers == options_.callers.back()) {
    result.open_rate = std::max(1.0, options_.open_share * result.calls.Rate());
    result.open = RunOpenLoop(result.open_rate, options_.time, ++seed_, start);
  }
  return result;
}

}  // namespace kith::bench
