#include "tests/bench/scenario.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"

namespace kith::bench {
namespace {

using gateway::v1::BatchGetCustomerViewsRequest;
using gateway::v1::BatchGetCustomerViewsResponse;
using gateway::v1::BatchRecordTouchesRequest;
using gateway::v1::BatchRecordTouchesResponse;
using gateway::v1::GetCustomerViewRequest;
using gateway::v1::GetCustomerViewResponse;
using gateway::v1::RecordTouchRequest;
using gateway::v1::RecordTouchResponse;
using identity::v1::ResolveIdentityRequest;
using identity::v1::ResolveIdentityResponse;
using Gateway = Targets::Gateway::StubInterface::async_interface;
using Identity = Targets::Identity::StubInterface::async_interface;

constexpr int kViewsOfBatch = 50;
constexpr int kTouchesOfBatch = 100;
constexpr int kMaxInteractions = 100;

absl::Status CheckViews(const BatchGetCustomerViewsResponse& response) {
  for (const auto& result : response.results()) {
    absl::Status status = result.has_error() ? status::FromProto(result.error())
                                             : CheckView(result.response());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckResolved(const ResolveIdentityResponse& response) {
  return response.outcome() == identity::v1::RESOLVE_OUTCOME_ONE
             ? absl::OkStatus()
             : absl::InternalError("not resolved to one contact");
}

absl::Status CheckTouch(const RecordTouchResponse& response) {
  return response.outcome() == interactions::v1::RECORD_OUTCOME_RECORDED
             ? absl::OkStatus()
             : absl::InternalError("a touch was not recorded");
}

absl::Status CheckKnown(const RecordTouchResponse& response) {
  if (response.contact_created()) return absl::InternalError("made a contact");
  return CheckTouch(response);
}

absl::Status CheckNew(const RecordTouchResponse& response) {
  if (!response.contact_created())
    return absl::InternalError("made no contact");
  return CheckTouch(response);
}

absl::Status CheckTouches(const BatchRecordTouchesResponse& response) {
  for (const auto& result : response.results()) {
    absl::Status status = result.has_error() ? status::FromProto(result.error())
                                             : CheckKnown(result.response());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Makes the scenarios' starts.
class Calls {
 public:
  Calls(const Targets& targets, const Population& population,
        const Zipf& popularity)
      : targets_(targets), population_(population), popularity_(popularity) {}

  void View(uint64_t serial, GetCustomerViewRequest request, Done done) const {
    targets_.Call(targets_.gateway(serial), &Gateway::GetCustomerView,
                  std::move(request), CheckView, std::move(done));
  }

  void ViewById(Random& random, uint64_t serial, Done done) const {
    GetCustomerViewRequest request = LeanView();
    request.mutable_customer()->set_contact_id(
        population_.ContactId(popularity_.Draw(random)).ToString());
    View(serial, std::move(request), std::move(done));
  }

  void ViewByPhone(Random& random, uint64_t serial, Done done) const {
    GetCustomerViewRequest request = LeanView();
    *request.mutable_customer()->mutable_value() = DrawPhone(random);
    View(serial, std::move(request), std::move(done));
  }

  void FullView(Random& random, uint64_t serial, Done done) const {
    GetCustomerViewRequest request;
    request.set_interactions_size(kMaxInteractions);
    *request.mutable_customer()->mutable_value() = DrawPhone(random);
    View(serial, std::move(request), std::move(done));
  }

  void BatchView(Random& random, uint64_t serial, Done done) const {
    BatchGetCustomerViewsRequest request;
    *request.mutable_read_mask() = LeanView().read_mask();
    for (int i = 0; i < kViewsOfBatch; ++i) {
      *request.add_customers()->mutable_value() = DrawPhone(random);
    }
    targets_.Call(targets_.gateway(serial), &Gateway::BatchGetCustomerViews,
                  std::move(request), CheckViews, std::move(done));
  }

  void Resolve(Random& random, uint64_t serial, Done done) const {
    ResolveIdentityRequest request;
    *request.mutable_value() = DrawPhone(random);
    targets_.Call(targets_.identity(serial), &Identity::ResolveIdentity,
                  std::move(request), CheckResolved, std::move(done));
  }

  void TouchKnown(Random& random, uint64_t serial, Done done) const {
    targets_.Call(targets_.gateway(serial), &Gateway::RecordTouch,
                  Touch(DrawPhone(random), serial), CheckKnown,
                  std::move(done));
  }

  void TouchNew(Random&, uint64_t serial, Done done) const {
    RecordTouchRequest request =
        Touch(Population::UnknownPhone(serial), serial);
    request.mutable_contact()->set_display_name("Somebody New");
    targets_.Call(targets_.gateway(serial), &Gateway::RecordTouch,
                  std::move(request), CheckNew, std::move(done));
  }

  void Ingest(Random& random, uint64_t serial, Done done) const {
    BatchRecordTouchesRequest request;
    for (int i = 0; i < kTouchesOfBatch; ++i) {
      RecordTouchRequest& touch = *request.add_touches();
      touch = Touch(DrawPhone(random), serial);
      touch.clear_request_id();
      touch.mutable_interaction()->set_source("bench");
      touch.mutable_interaction()->set_external_id(
          absl::StrCat("call-", serial, "-", i));
    }
    targets_.Call(targets_.gateway(serial), &Gateway::BatchRecordTouches,
                  std::move(request), CheckTouches, std::move(done));
  }

 private:
  RecordTouchRequest Touch(identity::v1::ChannelValue value,
                           uint64_t serial) const {
    RecordTouchRequest request;
    *request.add_identities() = std::move(value);
    *request.mutable_interaction() = population_.NewCall();
    request.set_request_id(absl::StrCat("bench-", serial));
    return request;
  }

  identity::v1::ChannelValue DrawPhone(Random& random) const {
    return population_.Phone(popularity_.Draw(random));
  }

  const Targets& targets_;
  const Population& population_;
  const Zipf& popularity_;
};

std::function<void(Random&, uint64_t, Done)> By(
    const Calls& calls, void (Calls::*call)(Random&, uint64_t, Done) const) {
  return [calls, call](Random& random, uint64_t serial, Done done) {
    (calls.*call)(random, serial, std::move(done));
  };
}

std::vector<Scenario> Reads(const Calls& calls) {
  return {
      {.name = "view_by_id",
       .title = "view by id",
       .hops = 2,
       .start = By(calls, &Calls::ViewById)},
      {.name = "view_by_phone",
       .title = "view by phone, lean",
       .hops = 3,
       .target = 0.35,
       .start = By(calls, &Calls::ViewByPhone)},
      {.name = "view_full",
       .title = "view by phone, full",
       .hops = 3,
       .target = 0.45,
       .start = By(calls, &Calls::FullView)},
      {.name = "batch_view",
       .title = "50 views by phone",
       .hops = 3,
       .items = kViewsOfBatch,
       .start = By(calls, &Calls::BatchView)},
      {.name = "resolve",
       .title = "resolve a phone",
       .hops = 1,
       .start = By(calls, &Calls::Resolve)},
  };
}

std::vector<Scenario> Writes(const Calls& calls) {
  return {
      {.name = "touch_known",
       .title = "touch, known customer",
       .hops = 4,
       .writes = true,
       .target = 0.35,
       .start = By(calls, &Calls::TouchKnown)},
      {.name = "touch_new",
       .title = "touch, new customer",
       .hops = 5,
       .writes = true,
       .start = By(calls, &Calls::TouchNew)},
      {.name = "ingest",
       .title = "100 touches at once",
       .hops = 4,
       .items = kTouchesOfBatch,
       .writes = true,
       .start = By(calls, &Calls::Ingest)},
  };
}

}  // namespace

absl::Status CheckView(const GetCustomerViewResponse& response) {
  if (!response.has_view()) return absl::InternalError("no view");
  for (const auto& source : response.view().parts()) {
    if (source.has_error()) return status::FromProto(source.error());
  }
  if (response.view().interactions().empty()) {
    return absl::InternalError("a view without interactions");
  }
  return absl::OkStatus();
}

GetCustomerViewRequest LeanView() {
  GetCustomerViewRequest request;
  for (const char* part :
       {"contact", "identities", "summary", "interactions"}) {
    request.mutable_read_mask()->add_paths(part);
  }
  return request;
}

std::vector<Scenario> AllScenarios(const Targets& targets,
                                   const Population& population,
                                   const Zipf& popularity) {
  const Calls calls(targets, population, popularity);
  std::vector<Scenario> scenarios = Reads(calls);
  for (Scenario& scenario : Writes(calls)) {
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

}  // namespace kith::bench
