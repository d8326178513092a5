#include "gateway/flows/settled_reviews.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/testing/matchers.h"
#include "gateway/flows/touch_reviews.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Stub = v1::GatewayService::Stub;

constexpr char kKeyOfBobsMail[] = "00112233445566778899aabbccddeeff";
constexpr char kAnotherKey[] = "ffeeddccbbaa99887766554433221100";

// The REVIEW that a touch of `contact_id` opens which names a value of another.
interactions::v1::Action Asking(const std::string& contact_id,
                                const std::string& other_id) {
  v1::RecordTouchResponse recorded;
  recorded.set_outcome(interactions::v1::RECORD_OUTCOME_RECORDED);
  recorded.set_contact_id(contact_id);
  identity::v1::ClaimedValue& value = *recorded.add_identities();
  value.set_outcome(identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER);
  value.mutable_value()->set_channel(identity::v1::CHANNEL_EMAIL);
  value.mutable_value()->set_value("bob@example.com");
  value.mutable_identity()->set_contact_id(other_id);
  value.mutable_identity()->set_identity_key(kKeyOfBobsMail);
  std::vector<Review> reviews;
  AddReviews(recorded, absl::UnixEpoch(), reviews);
  interactions::v1::Action action;
  action.set_action_id(absl::StrCat(contact_id, " of ", other_id));
  action.set_contact_id(contact_id);
  action.set_kind(config::v1::ACTION_KIND_REVIEW);
  action.set_review_cause(reviews.at(0).about);
  action.set_other_contact_id(reviews.at(0).other_id);
  action.set_identity_key(reviews.at(0).identity_key);
  return action;
}

// A REVIEW about a value of the contact.
interactions::v1::Action AboutValue(const std::string& contact_id,
                                    interactions::v1::ReviewCause cause,
                                    const std::string& identity_key) {
  interactions::v1::Action action;
  action.set_action_id(absl::StrCat(contact_id, " ", cause, " ", identity_key));
  action.set_contact_id(contact_id);
  action.set_kind(config::v1::ACTION_KIND_REVIEW);
  action.set_review_cause(cause);
  action.set_identity_key(identity_key);
  return action;
}

TEST(AmbiguousOfTest, OnlyAReviewOfAnAmbiguousTouchAsksAboutAnother) {
  interactions::v1::Action action = Asking(kAda, kBob);
  EXPECT_EQ(AmbiguousOf(action), kBob);
  // What the sentence says decides nothing.
  action.mutable_reason()->set_text("May be somebody else");
  EXPECT_EQ(AmbiguousOf(action), kBob);
  action.set_review_cause(interactions::v1::REVIEW_CAUSE_SHARED_VALUE);
  EXPECT_EQ(AmbiguousOf(action), "");
  action.clear_review_cause();
  EXPECT_EQ(AmbiguousOf(action), "");
}

// Ada and Bob are a pair; Dora is in Bob's group, Cleo in none.
class SettledReviewsTest : public ::testing::Test {
 protected:
  static constexpr char kDoraOfBob[] = "0192f0c1-2a3b-7c4d-8e5f-00000000000d";

