#include "tests/model/reading.h"

#include <set>
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

// Asks interactions-svc, which knows no groups. No contact of a sequence has
// more than a page.
template <typename Request>
Request OfEach(const std::vector<std::string>& ids) {
  Request request;
  for (const std::string& id : ids) request.add_sets()->add_contact_ids(id);
  request.set_page_size(500);
  return request;
}

absl::StatusOr<WorkReading> ReadWork(Suite& suite,
                                     const std::vector<std::string>& ids) {
  using Interactions = Suite::Interactions::Stub;
  auto list = OfEach<interactions::v1::ListThreadsRequest>(ids);
  list.add_states(interactions::v1::THREAD_STATE_OPEN);
  KITH_ASSIGN_OR_RETURN(const auto threads,
                        suite.Call(&Interactions::ListThreads, list));
  KITH_ASSIGN_OR_RETURN(
      const auto actions,
      suite.Call(&Interactions::ListActions,
                 OfEach<interactions::v1::ListActionsRequest>(ids)));
  WorkReading work;
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto& open = actions.results(static_cast<int>(i)).actions();
    work.actions[ids[i]].assign(open.begin(), open.end());
    std::set<std::string>& open_threads = work.open_threads[ids[i]];
    for (const auto& thread : threads.results(static_cast<int>(i)).threads()) {
      open_threads.insert(thread.thread_id());
      open_threads.insert(thread.part_ids().begin(), thread.part_ids().end());
    }
  }
  return work;
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
  // Of threads and actions the rules are compared, by WorkModel, and not what
  // a view shows.
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

Fault CompareWork(const Reading& reading, const SuiteModel& model) {
  return model.work().Compare(reading.work, model.activity(), model.now());
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
  KITH_ASSIGN_OR_RETURN(reading.work, ReadWork(suite, model.customers().Ids()));
  return reading;
}

Fault Compare(const Reading& reading, const SuiteModel& model) {
  for (const auto compare :
       {CompareViews, CompareTimeline, CompareHistories, CompareWork}) {
    Fault fault = compare(reading, model);
    if (!fault.empty()) return fault;
  }
  return "";
}

}  // namespace kith::model
