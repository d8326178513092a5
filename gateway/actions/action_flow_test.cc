#include "gateway/actions/action_flow.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/testing/matchers.h"
#include "gateway/actions/action_fixture.h"
#include "gateway/flows/lacking_keys_fixture.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

// interactions-svc answers what it is asked.
class ActionFlowTest : public ActionFixture {
 protected:
  ActionFlowTest() {
    gateway_.interactions.complete = [this](const auto& request,
                                            auto& response) {
      completed_.push_back(request);
      if (!completes_.ok()) return completes_;
      if (request.repeats_only() && !is_repeat_) {
        return absl::NotFoundError("request_id: there is nothing to repeat");
      }
      for (const auto& name : request.actions()) {
        response.add_actions()->set_action_id(name.action_id());
        leased_to_.erase(name.contact_id());
      }
      if (request.has_interaction()) {
        *response.mutable_interaction() = request.interaction();
      }
      for (const auto& moved : request.threads()) {
        response.add_threads()->set_thread_id(moved.thread_id());
      }
      *response.mutable_next() = request.next();
      return absl::OkStatus();
    };
    gateway_.interactions.get_thread = [](const auto& request, auto& response) {
      if (request.thread_id() != "of-cleo") {
        return absl::NotFoundError("thread_id: no thread");
      }
      response.mutable_thread()->set_contact_id(kCleo);
      return absl::OkStatus();
    };
    gateway_.interactions.create_action = [this](const auto& request,
                                                 auto& response) {
      created_.push_back(request);
      if (request.action().contact_id().empty()) {
        return absl::NotFoundError("nothing to repeat");
      }
      response = request.action();
      return absl::OkStatus();
    };
  }

  static v1::CompleteActionsRequest Completing(const std::string& contact_id) {
    v1::CompleteActionsRequest request;
    request.add_actions()->set_contact_id(contact_id);
    request.mutable_actions(0)->set_action_id("action");
    request.set_agent("Dana");
    request.set_request_id("r-1");
    return request;
  }

  static v1::CompleteActionsRequest Answering(const std::string& contact_id,
                                              const std::string& thread_id) {
    v1::CompleteActionsRequest request = Completing(contact_id);
    request.mutable_interaction()->set_kind(interactions::v1::KIND_EMAIL);
    request.mutable_interaction()->set_thread_id(thread_id);
    return request;
  }

  // The contact that the interaction is recorded for.
  std::string ContactOf(const v1::CompleteActionsRequest& request) {
    const auto done = gateway_.Call(&Stub::CompleteActions, request);
    if (!done.ok()) return done.status().ToString();
    return done->interaction().contact_id();
  }

  absl::Status Complete(const v1::CompleteActionsRequest& request) {
    return gateway_.Call(&Stub::CompleteActions, request).status();
  }

  absl::StatusOr<v1::ReleaseActionsResponse> Release(
      const std::string& contact_id, const std::string& reason = "") {
    v1::ReleaseActionsRequest request;
    request.mutable_customer()->set_contact_id(contact_id);
    request.set_agent("Dana");
    request.set_skip_reason(reason);
    return gateway_.Call(&Stub::ReleaseActions, request);
  }

  absl::Status completes_;
  bool is_repeat_ = false;
  std::vector<interactions::v1::CompleteActionsRequest> completed_;
  std::vector<interactions::v1::CreateActionRequest> created_;
};

TEST_F(ActionFlowTest, APersonIsGivenBackWithTheWholeGroup) {
  Merge({kAda, kBob});
  leased_to_ = {{kAda, "Dana"}, {kBob, "Dana"}, {kCleo, "Dana"}};
  const auto released = Release(kBob);
  ASSERT_THAT(released, IsOk());
  EXPECT_EQ(released->released_count(), 2);
  EXPECT_THAT(Leased(), ElementsAre(kCleo));
  EXPECT_THAT(skipped_, IsEmpty());
  EXPECT_EQ(Release(kBob)->released_count(), 0);
}

TEST_F(ActionFlowTest, APersonIsSkippedWithAReason) {
  leased_to_ = {{kAda, "Dana"}, {kBob, "Eve"}};
  EXPECT_EQ(Release(kAda, "speaks Finnish")->released_count(), 1);
  EXPECT_THAT(skipped_, ElementsAre(kAda));
  EXPECT_EQ(Release(kBob)->released_count(), 0);
  EXPECT_EQ(leased_to_[kBob], "Eve");
}

