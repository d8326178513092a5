#include "tests/bench/action_scenario.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "tests/bench/fill.h"
#include "tests/bench/population.h"

namespace kith::bench {
namespace {

using gateway::v1::NextActionsResponse;
using gateway::v1::Person;
using GatewayStub = Targets::Gateway::StubInterface;

// Of each person. What is asked of a longer history is measured by views.
constexpr uint64_t kInteractions = 1;
// Who is leased in one turn: fewer than wait in the smallest queue, so that
// each call finds a head like the first.
constexpr int kCallsOfTurn = 500;
// More, and nobody is given anybody.
constexpr int64_t kMostInVain = 100'000;
constexpr int kWorkedOff = 4000;
constexpr int kKilled = 8;
// Of the people whom each of those who are killed deals with before.
constexpr int kBeforeKilled = 3;
constexpr absl::Duration kLook = absl::Milliseconds(50);
// More than a lease takes.
constexpr absl::Duration kPatience = absl::Minutes(6);
constexpr double kMostTimes = 1.3;
constexpr char kWorkedOffQueue[] = "bench-off";

std::string QueueOf(int waiting) { return absl::StrCat("bench-", waiting); }

// Has each of so many threads call `work` with its number, and returns the
// first failure.
absl::Status RunAll(int count, const std::function<absl::Status(int)>& work) {
  absl::Mutex mutex;
  absl::Status failure;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      const absl::Status status = work(i);
      absl::MutexLock lock(&mutex);
      failure.Update(status);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return failure;
}

// What agents do to a queue, put together. Thread-safe.
class Dealt {
 public:
  // Who was dealt with, by an agent who was given nobody for `waited` before.
  void Note(int agent, const std::string& person, absl::Duration waited) {
    absl::MutexLock lock(&mutex_);
    ++by_person_[person];
    ++by_agent_[agent];
    longest_wait_ = std::max(longest_wait_, waited);
  }

  // Who is left to the lease of a killed agent, until its end.
  void Leave(const std::string& person, absl::Time end) {
    absl::MutexLock lock(&mutex_);
    left_[person] = end;
  }

  bool IsOver(int people) {
    absl::MutexLock lock(&mutex_);
    return static_cast<int>(by_person_.size() + left_.size()) >= people;
  }

  // What came of it; INTERNAL if somebody was dealt with twice, or by nobody.
  absl::Status Tell(int people, WorkedOff& result,
                    std::map<std::string, absl::Time>& left) {
    absl::MutexLock lock(&mutex_);
    for (const auto& [person, times] : by_person_) {
      if (times == 1 && !left_.contains(person)) continue;
      return absl::InternalError(
          absl::StrCat(person, " was dealt with ", times, " times"));
    }
    if (static_cast<int>(by_person_.size() + left_.size()) != people) {
      return absl::InternalError(
          absl::StrCat(by_person_.size(), " of ", people, " were dealt with"));
    }
    result.fewest = people;
    for (const auto& [agent, count] : by_agent_) {
      if (agent < kKilled) continue;
      result.fewest = std::min(result.fewest, count);
      result.most = std::max(result.most, count);
    }
    if (static_cast<int>(by_agent_.size()) < result.agents) result.fewest = 0;
    result.longest_wait = longest_wait_;
    result.killed = static_cast<int>(left_.size());
    left = left_;
    return absl::OkStatus();
  }

