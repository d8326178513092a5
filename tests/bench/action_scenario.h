#ifndef KITH_TESTS_BENCH_ACTION_SCENARIO_H_
#define KITH_TESTS_BENCH_ACTION_SCENARIO_H_

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"
#include "kith/gateway/v1/action.pb.h"
#include "tests/bench/databases.h"
#include "tests/bench/histogram.h"
#include "tests/bench/sample.h"
#include "tests/bench/targets.h"
#include "tests/bench/usage.h"

namespace kith::bench {

// NextActions of a queue in which so many people wait.
struct NextResult {
  int waiting = 0;
  Histogram latency = {};
  // Calls that found all of the head taken by others just then, and were made
  // again.
  int64_t in_vain = 0;
  // Rows that the database read for a call, with what the feed reads of it.
  double rows = 0;
};

// A queue that agents have worked off at once.
struct WorkedOff {
  int people = 0;
  int agents = 0;
  absl::Duration elapsed = {};
  // Of the agents who worked to the end: the fewest and the most people whom
  // one has dealt with, and the longest time in which one was given nobody
  // while others were.
  int fewest = 0;
  int most = 0;
  absl::Duration longest_wait = {};

  // Agents who were killed while they had somebody, and when these came back
  // after the end of their leases: the first and the last.
  int killed = 0;
  absl::Duration first_back = {};
  absl::Duration last_back = {};
};

struct ActionsResult {
  int agents = 0;
  std::vector<NextResult> next = {};
  WorkedOff worked_off = {};
};

// Agents who work off queues that it adds to the databases, while nobody else
// calls the suite. Not thread-safe.
class ActionScenario {
 public:
  // What is given outlives it. `first` is the number of its first contact: the
  // other populations have those below.
  ActionScenario(const Targets& targets, const Databases& databases,
                 const config::v1::Tenant& tenant, const Sample& sample,
                 uint64_t first, int agents)
      : targets_(targets),
        databases_(databases),
        tenant_(tenant),
        sample_(sample),
        first_(first),
        agents_(agents) {}

  // Has agents work a queue off, of whom some are killed; then measures queues
  // of so many people by turns, each called for `time`; then waits for those
  // whom the killed had leased. INTERNAL if somebody was dealt with twice or by
  // nobody, or was given before the end of a lease.
  absl::StatusOr<ActionsResult> Run(const std::vector<int>& waiting,
                                    absl::Duration time, UsageMeter& meter);

 private:
  // The agent of each person who is given.
  using Given = std::map<std::string, std::string>;

  // A queue, each of whose people has one action.
  absl::Status FillQueue(const std::string& queue, int people);

  absl::StatusOr<gateway::v1::NextActionsResponse> Next(
      const std::string& queue, const std::string& agent) const;
  absl::Status GiveBack(const std::string& contact_id,
                        const std::string& agent) const;
  // Says that all is done; whether it is by this call.
  absl::StatusOr<bool> Complete(const gateway::v1::Person& person,
                                const std::string& agent) const;

  // Gives somebody to each of many agents, as many of whom ask at once as work.
  absl::StatusOr<Given> AskAll(const std::string& queue,
                               NextResult& result) const;
  // The same, counts the rows, and gives all back.
  absl::Status MeasureTurn(const std::string& queue, UsageMeter& meter,
                           double& rows, NextResult& result) const;

  absl::Status MeasureQueues(absl::Duration time, UsageMeter& meter,
                             ActionsResult& result) const;

  // `left` are those whom killed agents have leased, with the ends of leases.
  absl::StatusOr<WorkedOff> WorkOff(
      std::map<std::string, absl::Time>& left) const;
  absl::Status WaitForLeft(const std::map<std::string, absl::Time>& left,
                           WorkedOff& worked_off) const;

  const Targets& targets_;
  const Databases& databases_;
  const config::v1::Tenant& tenant_;
  const Sample& sample_;
  uint64_t first_;
  const int agents_;
};

// As people read it.
std::string ToTable(const ActionsResult& result);

// All figures, times in microseconds.
nlohmann::ordered_json ToJson(const ActionsResult& result);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_ACTION_SCENARIO_H_
