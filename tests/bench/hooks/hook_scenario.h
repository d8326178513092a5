#ifndef KITH_TESTS_BENCH_HOOKS_HOOK_SCENARIO_H_
#define KITH_TESTS_BENCH_HOOKS_HOOK_SCENARIO_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kith/interactions/v1/journal.pb.h"
#include "tests/bench/hooks/hooks_result.h"
#include "tests/bench/http_connection.h"
#include "tests/bench/load.h"
#include "tests/bench/targets.h"
#include "tests/bench/usage.h"

namespace kith::bench {

// Forms that are sent to a connector, and visits of pages. Not thread-safe.
class HookScenario {
 public:
  // `targets` outlives it. `http` is where the gateway listens for HTTP.
  HookScenario(const Targets& targets, std::string http)
      : targets_(targets), http_(std::move(http)) {}

  // Adds the turns of a number of callers to the result, each of which runs
  // for `time`.
  absl::Status MeasureTurns(int callers, absl::Duration time, int rounds,
                            UsageMeter& meter, HooksResult& result);

  // Sends many leads at once. INTERNAL if one of them is lost.
  absl::Status MeasureBurst(HooksResult& result);

 private:
  using Connections = std::vector<std::unique_ptr<HttpConnection>>;

  // Touches of new customers in batches; each has the latency of its batch.
  Load RunBatches(int callers, absl::Duration time);
  // Latencies are those of receipts; the time goes on until the last lead is
  // recorded.
  Load RunForms(Connections& connections, absl::Duration time);
  Load RunBeacons(Connections& connections, absl::Duration time);

  // Sends a request, over a new connection if the last one is gone.
  absl::StatusOr<HttpReply> Post(std::unique_ptr<HttpConnection>& connection,
                                 absl::string_view request) const;

  // Whether the journal has entries in this state.
  absl::StatusOr<bool> HasEntries(interactions::v1::EntryState state) const;
  // Waits until nothing in the journal waits. INTERNAL if it does not end, or
  // if an entry has failed.
  absl::Status WaitSettled() const;

  const Targets& targets_;
  const std::string http_;
  // Numbers that no lead and no beacon has had.
  std::atomic<uint64_t> next_lead_ = 0;
  std::atomic<uint64_t> next_beacon_ = 0;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_HOOKS_HOOK_SCENARIO_H_