  SettledReviewsTest() {
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        contacts::v1::Contact& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(id);
        contact.add_member_ids(id);
        if (id == kBob) contact.add_member_ids(kDoraOfBob);
      }
      return absl::OkStatus();
    };
    gateway_.contacts.confirm = [](const auto&, auto& response) {
      for (const char* id : {kAda, kBob, kDoraOfBob}) {
        response.mutable_contact()->add_member_ids(id);
      }
      return absl::OkStatus();
    };
    gateway_.contacts.merge = [](const auto&, auto& response) {
      response.mutable_contact()->add_member_ids(kAda);
      response.mutable_contact()->add_member_ids(kBob);
      return absl::OkStatus();
    };
    gateway_.contacts.reject = [](const auto&, auto& response) {
      response.mutable_suggestion()->set_contact_id(kAda);
      response.mutable_suggestion()->set_other_id(kBob);
      return absl::OkStatus();
    };
    KeepActions();
  }

  // What interactions-svc has, and what it was asked to end.
  void KeepActions() {
    gateway_.interactions.list_actions = [this](const auto& request,
                                                auto& response) {
      auto& result = *response.add_results();
      for (const auto& action : open_) {
        for (const std::string& id : request.sets(0).contact_ids()) {
          if (id == action.contact_id()) *result.add_actions() = action;
        }
      }
      return absl::OkStatus();
    };
    gateway_.interactions.dismiss = [this](const auto& request, auto&) {
      for (const auto& name : request.actions()) {
        dismissed_.push_back(name.action_id());
      }
      last_ = request;
      return absl::OkStatus();
    };
  }

  absl::Status Reject() {
    v1::RejectSuggestionRequest request;
    request.mutable_actor()->set_name("Dana");
    return gateway_.Call(&Stub::RejectSuggestion, request).status();
  }

  absl::Status Confirm() {
    v1::ConfirmSuggestionRequest request;
    request.mutable_actor()->set_name("Dana");
    return gateway_.Call(&Stub::ConfirmSuggestion, request).status();
  }

  absl::Status Merge() {
    v1::MergeContactsRequest request;
    request.mutable_survivor()->set_contact_id(kAda);
    request.add_absorbed()->set_contact_id(kBob);
    request.mutable_actor()->set_name("Dana");
    return gateway_.Call(&Stub::MergeContacts, request).status();
  }

  std::vector<interactions::v1::Action> open_ = {
      Asking(kAda, kBob), Asking(kAda, kCleo), Asking(kBob, kAda),
      Asking(kDoraOfBob, kAda), Asking(kBob, kDoraOfBob)};
  std::vector<std::string> dismissed_;
  interactions::v1::DismissActionsRequest last_;
  GatewayHarness gateway_;
};

TEST_F(SettledReviewsTest, ARejectionSettlesTheQuestionsBetweenTheTwoGroups) {
  ASSERT_THAT(Reject(), IsOk());
  EXPECT_THAT(dismissed_,
              ElementsAre(open_[0].action_id(), open_[2].action_id(),
                          open_[3].action_id()));
  EXPECT_EQ(last_.agent(), "Dana");
  EXPECT_THAT(last_.note(), HasSubstr("not the same"));
}

TEST_F(SettledReviewsTest, AConfirmationSettlesTheQuestionsWithinTheGroup) {
  ASSERT_THAT(Confirm(), IsOk());
  EXPECT_THAT(dismissed_,
              ElementsAre(open_[0].action_id(), open_[2].action_id(),
                          open_[3].action_id(), open_[4].action_id()));
  EXPECT_THAT(last_.note(), HasSubstr("merged"));
}

TEST_F(SettledReviewsTest, AMergeDoesSoToo) {
  ASSERT_THAT(Merge(), IsOk());
  EXPECT_THAT(dismissed_,
              ElementsAre(open_[0].action_id(), open_[2].action_id()));
}

TEST_F(SettledReviewsTest, AMoveOfTheValueSettlesTheQuestionBetweenTheTwo) {
  open_.push_back(AboutValue(
      kBob, interactions::v1::REVIEW_CAUSE_QUARANTINED_VALUE, kKeyOfBobsMail));
  // Another value, another customer and another holder are still in question.
  open_.push_back(Asking(kAda, kBob));
  open_.back().set_action_id("of another value");
  open_.back().set_identity_key(kAnotherKey);
  open_.push_back(AboutValue(
      kAda, interactions::v1::REVIEW_CAUSE_QUARANTINED_VALUE, kKeyOfBobsMail));
  gateway_.identity.move = [](const auto&, auto& response) {
    response.mutable_identity()->set_contact_id(kAda);
    response.mutable_former_identity()->set_contact_id(kBob);
    response.mutable_former_identity()->set_identity_key(kKeyOfBobsMail);
    return absl::OkStatus();
  };
  v1::MoveIdentityRequest request;
  request.mutable_from_customer()->set_contact_id(kBob);
  request.mutable_to_customer()->set_contact_id(kAda);
  request.mutable_value()->set_channel(identity::v1::CHANNEL_EMAIL);
  request.mutable_value()->set_value("bob@example.com");
  ASSERT_THAT(gateway_.Call(&Stub::MoveIdentity, request), IsOk());
  EXPECT_THAT(dismissed_,
              UnorderedElementsAre(open_[0].action_id(), open_[2].action_id(),
                                   open_[3].action_id(), open_[5].action_id()));
}

