#include "gateway/flows/touch_flow.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/api/violations.h"
#include "common/status/rpc_status.h"

namespace kith::gateway {
namespace {

constexpr int kMaxBatch = 200;
constexpr size_t kMaxRequests = 500;

// The values of all touches, 500 a call.
class Resolution {
 public:
  Resolution(const Backends& backends, const base::RequestContext& context,
             const std::vector<Touch*>& touches) {
    identity::v1::BatchResolveIdentitiesRequest request;
    for (Touch* touch : touches) {
      for (int i = 0; i < touch->request().identities_size(); ++i) {
        *request.add_requests() = touch->ResolveIdentityRequest(i);
        asked_.push_back({touch, i});
        if (request.requests_size() < static_cast<int>(kMaxRequests)) continue;
        Start(backends, context, std::exchange(request, {}));
      }
    }
    if (!request.requests().empty()) {
      Start(backends, context, std::move(request));
    }
  }

  Task<absl::Status> Collect() {
    size_t next = 0;
    for (auto& call : calls_) {
      KITH_CO_ASSIGN_OR_RETURN(const auto response, co_await call);
      for (const auto& result : response.results()) {
        const auto [touch, identity] = asked_[next++];
        touch->OnResolved(identity, status::FromProto(result.error()),
                          result.response());
      }
    }
    co_return absl::OkStatus();
  }

 private:
  void Start(const Backends& backends, const base::RequestContext& context,
             identity::v1::BatchResolveIdentitiesRequest request) {
    calls_.push_back(backends.resolve().Call(std::move(request), context));
  }

  std::vector<PendingCall<identity::v1::BatchResolveIdentitiesResponse>> calls_;
  // Of which touch, and which of its identities.
  std::vector<std::pair<Touch*, int>> asked_;
};

template <typename Filter>
std::vector<Touch*> Select(std::vector<Touch>& touches, Filter filter) {
  std::vector<Touch*> selected;
  for (Touch& touch : touches) {
    if (touch.pending() && filter(touch)) selected.push_back(&touch);
  }
  return selected;
}

}  // namespace

Task<absl::Status> TouchFlow::Record(const base::RequestContext& context,
                                     const v1::RecordTouchRequest& request,
                                     v1::RecordTouchResponse& response) const {
  v1::BatchRecordTouchesRequest batch;
  *batch.add_touches() = request;
  v1::BatchRecordTouchesResponse recorded;
  KITH_CO_RETURN_IF_ERROR(co_await BatchRecord(context, batch, recorded));
  auto& result = *recorded.mutable_results(0);
  if (result.has_error()) co_return status::FromProto(result.error());
  response = std::move(*result.mutable_response());
  co_return absl::OkStatus();
}

Task<absl::Status> TouchFlow::BatchRecord(
    const base::RequestContext& context,
    const v1::BatchRecordTouchesRequest& request,
    v1::BatchRecordTouchesResponse& response) const {
  api::Violations violations;
  violations.Count("touches", request.touches_size(), 1, kMaxBatch);
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  const absl::Time now = clock_.Now();
  Touches touches;
  for (const v1::RecordTouchRequest& touch : request.touches()) {
    touches.emplace_back(context, touch, now);
  }
  KITH_CO_RETURN_IF_ERROR(co_await Find(context, touches));
  KITH_CO_RETURN_IF_ERROR(co_await Claim(context, touches));
  KITH_CO_RETURN_IF_ERROR(co_await Ensure(context, touches));
  KITH_CO_RETURN_IF_ERROR(co_await RecordAll(context, touches));
  KITH_CO_RETURN_IF_ERROR(co_await ReadOthers(context, touches));
  for (const Touch& touch : touches) touch.Answer(*response.add_results());
  co_return absl::OkStatus();
}

Task<absl::Status> TouchFlow::Find(const base::RequestContext& context,
                                   Touches& touches) const {
  const std::vector<Touch*> all = Select(touches, [](Touch&) { return true; });
  if (all.empty()) co_return absl::OkStatus();
  interactions::v1::BatchFindRecordingsRequest lookup;
  std::vector<std::string> contact_ids;
  for (const Touch* touch : all) {
    *lookup.add_requests() = touch->FindRecording();
    if (touch->by_contact_id()) contact_ids.push_back(touch->contact_id());
  }
  auto lookup_call =
      backends_.lookup_requests().Call(std::move(lookup), context);
  Resolution resolution(backends_, context, all);
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await customers_.GetContacts(context, contact_ids));
  KITH_CO_RETURN_IF_ERROR(co_await resolution.Collect());
  KITH_CO_ASSIGN_OR_RETURN(const auto known, co_await lookup_call);
  for (size_t i = 0; i < all.size(); ++i) {
    const auto& result = known.results(static_cast<int>(i));
    const auto contact = contacts.find(all[i]->contact_id());
    all[i]->OnLookup(status::FromProto(result.error()), result.response());
    if (!all[i]->by_contact_id()) continue;
    all[i]->OnContact(contact == contacts.end() ? nullptr : &contact->second);
  }
  co_return absl::OkStatus();
}

