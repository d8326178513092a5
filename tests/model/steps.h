#ifndef KITH_TESTS_MODEL_STEPS_H_
#define KITH_TESTS_MODEL_STEPS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "tests/model/suite.h"
#include "tests/model/suite_model.h"

namespace kith::model {

// One call to the suite, and what is wrong with its answer.
struct Step {
  // The request, for people.
  std::string request;
  // Makes the call, once; not waiting for any other step.
  std::function<void()> call;
  // Has the model judge the answer, and do the same.
  std::function<Fault(SuiteModel&)> check;
};

// The step that makes this call, which `check` judges: of the model, the
// request and the answer.
template <typename Stub, typename Request, typename Response, typename Check>
Step StepOf(Suite& suite,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                         Response*),
            Check check, const Request& request) {
  const auto answer = std::make_shared<absl::StatusOr<Response>>();
  return {.request = absl::StrCat(request.GetTypeName(), " { ",
                                  request.ShortDebugString(), " }"),
          .call = [&suite, method, request,
                   answer] { *answer = suite.Call(method, request); },
          .check =
              [check, request, answer](SuiteModel& model) {
                return std::invoke(check, model, request, *answer);
              }};
}

// Makes random steps, over a few contacts and values of its own.
class Steps {
 public:
  Steps(Suite& suite, uint64_t seed);

  // One that may come after what the model has seen. `alone` is false for one
  // of several at once: then it does all that it does at one time, as far as
  // others can see, so that there is an order in which they worked.
  Step Next(const SuiteModel& model, bool alone);

  Step CreateContact(const SuiteModel& model);

  // Leaves the queue empty for the next sequence of the suite.
  absl::Status WorkOff();

  int Pick(int below) {
    return static_cast<int>(random_() % static_cast<uint64_t>(below));
  }
  bool Chance(int percent) { return Pick(100) < percent; }

  // Any of the contacts; all channel values.
  std::string PickId(const SuiteModel& model);
  const std::vector<identity::v1::ChannelValue>& values() const {
    return values_;
  }

 private:
  using MakeStep = Step (Steps::*)(const SuiteModel&);

  Step UpdateContact(const SuiteModel& model);
  Step DeleteContact(const SuiteModel& model);
  Step UndeleteContact(const SuiteModel& model);
  Step TouchByValue(const SuiteModel& model);
  Step TouchById(const SuiteModel& model);
  Step TouchAgain(const SuiteModel& model);
  Step Repeat(const SuiteModel& model);
  Step CorrectTouch(const SuiteModel& model);
  Step LinkIdentity(const SuiteModel& model);
  Step UnlinkIdentity(const SuiteModel& model);
  Step Merge(const SuiteModel& model);
  Step Unmerge(const SuiteModel& model);
  Step UnmergeMember(const SuiteModel& model);
  Step UndoMerges(const SuiteModel& model);
  // Of people who work off a queue that only this sequence has people in.
  Step CreateAction(const SuiteModel& model);
  Step NextActions(const SuiteModel& model);
  Step LeaseActions(const SuiteModel& model);
  Step ReleaseActions(const SuiteModel& model);
  Step CompleteActions(const SuiteModel& model);

  Step Touch(gateway::v1::RecordTouchRequest request);

  // Half of them with a request_id, to be repeated later.
  template <typename Request, typename Response>
  Step Repeatable(grpc::Status (Suite::Gateway::Stub::*method)(
                      grpc::ClientContext*, const Request&, Response*),
                  Fault (SuiteModel::*check)(const Request&,
                                             const absl::StatusOr<Response>&),
                  Request request);

  // By its id, or where the step is alone by a value that it holds.
  gateway::v1::CustomerRef PickRef(const SuiteModel& model);
  const identity::v1::ChannelValue& PickValue();
  contacts::v1::Actor PickActor();
  std::string PickAgent();
  contacts::v1::MergeCause PickCause();
  contacts::v1::Contact PickFields();
  contacts::v1::Attribution PickAttribution();
  interactions::v1::Interaction PickInteraction(const SuiteModel& model);

  Suite& suite_;
  // Is in the names of all that is this sequence's own.
  const std::string name_;
  std::mt19937_64 random_;
  std::vector<identity::v1::ChannelValue> values_;
  bool alone_ = true;
  int requests_made_ = 0;
  // By request_id.
  std::vector<std::pair<std::string, std::function<Step()>>> repeats_;
  std::vector<gateway::v1::RecordTouchRequest> touches_;
};

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_STEPS_H_
