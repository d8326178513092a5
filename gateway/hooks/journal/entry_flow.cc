#include "gateway/hooks/journal/entry_flow.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/times.h"
#include "common/status/rpc_status.h"
#include "gateway/hooks/journal/attempt_end.h"
#include "google/protobuf/util/time_util.h"

namespace kith::gateway {
namespace {

using interactions::v1::Entry;
using interactions::v1::SettleEntryRequest;

// The lease of an attempt is 5 s: time is left to settle it.
constexpr absl::Duration kAttemptTime = absl::Seconds(4);

// A batch fails as a whole if a step does, so it is a small one.
constexpr size_t kTouchesAtOnce = 50;

JournaledHook HookOf(const Entry& entry) {
  JournaledHook hook = {.entry_id = entry.entry_id(),
                        .receive_time = base::FromProto(entry.received_time())};
  hook.request.set_method(entry.method());
  hook.request.set_target(entry.target());
  for (const auto& header : entry.headers()) {
    v1::HookHeader& added = *hook.request.add_headers();
    added.set_name(header.name());
    added.set_value(header.value());
  }
  hook.request.set_body(entry.body());
  return hook;
}

// The request that has the journal keep what was admitted.
interactions::v1::RecordEntryRequest RecordOf(const HookSource& source,
                                              const HookAdmission& admission,
                                              const std::string& address) {
  interactions::v1::RecordEntryRequest record;
  Entry& entry = *record.mutable_entry();
  entry.set_source(source.source);
  entry.set_idempotency_key(admission.idempotency_key);
  entry.set_method(admission.kept.method());
  entry.set_target(admission.kept.target());
  for (const v1::HookHeader& header : admission.kept.headers()) {
    interactions::v1::EntryHeader& added = *entry.add_headers();
    added.set_name(header.name());
    added.set_value(header.value());
  }
  entry.set_body(admission.kept.body());
  entry.set_address(address);
  entry.set_verdict(admission.verdict == v1::HOOK_VERDICT_SIGNED
                        ? interactions::v1::SIGNATURE_VERDICT_SIGNED
                        : interactions::v1::SIGNATURE_VERDICT_UNSIGNED);
  if (admission.repeat_window != absl::InfiniteDuration()) {
    // The journal takes no window of nothing.
    const absl::Duration window =
        std::max(admission.repeat_window, absl::Microseconds(1));
    *record.mutable_repeat_window() =
        google::protobuf::util::TimeUtil::MicrosecondsToDuration(
            absl::ToInt64Microseconds(window));
  }
  return record;
}

}  // namespace

EntryFlow::EntryFlow(const Backends& backends, const TouchFlow& touches,
                     const ConsentFlow& consents,
                     const Understander& understander,
                     std::shared_ptr<const auth::LiveKeys> keys)
    : backends_(backends),
      touches_(touches),
      consents_(consents),
      understander_(understander),
      acting_(backends, std::move(keys)) {}

Task<absl::StatusOr<interactions::v1::RecordEntryResponse>> EntryFlow::Record(
    const base::RequestContext& trace, const HookSource& source,
    const HookAdmission& admission, const std::string& address) const {
  KITH_CO_ASSIGN_OR_RETURN(const base::RequestContext context,
                           acting_.Enter(trace, source.tenant_id));
  auto call =
      backends_.Interactions(&Backends::InteractionsStub::RecordEntry,
                             RecordOf(source, admission, address), context);
  co_return co_await call;
}

Task<absl::StatusOr<interactions::v1::LeaseEntriesResponse>> EntryFlow::Lease(
    uint64_t tenant_id, int count) const {
  KITH_CO_ASSIGN_OR_RETURN(const base::RequestContext context,
                           acting_.Enter({}, tenant_id));
  interactions::v1::LeaseEntriesRequest lease;
  lease.set_entry_count(count);
  auto call = backends_.Interactions(&Backends::InteractionsStub::LeaseEntries,
                                     std::move(lease), context);
  co_return co_await call;
}

Task<absl::Status> EntryFlow::Run(uint64_t tenant_id,
                                  const Entry& entry) const {
  SettleEntryRequest end;
  end.set_entry_id(entry.entry_id());
  end.set_attempt(entry.attempt_count());
  end.set_state(interactions::v1::ENTRY_STATE_DONE);
  const absl::Status attempted = co_await Attempt(tenant_id, entry, end);
  AddToEnd(attempted, end);
  KITH_CO_ASSIGN_OR_RETURN(const base::RequestContext context,
                           acting_.Enter({}, tenant_id));
  auto call = backends_.Interactions(&Backends::InteractionsStub::SettleEntry,
                                     std::move(end), context);
  const auto settled = co_await call;
  co_return settled.status();
}

Task<absl::Status> EntryFlow::Attempt(uint64_t tenant_id, const Entry& entry,
                                      SettleEntryRequest& end) const {
  const std::optional<HookSource> source =
      understander_.FindSource(tenant_id, entry.source());
  if (!source.has_value()) {
    FailAttempt(interactions::v1::ENTRY_FAILURE_MAPPING,
                "source: the connectors file has none of this name", end);
    co_return absl::OkStatus();
  }
  if (!base::IsByForm(source->assurance) &&
      entry.verdict() != interactions::v1::SIGNATURE_VERDICT_SIGNED) {
    FailAttempt(interactions::v1::ENTRY_FAILURE_REFUSED,
                "verdict: UNSIGNED, as the connector took requests without a "
                "signature then; now it wants one",
                end);
    co_return absl::OkStatus();
  }
  auto touches = understander_.Understand(*source, HookOf(entry));
  if (!touches.ok()) {
    FailAttempt(interactions::v1::ENTRY_FAILURE_MAPPING,
                touches.status().message(), end);
    co_return absl::OkStatus();
  }
  KITH_CO_ASSIGN_OR_RETURN(base::RequestContext context,
                           acting_.EnterWith({}, tenant_id, source->assurance));
  context.deadline = absl::Now() + kAttemptTime;
  std::set<int32_t> recorded;
  for (const auto& effect : entry.effects()) {
    recorded.insert(effect.touch_index());
  }
  std::vector<PlacedTouch> some;
  for (PlacedTouch& touch : *touches) {
    if (recorded.contains(touch.place)) continue;
    some.push_back(std::move(touch));
    if (some.size() < kTouchesAtOnce) continue;
    KITH_CO_RETURN_IF_ERROR(
        co_await RecordSome(context, std::exchange(some, {}), end));
  }
  if (some.empty()) co_return absl::OkStatus();
  co_return co_await RecordSome(context, std::move(some), end);
}

Task<absl::Status> EntryFlow::RecordSome(const base::RequestContext& context,
                                         std::vector<PlacedTouch> some,
                                         SettleEntryRequest& end) const {
  v1::BatchRecordTouchesRequest batch;
  for (const PlacedTouch& each : some) {
    *batch.add_touches() = each.touch.touch();
  }
  v1::BatchRecordTouchesResponse response;
  KITH_CO_RETURN_IF_ERROR(
      co_await touches_.BatchRecord(context, batch, response));
  for (size_t i = 0; i < some.size(); ++i) {
    const auto& result = response.results(static_cast<int>(i));
    if (result.has_error()) {
      AddToEnd(status::FromProto(result.error()), end);
      continue;
    }
    absl::Status said = absl::OkStatus();
    for (const auto& consent : some[i].touch.consents()) {
      identity::v1::Consent stored;
      said = co_await consents_.Record(context, consent, stored);
      if (!said.ok()) break;
    }
    AddToEnd(said, end);
    // Without the effect, a repeat records the consents that are missing.
    if (!said.ok()) continue;
    auto& effect = *end.add_effects();
    effect.set_touch_index(some[i].place);
    effect.set_contact_id(result.response().contact_id());
    effect.set_interaction_id(result.response().interaction().interaction_id());
  }
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