Task<absl::Status> TouchFlow::Claim(const base::RequestContext& context,
                                    Touches& touches) const {
  const std::vector<Touch*> unclaimed = Select(touches, [](Touch& touch) {
    if (!touch.by_contact_id() && !touch.NeedsClaim()) touch.OnHeld();
    return touch.NeedsClaim();
  });
  if (unclaimed.empty()) co_return absl::OkStatus();
  identity::v1::BatchClaimIdentitiesRequest request;
  for (const Touch* touch : unclaimed) {
    *request.add_requests() = touch->ClaimIdentitiesRequest();
  }
  auto call = backends_.claim().Call(std::move(request), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto response, co_await call);
  for (size_t i = 0; i < unclaimed.size(); ++i) {
    const auto& result = response.results(static_cast<int>(i));
    unclaimed[i]->OnClaimed(status::FromProto(result.error()),
                            result.response());
  }
  co_return absl::OkStatus();
}

Task<absl::Status> TouchFlow::Ensure(const base::RequestContext& context,
                                     Touches& touches) const {
  const std::vector<Touch*> ensured =
      Select(touches, [](Touch& touch) { return touch.NeedsEnsure(); });
  if (ensured.empty()) co_return absl::OkStatus();
  contacts::v1::BatchEnsureContactsRequest request;
  for (const Touch* touch : ensured) {
    *request.add_requests() = touch->EnsureRequest();
  }
  auto call = backends_.ensure_contacts().Call(std::move(request), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto response, co_await call);
  for (size_t i = 0; i < ensured.size(); ++i) {
    const auto& result = response.results(static_cast<int>(i));
    ensured[i]->OnEnsured(status::FromProto(result.error()), result.response());
  }
  co_return absl::OkStatus();
}

Task<absl::Status> TouchFlow::RecordAll(const base::RequestContext& context,
                                        Touches& touches) const {
  const std::vector<Touch*> pending =
      Select(touches, [](Touch&) { return true; });
  if (pending.empty()) co_return absl::OkStatus();
  interactions::v1::BatchRecordInteractionsRequest request;
  for (const Touch* touch : pending) {
    *request.add_requests() = touch->RecordRequest();
  }
  auto call = backends_.record_interactions().Call(std::move(request), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto response, co_await call);
  for (size_t i = 0; i < pending.size(); ++i) {
    const auto& result = response.results(static_cast<int>(i));
    pending[i]->OnRecorded(status::FromProto(result.error()),
                           result.response());
  }
  co_return absl::OkStatus();
}

Task<absl::Status> TouchFlow::ReadOthers(const base::RequestContext& context,
                                         Touches& touches) const {
  std::vector<std::string> ids;
  for (const Touch& touch : touches) {
    if (touch.NeedsCanonical()) ids.push_back(touch.contact_id());
  }
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await customers_.GetContacts(context, std::move(ids)));
  for (Touch& touch : touches) {
    const auto contact = contacts.find(touch.contact_id());
    if (touch.NeedsCanonical() && contact != contacts.end()) {
      touch.OnRead(contact->second);
    }
  }
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
