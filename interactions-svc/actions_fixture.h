#ifndef KITH_INTERACTIONS_SVC_ACTIONS_FIXTURE_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/request_context.h"
#include "common/testing/test_keys.h"
#include "interactions-svc/threads_fixture.h"

namespace kith::interactions {

// What the tests of actions share: calls, leads and agents.

inline v1::RecordInteractionRequest Call(v1::Direction direction,
                                         v1::Outcome outcome,
                                         absl::string_view external_id,
                                         int minute,
                                         absl::string_view contact_id = kAda) {
  v1::RecordInteractionRequest request =
      Reported(v1::KIND_CALL, external_id, contact_id);
  request.mutable_interaction()->set_direction(direction);
  request.mutable_interaction()->set_outcome(outcome);
  return At(Noon() + absl::Minutes(minute), std::move(request));
}

inline v1::RecordInteractionRequest Missed(
    absl::string_view external_id, int minute = 0,
    absl::string_view contact_id = kAda) {
  return Call(v1::DIRECTION_INBOUND, v1::OUTCOME_MISSED, external_id, minute,
              contact_id);
}

inline v1::RecordInteractionRequest CalledBack(
    absl::string_view external_id, int minute,
    absl::string_view contact_id = kAda) {
  return Call(v1::DIRECTION_OUTBOUND, v1::OUTCOME_ANSWERED, external_id, minute,
              contact_id);
}

inline v1::RecordInteractionRequest Lead(absl::string_view external_id,
                                         int minute = 0,
                                         absl::string_view contact_id = kAda) {
  v1::RecordInteractionRequest request =
      Reported(v1::KIND_WEB_EVENT, external_id, contact_id);
  request.mutable_interaction()->set_direction(v1::DIRECTION_INBOUND);
  request.mutable_interaction()->set_purpose(v1::PURPOSE_SALES);
  return At(Noon() + absl::Minutes(minute), std::move(request));
}

// The context of a call by the key "demo", for what calls a store past the
// service, on a session of its own.
inline base::RequestContext ReportedCall(
    absl::Time deadline = absl::InfiniteFuture()) {
  auto principal = std::make_shared<base::Principal>();
  principal->tenant = std::make_shared<config::v1::Tenant>(
      testing::TestTenantsFile().tenants(0));
  principal->assurance = config::v1::ASSURANCE_REPORTED;
  base::RequestContext context;
  context.principal = std::move(principal);
  context.deadline = deadline;
  return context;
}

class ActionsFixture : public ThreadsFixture {
 protected:
  void Say(const v1::RecordInteractionRequest& request,
           TestKey key = testing::kDemo) {
    EXPECT_THAT(Record(request, key), testing::IsOk());
  }

  v1::ListActionsResponse::Result List(
      const std::vector<std::string>& contact_ids, bool ended = false,
      int32_t page_size = 0, const std::string& token = "",
      TestKey key = testing::kDemo) {
    v1::ListActionsRequest request;
    auto* set = request.add_sets();
    set->mutable_contact_ids()->Add(contact_ids.begin(), contact_ids.end());
    set->set_page_token(token);
    request.set_page_size(page_size);
    request.set_ended(ended);
    const auto listed = harness_.Call(&Stub::ListActions, request, key);
    EXPECT_THAT(listed, testing::IsOk());
    return listed.ok() ? listed->results(0) : v1::ListActionsResponse::Result();
  }

  std::vector<v1::Action> Open(const std::string& contact_id = kAda) {
    const auto result = List({contact_id});
    return {result.actions().begin(), result.actions().end()};
  }
  std::vector<v1::Action> Ended(const std::string& contact_id = kAda) {
    const auto result = List({contact_id}, /*ended=*/true);
    return {result.actions().begin(), result.actions().end()};
  }

  // The kinds of the open actions, the most urgent first.
  std::vector<config::v1::ActionKind> Kinds(
      const std::string& contact_id = kAda) {
    std::vector<config::v1::ActionKind> kinds;
    for (const v1::Action& action : Open(contact_id)) {
      kinds.push_back(action.kind());
    }
    return kinds;
  }

  absl::StatusOr<v1::LeaseNextActionsResponse> Next(
      const std::string& agent, int32_t count = 1,
      std::vector<std::string> queues = {"service", "sales", "review"},
      TestKey key = testing::kDemo) {
    v1::LeaseNextActionsRequest request;
    request.set_agent(agent);
    request.set_contact_count(count);
    for (std::string& queue : queues) request.add_queues(std::move(queue));
    return harness_.Call(&Stub::LeaseNextActions, request, key);
  }

  // The contacts that Next gives.
  std::vector<std::string> Given(const std::string& agent, int32_t count = 1) {
    const auto next = Next(agent, count);
    EXPECT_THAT(next, testing::IsOk());
    std::vector<std::string> ids;
    if (!next.ok()) return ids;
    for (const auto& leased : next->contacts()) {
      EXPECT_EQ(leased.lease().agent(), agent);
      EXPECT_GT(leased.actions_size(), 0);
      ids.push_back(leased.contact_id());
    }
    return ids;
  }

  absl::StatusOr<v1::LeaseActionsResponse> Lease(
      const std::string& agent, const std::vector<std::string>& contact_ids,
      const std::string& reason = "") {
    v1::LeaseActionsRequest request;
    request.set_agent(agent);
    request.set_take_over_reason(reason);
    for (const std::string& id : contact_ids) request.add_contact_ids(id);
    return harness_.Call(&Stub::LeaseActions, request);
  }

  int32_t GiveBack(const std::string& agent, const std::string& contact_id,
                   const std::string& skip_reason = "") {
    v1::ReleaseActionsRequest request;
    request.set_agent(agent);
    request.add_contact_ids(contact_id);
    request.set_skip_reason(skip_reason);
    const auto released = harness_.Call(&Stub::ReleaseActions, request);
    EXPECT_THAT(released, testing::IsOk());
    return released.ok() ? released->released_count() : 0;
  }

  static void AddName(
      const v1::Action& action,
      google::protobuf::RepeatedPtrField<v1::ActionName>& names) {
    v1::ActionName& name = *names.Add();
    name.set_contact_id(action.contact_id());
    name.set_action_id(action.action_id());
  }

  absl::StatusOr<v1::CompleteActionsResponse> Complete(
      v1::CompleteActionsRequest request, const std::vector<v1::Action>& done,
      TestKey key = testing::kDemo) {
    for (const v1::Action& action : done) {
      AddName(action, *request.mutable_actions());
    }
    if (request.agent().empty()) request.set_agent("sam");
    return harness_.Call(&Stub::CompleteActions, request, key);
  }

  absl::StatusOr<v1::Action> CreateAction(
      config::v1::ActionKind kind, const std::string& text,
      const std::string& cause = "", const std::string& request_id = "",
      const std::string& contact_id = kAda) {
    v1::CreateActionRequest request;
    v1::Action& action = *request.mutable_action();
    action.set_contact_id(contact_id);
    action.set_kind(kind);
    action.mutable_reason()->set_text(text);
    request.set_cause(cause);
    request.set_request_id(request_id);
    return harness_.Call(&Stub::CreateAction, request);
  }

  absl::StatusOr<v1::SnoozeActionsResponse> Snooze(const v1::Action& action,
                                                   absl::Time until) {
    v1::SnoozeActionsRequest request;
    AddName(action, *request.mutable_actions());
    request.set_agent("sam");
    *request.mutable_until_time() = base::ToProto(until);
    return harness_.Call(&Stub::SnoozeActions, request);
  }

  absl::Time Now() { return harness_.clock().Now(); }
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_FIXTURE_H_
