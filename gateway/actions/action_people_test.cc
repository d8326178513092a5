#include "gateway/actions/action_people.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/testing/matchers.h"
#include "gateway/actions/action_fixture.h"
#include "gateway/flows/lacking_keys_fixture.h"
#include "gmock/gmock.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using interactions::v1::KIND_CALL;
using interactions::v1::KIND_NOTE;
using interactions::v1::KIND_PURCHASE;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

class ActionPeopleTest : public ActionFixture {
 protected:
  absl::StatusOr<v1::LeaseActionsResponse> Lease(
      const std::string& contact_id, const std::string& reason = "") {
    v1::LeaseActionsRequest request;
    request.mutable_customer()->set_contact_id(contact_id);
    request.set_agent("Dana");
    request.set_take_over_reason(reason);
    return gateway_.Call(&Stub::LeaseActions, request);
  }

  int CallsOf(const std::string& method) const {
    return static_cast<int>(absl::c_count(gateway_.record.names(), method));
  }
};

TEST_F(ActionPeopleTest, TheNextPersonComesWithWhatIsToBeDone) {
  const auto next = Next(0);
  ASSERT_THAT(next, IsOk());
  ASSERT_THAT(next->people(), SizeIs(1));
  const v1::Person& person = next->people(0);
  EXPECT_EQ(person.canonical_id(), kAda);
  EXPECT_THAT(person.contact_ids(), ElementsAre(kAda));
  EXPECT_EQ(person.display_name(), absl::StrCat("name of ", kAda));
  EXPECT_EQ(person.stage(), contacts::v1::STAGE_CUSTOMER);
  EXPECT_THAT(person.actions(), SizeIs(1));
  EXPECT_EQ(person.actions(0).lease().agent(), "Dana");
  EXPECT_EQ(person.reason().text(), absl::StrCat("why ", kAda));
  EXPECT_EQ(person.lease().agent(), "Dana");
  EXPECT_EQ(person.lease().epoch(), 7);
  EXPECT_THAT(person.warnings(), IsEmpty());
  EXPECT_FALSE(person.has_last_words());
  EXPECT_THAT(counts_, ElementsAre(1));
}

TEST_F(ActionPeopleTest, PeopleAreReadTogether) {
  EXPECT_THAT(PeopleOf(Next(3)), ElementsAre(kAda, kBob, kCleo));
  std::vector<std::string> calls = gateway_.record.names();
  EXPECT_EQ(std::erase(calls, "ListSuggestions"), 3U);
  EXPECT_THAT(calls, ElementsAre("LeaseNextActions", "BatchGetContacts",
                                 "BatchGetActivity", "BatchMayContact"));
  // A repeat is answered the same.
  EXPECT_THAT(PeopleOf(Next(3)), ElementsAre(kAda, kBob, kCleo));
}

TEST_F(ActionPeopleTest, ThereMayBeNobody) {
  queue_.clear();
  EXPECT_THAT(PeopleOf(Next(3)), IsEmpty());
}

TEST_F(ActionPeopleTest, AGroupIsLeasedAsAWhole) {
  Merge({kCleo, kAda});
  const auto next = Next(1);
  EXPECT_THAT(PeopleOf(next), ElementsAre(kCleo));
  EXPECT_THAT(next->people(0).contact_ids(), ElementsAre(kCleo, kAda));
  EXPECT_THAT(next->people(0).actions(), SizeIs(2));
  EXPECT_EQ(next->people(0).actions(1).lease().agent(), "Dana");
  EXPECT_EQ(next->people(0).reason().text(), absl::StrCat("why ", kAda));
  EXPECT_THAT(Leased(), ElementsAre(kAda, kCleo));
}

TEST_F(ActionPeopleTest, MembersWithoutAnActionAreNotLeased) {
  Merge({kAda, kBob});
  queue_ = {kAda};
  EXPECT_THAT(PeopleOf(Next(1)), ElementsAre(kAda));
  EXPECT_EQ(CallsOf("LeaseActions"), 0);
}

