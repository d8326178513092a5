// The steps of people who are to answer customers.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/testing/test_keys.h"
#include "tests/model/steps.h"
#include "tests/model/work_model.h"

namespace kith::model {
namespace {

using interactions::v1::Action;
using Stub = Suite::Gateway::Stub;

// Has the part of the model that knows who deals with whom judge the answer.
template <typename Request, typename Response>
auto ByWork(Fault (WorkModel::*check)(const Request&,
                                      const absl::StatusOr<Response>&,
                                      const Round&)) {
  return [check](SuiteModel& model, const Request& request,
                 const absl::StatusOr<Response>& answer) {
    return (model.work().*check)(request, answer, model.round());
  };
}

std::vector<Action> OpenActions(const SuiteModel& model) {
  std::vector<Action> open;
  for (const auto& [contact_id, actions] : model.work().read().actions) {
    open.insert(open.end(), actions.begin(), actions.end());
  }
  return open;
}

}  // namespace

std::string Steps::PickAgent() {
  static constexpr const char* kAgents[] = {"ann", "bea", "cleo"};
  return absl::StrCat(name_, "-", kAgents[Pick(3)]);
}

Step Steps::CreateAction(const SuiteModel& model) {
  gateway::v1::CreateActionRequest request;
  request.mutable_customer()->set_contact_id(PickId(model));
  Action& action = *request.mutable_action();
  action.set_kind(config::v1::ACTION_KIND_FOLLOW_UP);
  action.mutable_reason()->set_text("Ask again");
  action.set_queue(testing::kQueueByHand);
  return StepOf(suite_, &Stub::CreateAction, ByWork(&WorkModel::CreateAction),
                request);
}

Step Steps::NextActions(const SuiteModel&) {
  gateway::v1::NextActionsRequest request;
  request.add_queues(testing::kQueueByHand);
  request.set_agent(PickAgent());
  request.set_person_count(Chance(50) ? 1 : 10);
  return StepOf(suite_, &Stub::NextActions, ByWork(&WorkModel::NextActions),
                request);
}

absl::Status Steps::WorkOff() {
  // As interactions-svc dismisses in one call.
  constexpr int kDismissed = 50;
  gateway::v1::ListActionsRequest list;
  list.add_queues(testing::kQueueByHand);
  for (;;) {
    KITH_ASSIGN_OR_RETURN(const auto listed,
                          suite_.Call(&Stub::ListActions, list));
    if (listed.actions().empty()) return absl::OkStatus();
    gateway::v1::DismissActionsRequest dismiss;
    for (const Action& action : listed.actions()) {
      if (dismiss.actions_size() == kDismissed) break;
      auto& name = *dismiss.add_actions();
      name.set_contact_id(action.contact_id());
      name.set_action_id(action.action_id());
    }
    dismiss.set_note("the sequence is over");
    dismiss.set_agent(PickAgent());
    KITH_RETURN_IF_ERROR(suite_.Call(&Stub::DismissActions, dismiss).status());
  }
}

Step Steps::LeaseActions(const SuiteModel& model) {
  gateway::v1::LeaseActionsRequest request;
  request.mutable_customer()->set_contact_id(PickId(model));
  request.set_agent(PickAgent());
  if (Chance(30)) request.set_take_over_reason("Is ill");
  return StepOf(suite_, &Stub::LeaseActions, ByWork(&WorkModel::LeaseActions),
                request);
}

Step Steps::ReleaseActions(const SuiteModel& model) {
  gateway::v1::ReleaseActionsRequest request;
  request.mutable_customer()->set_contact_id(PickId(model));
  request.set_agent(PickAgent());
  return StepOf(suite_, &Stub::ReleaseActions,
                ByWork(&WorkModel::ReleaseActions), request);
}

// Mostly by who has leased it, but whoever it is may.
Step Steps::CompleteActions(const SuiteModel& model) {
  const std::vector<Action> open = OpenActions(model);
  if (open.empty()) return CreateAction(model);
  const Action& action = open[Pick(static_cast<int>(open.size()))];
  gateway::v1::CompleteActionsRequest request;
  interactions::v1::ActionName& name = *request.add_actions();
  name.set_contact_id(action.contact_id());
  name.set_action_id(action.action_id());
  const bool by_holder = action.has_lease() && Chance(70);
  request.set_agent(by_holder ? action.lease().agent() : PickAgent());
  if (!action.thread_id().empty()) {
    interactions::v1::ThreadStateChange& moved = *request.add_threads();
    moved.set_contact_id(action.contact_id());
    moved.set_thread_id(action.thread_id());
    moved.set_state(interactions::v1::THREAD_STATE_RESOLVED);
    moved.set_resolution(interactions::v1::RESOLUTION_ANSWERED);
  }
  return StepOf(suite_, &Stub::CompleteActions,
                ByWork(&WorkModel::CompleteActions), request);
}

}  // namespace kith::model