TEST_F(ActionFlowTest, AContactThatDoesNotExistIsGivenBackIfItIsLeased) {
  missing_ = {kAda};
  leased_to_ = {{kAda, "Dana"}};
  EXPECT_THAT(Release(kAda), IsOk());
  EXPECT_THAT(Leased(), IsEmpty());
  EXPECT_THAT(Release(kAda), StatusIs(StatusCode::kNotFound, "customer: "));
  EXPECT_THAT(Release("x"), StatusIs(StatusCode::kInvalidArgument));
}

// More members than a call names: those count that have something to do.
TEST_F(ActionFlowTest, AGreatGroupIsGivenBackInOneCall) {
  std::vector<std::string> members = {kAda, kBob};
  for (int i = 100; i < 200; ++i) {
    members.push_back(absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-000000000", i));
  }
  Merge(members);
  leased_to_ = {{kBob, "Dana"}};
  gateway_.interactions.list_actions = [&](const auto& request,
                                           auto& response) {
    EXPECT_THAT(request.sets(0).contact_ids(), SizeIs(102));
    auto& result = *response.add_results();
    for (int i = 0; i < 3; ++i) result.add_actions()->set_contact_id(kBob);
    return absl::OkStatus();
  };
  EXPECT_EQ(Release(kAda)->released_count(), 1);
  EXPECT_THAT(gateway_.record.names(),
              ElementsAre("BatchGetContacts", "ListActions", "ReleaseActions"));
  // Its request is checked also if none has anything to do.
  gateway_.interactions.list_actions = [](const auto&, auto& response) {
    response.add_results();
    return absl::OkStatus();
  };
  gateway_.interactions.release = [](const auto& request, auto&) {
    return absl::InvalidArgumentError(
        absl::StrCat("skip_reason: of ", request.contact_ids_size()));
  };
  EXPECT_THAT(Release(kAda), StatusIs(StatusCode::kInvalidArgument, "of 1"));
}

TEST_F(ActionFlowTest, WhatWasDoneIsPassedOn) {
  v1::CompleteActionsRequest request = Completing(kAda);
  request.add_threads()->set_thread_id("thread");
  request.mutable_threads(0)->set_etag("7");
  request.add_next()->set_contact_id(kBob);
  const auto done = gateway_.Call(&Stub::CompleteActions, request);
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->actions(0).action_id(), "action");
  EXPECT_EQ(done->threads(0).thread_id(), "thread");
  EXPECT_EQ(done->next(0).contact_id(), kBob);
  EXPECT_FALSE(done->has_interaction());
  ASSERT_THAT(completed_, SizeIs(1));
  EXPECT_EQ(completed_[0].agent(), "Dana");
  EXPECT_EQ(completed_[0].threads(0).etag(), "7");
  EXPECT_EQ(completed_[0].request_id(), "r-1");
  EXPECT_FALSE(completed_[0].has_interaction());
}

TEST_F(ActionFlowTest, TheInteractionIsOfTheContactThatItIsAbout) {
  EXPECT_EQ(ContactOf(Answering(kAda, "")), kAda);
  EXPECT_EQ(ContactOf(Answering(kAda, "of-cleo")), kCleo);
  v1::CompleteActionsRequest moved = Answering(kAda, "of-bob");
  moved.add_threads()->set_thread_id("of-bob");
  moved.mutable_threads(0)->set_contact_id(kBob);
  EXPECT_EQ(ContactOf(moved), kBob);
  v1::CompleteActionsRequest named = Answering(kAda, "of-cleo");
  named.mutable_interaction()->set_contact_id(kDora);
  EXPECT_EQ(ContactOf(named), kDora);
  EXPECT_THAT(Complete(Answering(kAda, "of-nobody")),
              StatusIs(StatusCode::kNotFound, "interaction.thread_id: no"));
}

TEST_F(ActionFlowTest, NothingIsRecordedForAContactThatDoesNotExist) {
  missing_ = {kAda, kBob};
  // But who has an action may be one.
  v1::CompleteActionsRequest request = Answering(kAda, "");
  request.mutable_interaction()->set_contact_id(kAda);
  EXPECT_EQ(ContactOf(request), kAda);
  request.mutable_interaction()->set_contact_id(kBob);
  EXPECT_THAT(
      Complete(request),
      StatusIs(StatusCode::kNotFound, "interaction.contact_id: no contact"));
  request.clear_interaction();
  request.add_next()->set_contact_id(kBob);
  EXPECT_THAT(Complete(request),
              StatusIs(StatusCode::kNotFound, "next[0].contact_id: no"));
  request.mutable_next(0)->set_contact_id("x");
  EXPECT_THAT(Complete(request),
              StatusIs(StatusCode::kInvalidArgument, "next[0].contact_id: "));
  EXPECT_THAT(completed_, SizeIs(1));
}