TEST_F(ActionPeopleTest, TwoContactsOfAGroupAreOnePerson) {
  Merge({kAda, kBob});
  EXPECT_THAT(PeopleOf(Next(2)), ElementsAre(kAda, kCleo));
  EXPECT_THAT(Leased(), ElementsAre(kAda, kBob, kCleo));
  EXPECT_THAT(counts_, ElementsAre(2, 3));
}

TEST_F(ActionPeopleTest, WhomAnotherDealsWithIsGivenBackAndLeftOut) {
  Merge({kAda, kDora});
  leased_to_[kDora] = "Eve";
  EXPECT_THAT(PeopleOf(Next(1)), ElementsAre(kBob));
  EXPECT_THAT(Leased(), ElementsAre(kBob));
  EXPECT_EQ(leased_to_[kDora], "Eve");
  EXPECT_THAT(skipped_, IsEmpty());
}

TEST_F(ActionPeopleTest, TheSearchForMoreHasAnEnd) {
  leased_to_ = {{kDora, "Eve"}};
  Merge({kDora, kAda, kBob, kCleo});
  EXPECT_THAT(PeopleOf(Next(2)), IsEmpty());
  EXPECT_THAT(Leased(), IsEmpty());
  EXPECT_THAT(counts_, ElementsAre(2, 2));
}

TEST_F(ActionPeopleTest, WhatHasEndedMeanwhileIsGivenBack) {
  gateway_.interactions.activity = [](const auto& request, auto& response) {
    for (int i = 0; i < request.sets_size(); ++i) response.add_results();
    return absl::OkStatus();
  };
  EXPECT_THAT(PeopleOf(Next(1)), IsEmpty());
  EXPECT_THAT(Leased(), IsEmpty());
}

TEST_F(ActionPeopleTest, WithoutContactsNobodyIsGivenOut) {
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  EXPECT_THAT(Next(2), StatusIs(StatusCode::kUnavailable, "contacts-svc"));
  EXPECT_THAT(Leased(), IsEmpty());
  EXPECT_EQ(CallsOf("ReleaseActions"), 1);
}

// Of what the agent was dealing with before, nothing is taken away.
TEST_F(ActionPeopleTest, AFailureGivesBackOnlyWhatIsNew) {
  leased_to_ = {{kBob, "Dana"}};
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  EXPECT_THAT(Next(2), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(Leased(), ElementsAre(kBob));
  EXPECT_EQ(CallsOf("ReleaseActions"), 1);
  // Without anything new nothing is given back.
  EXPECT_THAT(Next(1), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(Leased(), ElementsAre(kBob));
  EXPECT_EQ(CallsOf("ReleaseActions"), 1);
}

TEST_F(ActionPeopleTest, WhatMayBeLeasedIsGivenBackIfTheRestFails) {
  Merge({kAda, kDora});
  const auto lease = gateway_.interactions.lease;
  gateway_.interactions.lease = [&](const auto& request, auto& response) {
    EXPECT_THAT(lease(request, response), IsOk());
    return absl::InternalError("after it");
  };
  EXPECT_THAT(Next(2), StatusIs(StatusCode::kInternal));
  EXPECT_THAT(Leased(), IsEmpty());
}

TEST_F(ActionPeopleTest, ADeletedContactIsGivenOutWithAWarning) {
  missing_ = {kAda};
  auto next = Next(1);
  ASSERT_THAT(PeopleOf(next), ElementsAre(kAda));
  EXPECT_THAT(next->people(0).warnings(),
              ElementsAre(v1::PERSON_WARNING_CONTACT_DELETED));
  EXPECT_EQ(next->people(0).stage(), contacts::v1::STAGE_UNSPECIFIED);
  missing_.clear();
  const auto batch_get = gateway_.contacts.batch_get;
  gateway_.contacts.batch_get = [&](const auto& request, auto& response) {
    absl::Status status = batch_get(request, response);
    response.mutable_contacts(0)->mutable_delete_time()->set_seconds(1);
    return status;
  };
  next = Next(1);
  ASSERT_THAT(PeopleOf(next), ElementsAre(kAda));
  EXPECT_THAT(next->people(0).warnings(),
              ElementsAre(v1::PERSON_WARNING_CONTACT_DELETED));
}

TEST_F(ActionPeopleTest, TheNewestOfEachKindIsShown) {
  threads_[kAda] = "thread";
  auto machine = Said("away", "thread");
  machine.set_automated(true);
  newest_[kAda] = {Done(KIND_CALL, "last"),       Done(KIND_CALL, "first"),
                   Said("of another", "other"),   machine,
                   Said("where is it", "thread"), Said("hello", "thread"),
                   Done(KIND_PURCHASE, "shoes"),  Done(KIND_PURCHASE, "hat")};
  older_ = true;
  const auto next = Next(1);
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->people(0).last_words().body(), "where is it");
  EXPECT_EQ(next->people(0).last_call().subject(), "last");
  EXPECT_EQ(next->people(0).last_purchase().subject(), "shoes");
  EXPECT_EQ(CallsOf("ListInteractions") + CallsOf("GetThread"), 0);
}

TEST_F(ActionPeopleTest, WithoutAThreadTheNewestWordsCount) {
  newest_[kAda] = {Done(KIND_NOTE, "note"), Said("hello", "any")};
  const auto next = Next(1);
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->people(0).last_words().body(), "hello");
}

