#include "tests/model/reading.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace kith::model {
namespace {

using contacts::v1::MergeEdge;
using gateway::v1::CustomerRef;
using Stub = Suite::Gateway::Stub;

constexpr int kInteractionsOfView = 20;

absl::StatusOr<gateway::v1::ListInteractionsResponse> ReadTimeline(
    Suite& suite, const std::string& id, int page_size) {
  gateway::v1::ListInteractionsRequest request;
  request.mutable_customer()->set_contact_id(id);
  request.set_page_size(page_size);
  gateway::v1::ListInteractionsResponse timeline;
  do {
    timeline.clear_next_page_token();
    KITH_ASSIGN_OR_RETURN(const auto page,
                          suite.Call(&Stub::ListInteractions, request));
    timeline.MergeFrom(page);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return timeline;
}

absl::StatusOr<std::vector<MergeEdge>> ReadHistory(Suite& suite,
                                                   const std::string& id,
                                                   int page_size) {
  gateway::v1::ListMergeHistoryRequest request;
  request.mutable_customer()->set_contact_id(id);
  request.set_page_size(page_size);
  std::vector<MergeEdge> history;
  do {
    KITH_ASSIGN_OR_RETURN(const auto page,
                          suite.Call(&Stub::ListMergeHistory, request));
    history.insert(history.end(), page.edges().begin(), page.edges().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return history;
}

Fault CompareView(
    const CustomerRef& ref,
    const gateway::v1::BatchGetCustomerViewsResponse::Result& result,
    const SuiteModel& model) {
  const std::string id = model.Meant(ref);
  if (id.empty()) {
    const bool none =
        result.error().code() == static_cast<int>(absl::StatusCode::kNotFound);
    return none ? "" : absl::StrCat("want none: ", result.ShortDebugString());
  }
  gateway::v1::CustomerView view = result.response().view();
  const bool more = !view.next_page_token().empty();
  view.mutable_contact()->clear_etag();
  view.clear_next_page_token();
  // Threads have sequences of their own, in interactions-svc.
  view.clear_threads();
  view.clear_actions();
  view.clear_last_problems();
  Fault fault = Differs(view, model.View(id, kInteractionsOfView));
  if (!fault.empty()) return fault;
  const auto all = model.activity().Timeline(model.customers().GroupOf(id));
  const bool want_more = all.size() > kInteractionsOfView;
  return more == want_more ? "" : "a page token too many, or none";
}

Fault CompareViews(const Reading& reading, const SuiteModel& model) {
  for (int i = 0; i < reading.asked.customers_size(); ++i) {
    const CustomerRef& ref = reading.asked.customers(i);
    const Fault fault = CompareView(ref, reading.views.results(i), model);
    if (fault.empty()) continue;
    return absl::StrCat(ref.ShortDebugString(), ": ", fault);
  }
  return "";
}

Fault CompareTimeline(const Reading& reading, const SuiteModel& model) {
  const CustomerModel& customers = model.customers();
  const std::string& id = reading.timeline_of;
  gateway::v1::ListInteractionsResponse want;
  want.set_canonical_id(customers.CanonicalOf(id));
  for (auto& one : model.activity().Timeline(customers.GroupOf(id))) {
    *want.add_interactions() = std::move(one);
  }
  return Differs(reading.timeline, want);
}

Fault CompareHistories(const Reading& reading, const SuiteModel& model) {
  for (const auto& [id, history] : reading.histories) {
    const std::map<std::string, MergeEdge> want = model.customers().History(id);
    if (history.size() != want.size()) {
      return absl::StrCat("a history of ", history.size(), ", want ",
                          want.size());
    }
    for (const MergeEdge& edge : history) {
      const auto it = want.find(edge.edge_id());
      if (it == want.end()) return "an edge of somebody else";
      Fault fault = Differs(edge, it->second);
      if (!fault.empty()) return fault;
    }
  }
  return "";
}

}  // namespace

absl::StatusOr<Reading> Read(Suite& suite, Steps& steps,
                             const SuiteModel& model) {
  Reading reading;
  reading.asked.set_interactions_size(kInteractionsOfView);
  for (const std::string& id : model.customers().Ids()) {
    reading.asked.add_customers()->set_contact_id(id);
  }
  for (const identity::v1::ChannelValue& value : steps.values()) {
    *reading.asked.add_customers()->mutable_value() = value;
  }
  KITH_ASSIGN_OR_RETURN(
      reading.views, suite.Call(&Stub::BatchGetCustomerViews, reading.asked));
  reading.timeline_of = steps.PickId(model);
  KITH_ASSIGN_OR_RETURN(
      reading.timeline,
      ReadTimeline(suite, reading.timeline_of, 1 + steps.Pick(20)));
  for (const std::string& id : model.customers().Ids()) {
    if (model.customers().CanonicalOf(id) != id) continue;
    KITH_ASSIGN_OR_RETURN(reading.histories[id],
                          ReadHistory(suite, id, 1 + steps.Pick(20)));
  }
  return reading;
}

Fault Compare(const Reading& reading, const SuiteModel& model) {
  for (const auto compare : {CompareViews, CompareTimeline, CompareHistories}) {
    Fault fault = compare(reading, model);
    if (!fault.empty()) return fault;
  }
  return "";
}

}  // namespace kith::model