TEST_F(ActionFlowTest, APurchaseIsNotRecordedWithoutItsStage) {
  v1::CompleteActionsRequest request = Answering(kAda, "");
  request.mutable_interaction()->set_kind(interactions::v1::KIND_PURCHASE);
  EXPECT_THAT(Complete(request), StatusIs(StatusCode::kInvalidArgument,
                                          "interaction.kind: PURCHASE"));
  EXPECT_THAT(completed_, IsEmpty());
}

TEST_F(ActionFlowTest, ARepeatWithoutAKeyIsLeftToTheServiceToRefuse) {
  v1::CompleteActionsRequest request = Answering(kAda, "");
  request.clear_request_id();
  EXPECT_THAT(Complete(request), IsOk());
  EXPECT_EQ(completed_[0].request_id(), "");
  // By its external_id interactions-svc knows a repeat itself.
  request.mutable_interaction()->set_external_id("call-1");
  EXPECT_THAT(Complete(request), IsOk());
  EXPECT_EQ(completed_[1].request_id(), "");
  request.clear_interaction();
  EXPECT_THAT(Complete(request), IsOk());
  EXPECT_NE(completed_[2].request_id(), "");
}

TEST_F(ActionFlowTest, IdsInCapitalsNameTheSameContacts) {
  missing_ = {kAda};
  Merge({kCleo, kDora});
  leased_to_ = {{kCleo, "Dana"}, {kDora, "Dana"}};
  v1::CompleteActionsRequest request =
      Answering(absl::AsciiStrToUpper(kAda), "");
  request.mutable_interaction()->set_contact_id(kAda);
  // Who has an action may be one that does not exist.
  EXPECT_THAT(Complete(request), IsOk());
  ASSERT_THAT(Complete(Completing(absl::AsciiStrToUpper(kCleo))), IsOk());
  EXPECT_THAT(Leased(), ElementsAre(kCleo));
  v1::CompleteActionsRequest moved =
      Answering(kBob, absl::AsciiStrToUpper(kDora));
  moved.add_threads()->set_thread_id(kDora);
  moved.mutable_threads(0)->set_contact_id(kBob);
  EXPECT_EQ(ContactOf(moved), kBob);
}

v1::CompleteActionsRequest AsAdvertising(v1::CompleteActionsRequest request) {
  auto& interaction = *request.mutable_interaction();
  interaction.set_direction(interactions::v1::DIRECTION_OUTBOUND);
  interaction.set_purpose(interactions::v1::PURPOSE_MARKETING);
  return request;
}

void RefuseAll(GatewayHarness& gateway) {
  gateway.identity.batch_may_contact = [](const auto& request, auto& response) {
    EXPECT_EQ(request.requests(0).channel(), identity::v1::CHANNEL_EMAIL);
    auto& decided = *response.add_results()->mutable_response();
    decided.set_answer(identity::v1::MAY_CONTACT_ANSWER_NO);
    decided.set_reason(identity::v1::MAY_CONTACT_REASON_REFUSED);
    return absl::OkStatus();
  };
}

TEST_F(ActionFlowTest, NobodyIsAdvertisedToWhoHasRefused) {
  RefuseAll(gateway_);
  v1::CompleteActionsRequest request = AsAdvertising(Answering(kAda, ""));
  const absl::Status done = Complete(request);
  EXPECT_THAT(done, StatusIs(StatusCode::kFailedPrecondition, "REFUSED"));
  const auto info = status::FindDetail<google::rpc::ErrorInfo>(done);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason(), "MAY_NOT_CONTACT");
  ASSERT_THAT(completed_, SizeIs(1));
  EXPECT_TRUE(completed_[0].repeats_only());
  // A report is kept, and says what it was.
  request.mutable_interaction()->set_source("mailer");
  request.mutable_interaction()->set_external_id("7");
  ASSERT_THAT(Complete(request), IsOk());
  EXPECT_FALSE(completed_[1].repeats_only());
  EXPECT_EQ(completed_[1].interaction().contact_violation(), "REFUSED");
}