TEST_F(ActionPeopleTest, ALongBodyIsCutBetweenCharacters) {
  std::string body;
  for (int i = 0; i < 501; ++i) body += "\u00fc";
  newest_[kAda] = {Said(body)};
  const auto next = Next(1);
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->people(0).last_words().body(), body.substr(0, 1000));
}

// Thirty newsletters later it is still said.
TEST_F(ActionPeopleTest, WhatIsOlderIsAskedForOfAllTogether) {
  older_ = true;
  threads_ = {{kAda, "a"}, {kBob, "b"}};
  newest_[kBob] = {Done(KIND_CALL, "b"), Said("b", "b")};
  gateway_.interactions.get_thread = [](const auto& request, auto& response) {
    *response.add_interactions() = Done(KIND_NOTE, "note");
    *response.add_interactions() =
        Said(absl::StrCat("words of ", request.thread_id()));
    return absl::OkStatus();
  };
  gateway_.interactions.list_interactions = [](const auto& request,
                                               auto& response) {
    EXPECT_EQ(request.page_size(), 1);
    for (const auto& set : request.sets()) {
      auto& result = *response.add_results();
      *result.add_interactions() =
          Done(request.kind(), absl::StrCat("of ", set.contact_ids(0)));
    }
    return absl::OkStatus();
  };
  const auto next = Next(2);
  ASSERT_THAT(PeopleOf(next), ElementsAre(kAda, kBob));
  const v1::Person& ada = next->people(0);
  EXPECT_EQ(ada.last_words().body(), "words of a");
  EXPECT_EQ(ada.last_call().subject(), absl::StrCat("of ", kAda));
  EXPECT_EQ(ada.last_call().kind(), KIND_CALL);
  EXPECT_EQ(ada.last_purchase().kind(), KIND_PURCHASE);
  const v1::Person& bob = next->people(1);
  EXPECT_EQ(bob.last_words().body(), "b");
  EXPECT_EQ(bob.last_call().subject(), "b");
  EXPECT_EQ(bob.last_purchase().subject(), absl::StrCat("of ", kBob));
  EXPECT_EQ(CallsOf("ListInteractions"), 2);
  EXPECT_EQ(CallsOf("GetThread"), 1);
}