TEST_F(SettledReviewsTest, UnlinkingAValueSettlesItsQuarantine) {
  constexpr auto kQuarantined =
      interactions::v1::REVIEW_CAUSE_QUARANTINED_VALUE;
  open_ = {AboutValue(kBob, kQuarantined, kKeyOfBobsMail),
           AboutValue(kBob, kQuarantined, kAnotherKey), Asking(kBob, kAda)};
  gateway_.identity.unlink = [](const auto&, auto& response) {
    response.mutable_identity()->set_contact_id(kBob);
    response.mutable_identity()->set_identity_key(kKeyOfBobsMail);
    return absl::OkStatus();
  };
  v1::UnlinkIdentityRequest request;
  request.mutable_customer()->set_contact_id(kBob);
  request.mutable_value()->set_channel(identity::v1::CHANNEL_EMAIL);
  request.mutable_value()->set_value("bob@example.com");
  ASSERT_THAT(gateway_.Call(&Stub::UnlinkIdentity, request), IsOk());
  EXPECT_THAT(dismissed_, ElementsAre(open_[0].action_id()));
  gateway_.identity.unlink = [](const auto&, auto&) {
    return absl::NotFoundError("value: it is nobody's");
  };
  EXPECT_FALSE(gateway_.Call(&Stub::UnlinkIdentity, request).ok());
  EXPECT_THAT(dismissed_, SizeIs(1));
}

// Cleo is the stand-in of a value that Ada and others share.
TEST_F(SettledReviewsTest, TheLastPurchaseThatIsMovedSettlesWhoItWas) {
  open_ = {AboutValue(kCleo, interactions::v1::REVIEW_CAUSE_SHARED_VALUE,
                      kAnotherKey),
           AboutValue(kCleo, interactions::v1::REVIEW_CAUSE_QUARANTINED_VALUE,
                      kAnotherKey)};
  gateway_.interactions.reassign_interactions = [](const auto&,
                                                   auto& response) {
    response.set_contact_id(kAda);
    return absl::OkStatus();
  };
  std::set<interactions::v1::Kind> left = {interactions::v1::KIND_RETURN};
  gateway_.interactions.list_interactions = [&](const auto& request,
                                                auto& response) {
    EXPECT_EQ(request.sets(0).contact_ids(0), kCleo);
    auto& result = *response.add_results();
    if (left.contains(request.kind())) result.add_interactions();
    return absl::OkStatus();
  };
  v1::ReassignInteractionsRequest request;
  request.set_contact_id(kCleo);
  request.mutable_to_customer()->set_contact_id(kAda);
  request.set_agent("Dana");
  for (const auto kind :
       {interactions::v1::KIND_RETURN, interactions::v1::KIND_PURCHASE}) {
    left = {kind};
    ASSERT_THAT(gateway_.Call(&Stub::ReassignInteractions, request), IsOk());
    EXPECT_THAT(dismissed_, IsEmpty());
  }
  left.clear();
  ASSERT_THAT(gateway_.Call(&Stub::ReassignInteractions, request), IsOk());
  EXPECT_THAT(dismissed_, ElementsAre(open_[0].action_id()));
  EXPECT_EQ(last_.agent(), "Dana");
}

TEST_F(SettledReviewsTest, WithoutAQuestionNothingIsDismissed) {
  open_ = {Asking(kAda, kCleo)};
  for (const absl::Status& done : {Reject(), Confirm(), Merge()}) {
    EXPECT_THAT(done, IsOk());
  }
  EXPECT_THAT(dismissed_, IsEmpty());
}

TEST_F(SettledReviewsTest, MoreThanACallNamesAreLeft) {
  open_.assign(60, Asking(kAda, kBob));
  ASSERT_THAT(Merge(), IsOk());
  EXPECT_THAT(dismissed_, SizeIs(50));
}

TEST_F(SettledReviewsTest, WhatWasDecidedStandsThoughNothingCanBeDismissed) {
  gateway_.interactions.dismiss = [](const auto&, auto&) {
    return absl::PermissionDeniedError("actors.assert");
  };
  EXPECT_THAT(Reject(), IsOk());
  // A service that hangs holds the answer up for a moment only.
  gateway_.interactions.list_actions = nullptr;
  EXPECT_THAT(Merge(), IsOk());
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  EXPECT_THAT(Reject(), IsOk());
}

}  // namespace
}  // namespace kith::gateway