// The hour, and what the customer says, may be others than the first time.
TEST_F(ActionFlowTest, ARepeatIsAnsweredThoughItWouldBeRefusedNow) {
  const v1::CompleteActionsRequest request = AsAdvertising(Answering(kAda, ""));
  const auto first = gateway_.Call(&Stub::CompleteActions, request);
  ASSERT_THAT(first, IsOk());
  RefuseAll(gateway_);
  is_repeat_ = true;
  const auto again = gateway_.Call(&Stub::CompleteActions, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(*again, testing::EqualsProto(*first));
  EXPECT_TRUE(completed_[1].repeats_only());
  // Another request with its request_id is refused for what it is.
  completes_ = absl::InvalidArgumentError("request_id: used before");
  EXPECT_THAT(Complete(request),
              StatusIs(StatusCode::kFailedPrecondition, "REFUSED"));
}

TEST_F(ActionFlowTest, AnOptOutIsRecordedBeforeWhatWasDone) {
  std::vector<identity::v1::RecordConsentRequest> words;
  gateway_.identity.record_consent = [&](const auto& request, auto&) {
    words.push_back(request);
    return words.size() > 1 ? absl::OkStatus() : absl::UnavailableError("away");
  };
  v1::CompleteActionsRequest request = Answering(kAda, "");
  request.mutable_interaction()->set_outcome(
      interactions::v1::OUTCOME_OPT_OUT_ASKED);
  EXPECT_THAT(Complete(request), StatusIs(StatusCode::kUnavailable, ""));
  EXPECT_THAT(completed_, IsEmpty());
  ASSERT_THAT(Complete(request), IsOk());
  EXPECT_EQ(words[1].contact_id(), kAda);
  EXPECT_EQ(words[1].consent().state(), identity::v1::CONSENT_STATE_REFUSED);
  EXPECT_EQ(words[1].request_id(), words[0].request_id());
  ASSERT_THAT(created_, SizeIs(1));
  EXPECT_EQ(created_[0].cause(), "opt-out");
}

TEST_F(ActionFlowTest, AnOptOutByAKeyOfAnotherIsForAllOfTheContact) {
  std::string refused = "nothing";
  gateway_.identity.record_consent = [&](const auto& request, auto&) {
    refused = request.consent().identity_key();
    return absl::OkStatus();
  };
  gateway_.identity.list = [](const auto&, auto& response) {
    auto& held = *response.add_results()->add_identities();
    held.set_identity_key(std::string(32, 'a'));
    held.set_channel(identity::v1::CHANNEL_PHONE);
    return absl::OkStatus();
  };
  v1::CompleteActionsRequest request = Answering(kAda, "");
  auto& done = *request.mutable_interaction();
  done.set_outcome(interactions::v1::OUTCOME_OPT_OUT_ASKED);
  done.set_identity_key(std::string(32, 'a'));
  ASSERT_THAT(Complete(request), IsOk());
  EXPECT_EQ(refused, std::string(32, 'a'));
  done.set_identity_key(std::string(32, '0'));
  ASSERT_THAT(Complete(request), IsOk());
  EXPECT_EQ(refused, "");
}

// The refusal was lifted though nothing was done.
TEST_F(ActionFlowTest, AStartWordIsRecordedAfterWhatWasDone) {
  std::vector<identity::v1::RecordConsentRequest> words;
  absl::Status records = absl::UnavailableError("away");
  gateway_.identity.record_consent = [&](const auto& request, auto&) {
    words.push_back(request);
    return records;
  };
  v1::CompleteActionsRequest request = Answering(kAda, "");
  auto& done = *request.mutable_interaction();
  done.set_kind(interactions::v1::KIND_MESSAGE);
  done.set_direction(interactions::v1::DIRECTION_INBOUND);
  done.set_identity_key(std::string(32, 'a'));
  done.set_body("START");
  completes_ = absl::AbortedError("stale");
  EXPECT_THAT(Complete(request), StatusIs(StatusCode::kAborted, "stale"));
  EXPECT_THAT(words, IsEmpty());
  // The repeat records what this one could not.
  completes_ = absl::OkStatus();
  EXPECT_THAT(Complete(request), StatusIs(StatusCode::kUnavailable, ""));
  records = absl::OkStatus();
  ASSERT_THAT(Complete(request), IsOk());
  ASSERT_THAT(words, SizeIs(2));
  EXPECT_EQ(words[1].request_id(), words[0].request_id());
  EXPECT_NE(words[1].consent().state(), identity::v1::CONSENT_STATE_REFUSED);
  records = absl::FailedPreconditionError("not held");
  EXPECT_THAT(Complete(request), IsOk());
}

// Its sender repeats it then, and the repeat opens the REVIEW.
TEST_F(ActionFlowTest, AnOptOutFailsIfItsReviewIsNotOpenYet) {
  gateway_.interactions.create_action = [](const auto&, auto&) {
    return absl::DeadlineExceededError("late");
  };
  v1::CompleteActionsRequest request = Answering(kAda, "");
  request.mutable_interaction()->set_outcome(
      interactions::v1::OUTCOME_OPT_OUT_ASKED);
  EXPECT_THAT(Complete(request),
              StatusIs(StatusCode::kUnavailable, "repeat it"));
  EXPECT_THAT(completed_, SizeIs(1));
}

TEST_F(ActionFlowTest, APlainAnswerMakesNoCallAboutConsent) {
  ASSERT_THAT(Complete(Answering(kAda, "")), IsOk());
  for (const char* method : {"BatchMayContact", "RecordConsent"}) {
    EXPECT_EQ(absl::c_count(gateway_.record.names(), method), 0) << method;
  }
}

TEST_F(ActionFlowTest, WhatIsDoneGivesBackTheRestOfTheGroup) {
  Merge({kAda, kBob, kDora});
  leased_to_ = {{kAda, "Dana"}, {kBob, "Dana"}, {kCleo, "Dana"}};
  ASSERT_THAT(Complete(Completing(kAda)), IsOk());
  EXPECT_THAT(Leased(), ElementsAre(kCleo));
  // Of one contact alone nothing is left to give back.
  ASSERT_THAT(Complete(Completing(kCleo)), IsOk());
  EXPECT_EQ(absl::c_count(gateway_.record.names(), "ReleaseActions"), 1);
}

TEST_F(ActionFlowTest, WhatIsDoneIsDoneThoughNothingCanBeGivenBack) {
  Merge({kAda, kBob});
  leased_to_ = {{kBob, "Dana"}};
  gateway_.interactions.release = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  EXPECT_THAT(Complete(Completing(kAda)), IsOk());
}

TEST_F(ActionFlowTest, WhyItCannotBeDonePassesThrough) {
  Merge({kAda, kBob});
  leased_to_ = {{kBob, "Dana"}};
  completes_ = status::WithReason("SOMETHING_NEWER",
                                  absl::AbortedError("threads[0].etag: stale"));
  const absl::Status done = Complete(Completing(kAda));
  EXPECT_THAT(done, StatusIs(StatusCode::kAborted, "threads[0].etag: stale"));
  const auto info = status::FindDetail<google::rpc::ErrorInfo>(done);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason(), "SOMETHING_NEWER");
  EXPECT_THAT(Leased(), ElementsAre(kBob));
  completes_ =
      status::WithReason("THREAD_OPEN", absl::FailedPreconditionError("open"));
  EXPECT_EQ(
      status::FindDetail<google::rpc::ErrorInfo>(Complete(Completing(kAda)))
          ->reason(),
      "THREAD_OPEN");
}