TEST_F(ActionPeopleTest, WhatIsNotAvailableInTimeIsLeftOut) {
  older_ = true;
  threads_ = {{kAda, "a"}};
  gateway_.interactions.get_thread = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  gateway_.interactions.list_interactions = nullptr;
  const auto next = Next(1);
  ASSERT_THAT(PeopleOf(next), ElementsAre(kAda));
  EXPECT_FALSE(next->people(0).has_last_words());
  EXPECT_FALSE(next->people(0).has_last_call());
}

TEST_F(ActionPeopleTest, AnErrorOfTheQueueIsTheAnswer) {
  gateway_.interactions.lease_next = [](const auto&, auto&) {
    return absl::PermissionDeniedError("agent: want actors.assert");
  };
  EXPECT_THAT(Next(1), StatusIs(StatusCode::kPermissionDenied, "agent: "));
}

// All faults of a request are told by the service that knows them all.
TEST_F(ActionPeopleTest, AWrongNumberOfPeopleIsToldAsTheCallerNamesIt) {
  gateway_.interactions.lease_next = [](const auto& request, auto&) {
    api::Violations violations;
    violations.Add("agent", "not set");
    violations.Add("contact_count",
                   absl::StrCat(request.contact_count(), ", want 0 to 10"));
    return violations.ToStatus();
  };
  for (const int count : {-1, 11}) {
    EXPECT_THAT(
        Next(count),
        StatusIs(StatusCode::kInvalidArgument,
                 absl::StrCat("agent: not set; person_count: ", count, ",")));
  }
}

// Somebody has undeleted the contact, or it was never to be.
TEST_F(ActionPeopleTest, AReviewOfADeletedContactEndsWhenItIsThereAgain) {
  const auto activity = gateway_.interactions.activity;
  gateway_.interactions.activity = [&](const auto& request, auto& response) {
    absl::Status status = activity(request, response);
    for (auto& result : *response.mutable_results()) {
      for (auto& action : *result.mutable_actions()) {
        if (action.contact_id() != kAda) continue;
        action.set_review_cause(interactions::v1::REVIEW_CAUSE_CONTACT_DELETED);
      }
    }
    return status;
  };
  std::vector<std::string> dismissed;
  gateway_.interactions.dismiss = [&](const auto& request, auto&) {
    for (const auto& name : request.actions()) {
      dismissed.push_back(name.contact_id());
    }
    EXPECT_EQ(request.agent(), "Dana");
    return absl::OkStatus();
  };
  missing_ = {kAda};
  EXPECT_THAT(PeopleOf(Next(1)), ElementsAre(kAda));
  EXPECT_THAT(dismissed, IsEmpty());
  missing_.clear();
  EXPECT_THAT(PeopleOf(Next(1)), ElementsAre(kBob));
  EXPECT_THAT(dismissed, ElementsAre(kAda));
  EXPECT_THAT(Leased(), ElementsAre(kBob));
}

// Such as one that was made by hand.
TEST_F(ActionPeopleTest, IfNobodySaidAnythingInTheThreadTheNewestWordsCount) {
  threads_[kAda] = "made";
  newest_[kAda] = {Done(KIND_NOTE, "note"), Said("hello", "other")};
  auto next = Next(1);
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->people(0).last_words().body(), "hello");
  // There may be older ones in the thread, which is asked.
  older_ = true;
  gateway_.interactions.get_thread = [](const auto&, auto& response) {
    *response.add_interactions() = Done(KIND_NOTE, "note");
    return absl::OkStatus();
  };
  next = Next(1);
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->people(0).last_words().body(), "hello");
  gateway_.interactions.get_thread = [](const auto&, auto& response) {
    *response.add_interactions() = Done(KIND_NOTE, "note");
    response.set_next_page_token("more");
    return absl::OkStatus();
  };
  next = Next(1);
  ASSERT_THAT(next, IsOk());
  EXPECT_FALSE(next->people(0).has_last_words());
}