 private:
  absl::Mutex mutex_;
  std::map<std::string, int> by_person_ ABSL_GUARDED_BY(mutex_);
  std::map<int, int> by_agent_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, absl::Time> left_ ABSL_GUARDED_BY(mutex_);
  absl::Duration longest_wait_ ABSL_GUARDED_BY(mutex_);
};

double Micros(absl::Duration time) { return absl::ToDoubleMicroseconds(time); }

double P50(const NextResult& result) {
  return Micros(result.latency.Quantile(0.5));
}

}  // namespace

absl::Status ActionScenario::FillQueue(const std::string& queue, int people) {
  const Population population(sample_,
                              {.others = first_,
                               .contacts = static_cast<uint64_t>(people),
                               .interactions = kInteractions},
                              absl::Now());
  first_ += population.contacts();
  const absl::Time begin = absl::Now();
  KITH_RETURN_IF_ERROR(FillQueueOf(databases_, tenant_, population, queue));
  std::cerr << absl::StreamFormat("  %d people wait in %s, filled in %.1f s\n",
                                  people, queue,
                                  absl::ToDoubleSeconds(absl::Now() - begin));
  return absl::OkStatus();
}

absl::StatusOr<NextActionsResponse> ActionScenario::Next(
    const std::string& queue, const std::string& agent) const {
  gateway::v1::NextActionsRequest request;
  request.add_queues(queue);
  request.set_agent(agent);
  return targets_.Ask(&GatewayStub::NextActions, request);
}

absl::Status ActionScenario::GiveBack(const std::string& contact_id,
                                      const std::string& agent) const {
  gateway::v1::ReleaseActionsRequest request;
  request.mutable_customer()->set_contact_id(contact_id);
  request.set_agent(agent);
  return targets_.Ask(&GatewayStub::ReleaseActions, request).status();
}

absl::StatusOr<bool> ActionScenario::Complete(const Person& person,
                                              const std::string& agent) const {
  gateway::v1::CompleteActionsRequest request;
  request.set_agent(agent);
  for (const interactions::v1::Action& action : person.actions()) {
    interactions::v1::ActionName& name = *request.add_actions();
    name.set_contact_id(action.contact_id());
    name.set_action_id(action.action_id());
  }
  KITH_ASSIGN_OR_RETURN(const auto completed,
                        targets_.Ask(&GatewayStub::CompleteActions, request));
  return std::all_of(completed.actions().begin(), completed.actions().end(),
                     [&](const interactions::v1::Action& action) {
                       return action.end().agent() == agent;
                     });
}

absl::StatusOr<ActionScenario::Given> ActionScenario::AskAll(
    const std::string& queue, NextResult& result) const {
  std::atomic<int> next = 0;
  absl::Mutex mutex;
  Given given;
  KITH_RETURN_IF_ERROR(RunAll(agents_, [&](int) -> absl::Status {
    for (int n = next++; n < kCallsOfTurn;) {
      // Who has somebody is given the same again: each is asked for once.
      const std::string agent = absl::StrCat("agent ", n);
      const absl::Time begin = absl::Now();
      KITH_ASSIGN_OR_RETURN(const NextActionsResponse response,
                            Next(queue, agent));
      const absl::Duration took = absl::Now() - begin;
      absl::MutexLock lock(&mutex);
      result.latency.Record(took);
      if (response.people().empty()) {
        if (++result.in_vain < kMostInVain) continue;
        return absl::InternalError(absl::StrCat(queue, " gives nobody"));
      }
      if (!given.emplace(response.people(0).canonical_id(), agent).second) {
        return absl::InternalError("one is given to two agents");
      }
      n = next++;
    }
    return absl::OkStatus();
  }));
  return given;
}

absl::Status ActionScenario::MeasureTurn(const std::string& queue,
                                         UsageMeter& meter, double& rows,
                                         NextResult& result) const {
  KITH_ASSIGN_OR_RETURN(const Usage before, meter.Read());
  KITH_ASSIGN_OR_RETURN(const Given given, AskAll(queue, result));
  KITH_ASSIGN_OR_RETURN(const Usage after, meter.Read());
  rows += (after - before).rows;
  const std::vector<std::pair<std::string, std::string>> all(given.begin(),
                                                             given.end());
  std::atomic<size_t> next = 0;
  return RunAll(agents_, [&](int) -> absl::Status {
    for (size_t i = next++; i < all.size(); i = next++) {
      KITH_RETURN_IF_ERROR(GiveBack(all[i].first, all[i].second));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<WorkedOff> ActionScenario::WorkOff(
    std::map<std::string, absl::Time>& left) const {
  Dealt dealt;
  const absl::Time begin = absl::Now();
  KITH_RETURN_IF_ERROR(RunAll(agents_, [&](int agent) -> absl::Status {
    const std::string name = absl::StrCat("worker ", agent);
    absl::Time asked = absl::Now();
    for (int done = 0; !dealt.IsOver(kWorkedOff);) {
      if (absl::Now() > begin + kPatience) {
        return absl::InternalError("a queue is not worked off in time");
      }
      KITH_ASSIGN_OR_RETURN(const NextActionsResponse next,
                            Next(kWorkedOffQueue, name));
      if (next.people().empty()) continue;
      const Person& person = next.people(0);
      const absl::Duration waited = absl::Now() - asked;
      if (agent < kKilled && done == kBeforeKilled) {
        dealt.Leave(person.canonical_id(),
                    base::FromProto(person.lease().end_time()));
        return absl::OkStatus();
      }
      KITH_ASSIGN_OR_RETURN(const bool mine, Complete(person, name));
      if (!mine) return absl::InternalError("two have dealt with one");
      dealt.Note(agent, person.canonical_id(), waited);
      ++done;
      asked = absl::Now();
    }
    return absl::OkStatus();
  }));
  WorkedOff result = {
      .people = kWorkedOff, .agents = agents_, .elapsed = absl::Now() - begin};
  KITH_RETURN_IF_ERROR(dealt.Tell(kWorkedOff, result, left));
  return result;
}

absl::Status ActionScenario::WaitForLeft(
    const std::map<std::string, absl::Time>& left,
    WorkedOff& worked_off) const {
  const std::string agent = "heir";
  std::set<std::string> back;
  worked_off.first_back = absl::InfiniteDuration();
  const absl::Time begin = absl::Now();
  while (back.size() < left.size()) {
    KITH_ASSIGN_OR_RETURN(const NextActionsResponse next,
                          Next(kWorkedOffQueue, agent));
    const absl::Time now = absl::Now();
    for (const Person& person : next.people()) {
      const auto it = left.find(person.canonical_id());
      if (it == left.end() || now < it->second ||
          !back.insert(person.canonical_id()).second) {
        return absl::InternalError(
            absl::StrCat(person.canonical_id(), " is given too early"));
      }
      // Since the killed one's lease has ended, or somebody has looked.
      const absl::Duration late = now - std::max(it->second, begin);
      worked_off.first_back = std::min(worked_off.first_back, late);
      worked_off.last_back = std::max(worked_off.last_back, late);
      KITH_RETURN_IF_ERROR(Complete(person, agent).status());
    }
    if (now > begin + kPatience) {
      return absl::InternalError("leases of killed agents do not end");
    }
    // No event tells that a lease has ended.
    if (next.people().empty()) absl::SleepFor(kLook);
  }
  return absl::OkStatus();
}

absl::Status ActionScenario::MeasureQueues(absl::Duration time,
                                           UsageMeter& meter,
                                           ActionsResult& result) const {
  std::vector<double> rows(result.next.size());
  // The first turn of each warms up, and does not count.
  for (const NextResult& one : result.next) {
    NextResult warm_up;
    double ignored = 0;
    KITH_RETURN_IF_ERROR(
        MeasureTurn(QueueOf(one.waiting), meter, ignored, warm_up));
  }
  const absl::Time end =
      absl::Now() + time * static_cast<double>(result.next.size());
  do {
    for (size_t i = 0; i < result.next.size(); ++i) {
      NextResult& one = result.next[i];
      KITH_RETURN_IF_ERROR(
          MeasureTurn(QueueOf(one.waiting), meter, rows[i], one));
    }
  } while (absl::Now() < end);
  for (size_t i = 0; i < result.next.size(); ++i) {
    result.next[i].rows =
        rows[i] / static_cast<double>(result.next[i].latency.count());
  }
  return absl::OkStatus();
}

absl::StatusOr<ActionsResult> ActionScenario::Run(
    const std::vector<int>& waiting, absl::Duration time, UsageMeter& meter) {
  ActionsResult result = {.agents = agents_};
  KITH_RETURN_IF_ERROR(FillQueue(kWorkedOffQueue, kWorkedOff));
  std::map<std::string, absl::Time> left;
  KITH_ASSIGN_OR_RETURN(result.worked_off, WorkOff(left));
  for (const int people : waiting) {
    KITH_RETURN_IF_ERROR(FillQueue(QueueOf(people), people));
    result.next.push_back({.waiting = people});
  }
  KITH_RETURN_IF_ERROR(MeasureQueues(time, meter, result));
  // The leases of the killed run meanwhile.
  KITH_RETURN_IF_ERROR(WaitForLeft(left, result.worked_off));
  return result;
}

std::string ToTable(const ActionsResult& result) {
  std::string table = absl::StrFormat(
      "%-12s %3s %9s %9s %9s %8s %8s %7s %7s\n", "NextActions", "N", "waiting",
      "p50, ms", "p99, ms", "in vain", "rows", "p50", "rows");
  const NextResult& first = result.next.front();
  for (const NextResult& one : result.next) {
    const double times = P50(one) / P50(first);
    absl::StrAppendFormat(
        &table, "%-12s %3d %9d %9.2f %9.2f %7.1f%% %8.1f %6.2fx %6.2fx%s\n", "",
        result.agents, one.waiting, P50(one) / 1000,
        Micros(one.latency.Quantile(0.99)) / 1000,
        100 * static_cast<double>(one.in_vain) /
            static_cast<double>(one.latency.count()),
        one.rows, times, one.rows / first.rows,
        &one == &first        ? ""
        : times <= kMostTimes ? "  <= 1.3x: met"
                              : "  <= 1.3x: MISSED");
  }
  const WorkedOff& off = result.worked_off;
  absl::StrAppendFormat(
      &table,
      "\n%d people, %d agents at once: each dealt with once, in %.1f s, %.0f a "
      "second\n%d to %d by an agent; the longest wait for one %.0f ms\n"
      "%d agents killed with somebody leased: back %.0f to %.0f ms after the "
      "end of the lease\n",
      off.people, off.agents, absl::ToDoubleSeconds(off.elapsed),
      (off.people - off.killed) / absl::ToDoubleSeconds(off.elapsed),
      off.fewest, off.most, Micros(off.longest_wait) / 1000, off.killed,
      Micros(off.first_back) / 1000, Micros(off.last_back) / 1000);
  return table;
}

nlohmann::ordered_json ToJson(const ActionsResult& result) {
  nlohmann::ordered_json next = nlohmann::ordered_json::array();
  for (const NextResult& one : result.next) {
    next.push_back({{"waiting", one.waiting},
                    {"calls", one.latency.count()},
                    {"in_vain", one.in_vain},
                    {"p50_us", P50(one)},
                    {"p99_us", Micros(one.latency.Quantile(0.99))},
                    {"rows_read", one.rows},
                    {"p50_of_first", P50(one) / P50(result.next.front())},
                    {"rows_of_first", one.rows / result.next.front().rows}});
  }
  const WorkedOff& off = result.worked_off;
  return {{"agents", result.agents},
          {"next_actions", next},
          {"worked_off",
           {{"people", off.people},
            {"seconds", absl::ToDoubleSeconds(off.elapsed)},
            {"fewest_of_agent", off.fewest},
            {"most_of_agent", off.most},
            {"longest_wait_us", Micros(off.longest_wait)},
            {"killed", off.killed},
            {"first_back_us", Micros(off.first_back)},
            {"last_back_us", Micros(off.last_back)}}}};
}

}  // namespace kith::bench