TEST_F(ActionFlowTest, ActionsAreDismissed) {
  gateway_.interactions.dismiss = [](const auto& request, auto& response) {
    response.add_actions()->mutable_end()->set_note(request.note());
    response.mutable_actions(0)->set_action_id(request.actions(0).action_id());
    response.mutable_actions(0)->mutable_end()->set_agent(request.agent());
    return request.request_id() == "r-1" ? absl::OkStatus()
                                         : absl::InternalError("request_id");
  };
  v1::DismissActionsRequest request;
  request.add_actions()->set_action_id("action");
  request.set_note("spam");
  request.set_agent("Dana");
  request.set_request_id("r-1");
  const auto dismissed = gateway_.Call(&Stub::DismissActions, request);
  ASSERT_THAT(dismissed, IsOk());
  EXPECT_EQ(dismissed->actions(0).action_id(), "action");
  EXPECT_EQ(dismissed->actions(0).end().note(), "spam");
  EXPECT_EQ(dismissed->actions(0).end().agent(), "Dana");
}

TEST_F(ActionFlowTest, ActionsAreSnoozed) {
  gateway_.interactions.snooze = [](const auto& request, auto& response) {
    *response.add_actions()->mutable_snooze_until_time() = request.until_time();
    return request.request_id().empty() ? absl::InternalError("request_id")
                                        : absl::OkStatus();
  };
  v1::SnoozeActionsRequest request;
  request.add_actions()->set_action_id("action");
  request.mutable_until_time()->set_seconds(7);
  const auto snoozed = gateway_.Call(&Stub::SnoozeActions, request);
  ASSERT_THAT(snoozed, IsOk());
  EXPECT_EQ(snoozed->actions(0).snooze_until_time().seconds(), 7);
}