TEST_F(ActionPeopleTest, ACustomerOfChoiceIsLeasedAsAWhole) {
  Merge({kAda, kCleo});
  const auto leased = Lease(kCleo);
  ASSERT_THAT(leased, IsOk());
  EXPECT_EQ(leased->person().canonical_id(), kAda);
  EXPECT_THAT(leased->person().actions(), SizeIs(2));
  EXPECT_EQ(leased->person().lease().agent(), "Dana");
  EXPECT_THAT(Leased(), ElementsAre(kAda, kCleo));
}

TEST_F(ActionPeopleTest, ACustomerIsTakenOverWithAReasonOnly) {
  Merge({kAda, kCleo});
  leased_to_[kCleo] = "Eve";
  const auto refused = Lease(kAda);
  EXPECT_THAT(refused, StatusIs(StatusCode::kFailedPrecondition,
                                "customer: leased by another"));
  EXPECT_TRUE(IsLeasedByOther(refused.status()));
  EXPECT_THAT(Leased(), IsEmpty());
  EXPECT_EQ(leased_to_[kCleo], "Eve");
  EXPECT_THAT(Lease(kAda, "Eve is ill"), IsOk());
  EXPECT_THAT(Leased(), ElementsAre(kAda, kCleo));
}

TEST_F(ActionPeopleTest, WithoutAnActionNothingIsLeased) {
  queue_ = {kBob};
  const auto leased = Lease(kAda);
  ASSERT_THAT(leased, IsOk());
  EXPECT_EQ(leased->person().canonical_id(), kAda);
  EXPECT_FALSE(leased->person().has_lease());
  EXPECT_EQ(CallsOf("LeaseActions"), 1);
}

TEST_F(ActionPeopleTest, ARequestIsCheckedAlsoIfThereIsNothingToLease) {
  queue_ = {kBob};
  gateway_.interactions.lease = [](const auto& request, auto&) {
    EXPECT_THAT(request.contact_ids(), ElementsAre(kAda));
    api::Violations violations;
    violations.AtMost("take_over_reason", request.take_over_reason(), 1000);
    return violations.ToStatus();
  };
  EXPECT_THAT(Lease(kAda), IsOk());
  EXPECT_THAT(Lease(kAda, std::string(1001, 'x')),
              StatusIs(StatusCode::kInvalidArgument, "take_over_reason: 1001"));
}

TEST_F(ActionPeopleTest, AContactThatDoesNotExistIsLeasedIfItHasAnAction) {
  missing_ = {kAda, kBob};
  queue_ = {kAda};
  const auto leased = Lease(kAda);
  ASSERT_THAT(leased, IsOk());
  EXPECT_THAT(leased->person().warnings(),
              ElementsAre(v1::PERSON_WARNING_CONTACT_DELETED));
  EXPECT_THAT(Lease(kBob), StatusIs(StatusCode::kNotFound, "customer: "));
}

TEST(ActionScopesTest, NothingIsLeasedForAKeyThatLacksAScope) {
  for (const char* lacking : {"contacts.read", "identity.read",
                              "interactions.read", "interactions.write"}) {
    GatewayHarness gateway(/*flow_limit=*/100, /*watching=*/{},
                           KeysWithout({lacking}));
    v1::NextActionsRequest next;
    next.add_queues("service");
    EXPECT_THAT(gateway.Call(&Stub::NextActions, next),
                StatusIs(StatusCode::kPermissionDenied, lacking));
    v1::LeaseActionsRequest lease;
    lease.mutable_customer()->set_contact_id(kAda);
    EXPECT_THAT(gateway.Call(&Stub::LeaseActions, lease),
                StatusIs(StatusCode::kPermissionDenied, lacking));
    EXPECT_THAT(gateway.record.names(), IsEmpty());
  }
}

}  // namespace
}  // namespace kith::gateway
