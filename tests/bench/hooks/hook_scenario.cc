#include "tests/bench/hooks/hook_scenario.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "kith/gateway/v1/entry.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "tests/bench/hooks/hook_requests.h"
#include "tests/bench/turns.h"

namespace kith::bench {
namespace {

using gateway::v1::BatchRecordTouchesRequest;
using gateway::v1::BatchRecordTouchesResponse;

// As of the scenario that ingests.
constexpr int kTouchesOfLeadBatch = 100;
constexpr char kFormPath[] = "/hooks/bench/form";
constexpr char kBeaconPath[] = "/k/bench/visit";
constexpr int kFormStatus = 204;
constexpr absl::Duration kLookAtJournal = absl::Milliseconds(20);
constexpr absl::Duration kMostSettling = absl::Minutes(5);

absl::Status CheckLeads(const BatchRecordTouchesResponse& response) {
  for (const auto& result : response.results()) {
    if (result.has_error()) return status::FromProto(result.error());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status HookScenario::MeasureTurns(int callers, absl::Duration time,
                                        int rounds, UsageMeter& meter,
                                        HooksResult& result) {
  Connections connections(callers);
  const std::vector<Contender> contenders = {
      {.title = "batch",
       .run = [&](absl::Duration part) { return RunBatches(callers, part); }},
      {.title = "form",
       .run = [&](absl::Duration part) { return RunForms(connections, part); }},
      {.title = "beacon", .run = [&](absl::Duration part) {
         return RunBeacons(connections, part);
       }}};
  KITH_ASSIGN_OR_RETURN(
      const std::vector<Turns> turns,
      MeasureByTurns(contenders, callers, time, rounds, meter));
  result.turns.insert(result.turns.end(), turns.begin(), turns.end());
  return absl::OkStatus();
}

absl::Status HookScenario::MeasureBurst(HooksResult& result) {
  const uint64_t first = next_lead_.fetch_add(kLeadsOfBurst);
  KITH_ASSIGN_OR_RETURN(result.burst, SendBurst(http_, first));
  KITH_RETURN_IF_ERROR(WaitSettled());
  return FindLeads(targets_, first, result.burst);
}

Load HookScenario::RunBatches(int callers, absl::Duration time) {
  const Load batches =
      RunClosedLoop(callers, time, /*seed=*/1, [this](Random&, Done done) {
        const uint64_t first = next_lead_.fetch_add(kTouchesOfLeadBatch);
        BatchRecordTouchesRequest request;
        for (uint64_t i = 0; i < kTouchesOfLeadBatch; ++i) {
          *request.add_touches() = LeadTouch(first + i);
        }
        targets_.Call(targets_.gateway(first / kTouchesOfLeadBatch),
                      &Targets::Gateway::StubInterface::async_interface::
                          BatchRecordTouches,
                      std::move(request), CheckLeads, std::move(done));
      });
  Load touches;
  for (int i = 0; i < kTouchesOfLeadBatch; ++i) touches.Merge(batches);
  touches.elapsed = batches.elapsed;
  return touches;
}

Load HookScenario::RunForms(Connections& connections, absl::Duration time) {
  const absl::Time begin = absl::Now();
  Load load = RunThreads(
      static_cast<int>(connections.size()), time,
      [&](int caller) -> absl::Status {
        KITH_ASSIGN_OR_RETURN(
            const HttpReply reply,
            Post(connections[caller], FormRequest(kFormPath, next_lead_++)));
        return reply.status == kFormStatus
                   ? absl::OkStatus()
                   : absl::UnavailableError(
                         absl::StrCat("status ", reply.status));
      });
  const absl::Status settled = WaitSettled();
  if (!settled.ok()) load.Fail(settled);
  load.elapsed = absl::Now() - begin;
  return load;
}

Load HookScenario::RunBeacons(Connections& connections, absl::Duration time) {
  return RunThreads(
      static_cast<int>(connections.size()), time,
      [&](int caller) -> absl::Status {
        const uint64_t beacon = next_beacon_++;
        KITH_ASSIGN_OR_RETURN(
            const HttpReply reply,
            Post(connections[caller],
                 BeaconRequest(kBeaconPath, beacon, absl::Now())));
        return reply.body == VisitOfBeacon(beacon)
                   ? absl::OkStatus()
                   : absl::UnavailableError(
                         absl::StrCat("status ", reply.status));
      });
}

absl::StatusOr<HttpReply> HookScenario::Post(
    std::unique_ptr<HttpConnection>& connection,
    absl::string_view request) const {
  if (connection == nullptr) {
    KITH_ASSIGN_OR_RETURN(connection, HttpConnection::Open(http_));
  }
  absl::Status sent = connection->Send(request);
  if (sent.ok()) {
    auto reply = connection->Receive();
    if (reply.ok()) return reply;
    sent = reply.status();
  }
  connection = nullptr;
  return sent;
}

absl::StatusOr<bool> HookScenario::HasEntries(
    interactions::v1::EntryState state) const {
  gateway::v1::ListEntriesRequest request;
  request.mutable_filter()->set_state(state);
  do {
    KITH_ASSIGN_OR_RETURN(
        const gateway::v1::ListEntriesResponse listed,
        targets_.Ask(&Targets::Gateway::StubInterface::ListEntries, request));
    if (!listed.entries().empty()) return true;
    request.set_page_token(listed.next_page_token());
  } while (!request.page_token().empty());
  return false;
}

absl::Status HookScenario::WaitSettled() const {
  const absl::Time give_up = absl::Now() + kMostSettling;
  while (true) {
    KITH_ASSIGN_OR_RETURN(const bool waits,
                          HasEntries(interactions::v1::ENTRY_STATE_RECEIVED));
    if (!waits) break;
    if (absl::Now() > give_up) {
      return absl::InternalError("leads are not recorded in time");
    }
    // No event tells.
    absl::SleepFor(kLookAtJournal);
  }
  KITH_ASSIGN_OR_RETURN(const bool failed,
                        HasEntries(interactions::v1::ENTRY_STATE_FAILED));
  return failed ? absl::InternalError("the journal has entries that failed")
                : absl::OkStatus();
}

}  // namespace kith::bench