TEST_F(ActionFlowTest, ActionsAreReassigned) {
  gateway_.interactions.reassign = [](const auto& request, auto& response) {
    response.add_actions()->set_assignee(request.assignee());
    response.mutable_actions(0)->set_queue(request.queue());
    return absl::OkStatus();
  };
  v1::ReassignActionsRequest request;
  request.add_actions()->set_action_id("action");
  request.set_assignee("Eve");
  request.set_queue("sales");
  const auto reassigned = gateway_.Call(&Stub::ReassignActions, request);
  ASSERT_THAT(reassigned, IsOk());
  EXPECT_EQ(reassigned->actions(0).assignee(), "Eve");
  EXPECT_EQ(reassigned->actions(0).queue(), "sales");
  gateway_.interactions.reassign = [](const auto&, auto&) {
    return status::WithReason("ACTION_ENDED",
                              absl::FailedPreconditionError("ended"));
  };
  EXPECT_THAT(gateway_.Call(&Stub::ReassignActions, request),
              StatusIs(StatusCode::kFailedPrecondition, "ended"));
}

TEST_F(ActionFlowTest, AnActionIsOfTheContactThatIsMeant) {
  v1::CreateActionRequest request;
  request.mutable_customer()->set_contact_id(kAda);
  request.mutable_action()->set_contact_id(kCleo);
  request.mutable_action()->set_queue("sales");
  request.set_cause("promise");
  const auto created = gateway_.Call(&Stub::CreateAction, request);
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->contact_id(), kAda);
  EXPECT_EQ(created->queue(), "sales");
  ASSERT_THAT(created_, SizeIs(1));
  EXPECT_EQ(created_[0].cause(), "promise");
  EXPECT_NE(created_[0].request_id(), "");
  EXPECT_EQ(created_[0].forwarded().fingerprint(), "");
}

TEST_F(ActionFlowTest, AnErrorAboutTheContactNamesTheCustomer) {
  gateway_.interactions.create_action = [](const auto&, auto&) {
    return status::WithReason(
        "TOO_MANY_ACTIONS",
        absl::FailedPreconditionError("action.contact_id: has 500"));
  };
  v1::CreateActionRequest request;
  request.mutable_customer()->set_contact_id(kAda);
  const auto created = gateway_.Call(&Stub::CreateAction, request);
  EXPECT_THAT(created,
              StatusIs(StatusCode::kFailedPrecondition, "customer: has 500"));
  EXPECT_EQ(
      status::FindDetail<google::rpc::ErrorInfo>(created.status())->reason(),
      "TOO_MANY_ACTIONS");
}

TEST_F(ActionFlowTest, NobodyIsGivenAnActionButARepeatIsAskedFor) {
  missing_ = {kAda};
  v1::CreateActionRequest request;
  request.mutable_customer()->set_contact_id(kAda);
  EXPECT_THAT(gateway_.Call(&Stub::CreateAction, request),
              StatusIs(StatusCode::kNotFound, "customer: nobody"));
  EXPECT_THAT(created_, IsEmpty());
  request.set_request_id("r-1");
  EXPECT_THAT(gateway_.Call(&Stub::CreateAction, request),
              StatusIs(StatusCode::kNotFound, "customer: nobody"));
  ASSERT_THAT(created_, SizeIs(1));
  EXPECT_EQ(created_[0].forwarded().fingerprint().size(), 32U);
}

TEST(ActionFlowScopesTest, NothingIsDoneForAKeyThatLacksAScope) {
  for (const char* lacking :
       {"contacts.read", "interactions.read", "interactions.write"}) {
    GatewayHarness gateway(/*flow_limit=*/100, /*watching=*/{},
                           KeysWithout({lacking}));
    EXPECT_THAT(
        gateway.Call(&Stub::CompleteActions, v1::CompleteActionsRequest()),
        StatusIs(StatusCode::kPermissionDenied, lacking));
    EXPECT_THAT(gateway.record.names(), IsEmpty());
  }
}

}  // namespace
}  // namespace kith::gateway
