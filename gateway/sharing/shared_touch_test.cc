// What becomes of touches by a value that several people share.

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "common/base/times.h"
#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "gateway/flows/touch_reviews.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

// The stand-in contact of the phone of an office, and its key.
constexpr char kOffice[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000f2";
const std::string& OfficeKey() {
  static const auto* const key = new std::string(32, 'f');
  return *key;
}

// Every phone is one that Ada and Bob share; what else a touch names is free,
// and goes to a new contact.
class SharedTouchTest : public ::testing::Test {
 protected:
  SharedTouchTest() {
    gateway_.identity.batch_resolve = [this](const auto& request,
                                             auto& response) {
      for (const auto& asked : request.requests()) {
        auto& resolved = *response.add_results()->mutable_response();
        if (asked.value().channel() != identity::v1::CHANNEL_PHONE) continue;
        resolved.set_stand_in_contact_id(kOffice);
        for (const std::string& id : sharers_) {
          resolved.add_candidates()->mutable_identity()->set_contact_id(id);
        }
      }
      return absl::OkStatus();
    };
    gateway_.identity.batch_claim = [this](const auto& request,
                                           auto& response) {
      for (const auto& item : request.requests()) {
        Claim(item, *response.add_results()->mutable_response());
      }
      return absl::OkStatus();
    };
    gateway_.contacts.batch_ensure = [this](const auto& request,
                                            auto& response) {
      for (const auto& item : request.requests()) {
        ensured_.push_back(item);
        auto& contact =
            *response.add_results()->mutable_response()->mutable_contact();
        contact.set_contact_id(item.contact_id());
        contact.set_canonical_id(item.contact_id());
      }
      return absl::OkStatus();
    };
    gateway_.interactions.create_action = [this](const auto& request,
                                                 auto& response) {
      reviews_.push_back(request);
      response = request.action();
      return absl::OkStatus();
    };
    SetTouch();
  }

  void Claim(const identity::v1::ClaimIdentitiesRequest& item,
             identity::v1::ClaimIdentitiesResponse& claimed) const {
    claimed.set_contact_id(kOffice);
    claimed.set_is_stand_in(true);
    for (const identity::v1::ChannelValue& value : item.values()) {
      identity::v1::ClaimedValue& answer = *claimed.add_values();
      *answer.mutable_value() = value;
      identity::v1::Identity& identity = *answer.mutable_identity();
      identity.set_channel(value.channel());
      if (value.channel() == identity::v1::CHANNEL_PHONE) {
        answer.set_outcome(identity::v1::CLAIM_OUTCOME_SHARED);
        identity.set_contact_id(kOffice);
        identity.set_identity_key(OfficeKey());
        identity.mutable_sharing_contact_ids()->Assign(sharers_.begin(),
                                                       sharers_.end());
      } else {
        answer.set_outcome(identity::v1::CLAIM_OUTCOME_CLAIMED);
        identity.set_contact_id(item.proposed_contact_id());
        identity.set_identity_key(std::string(32, 'e'));
        claimed.set_contact_id(item.proposed_contact_id());
        claimed.set_is_stand_in(false);
      }
    }
  }

  void SetTouch() {
    touch_.add_identities()->set_channel(identity::v1::CHANNEL_PHONE);
    touch_.mutable_identities(0)->set_value("+14155552671");
    touch_.mutable_interaction()->set_kind(interactions::v1::KIND_CALL);
    touch_.mutable_interaction()->mutable_occurred_time()->set_seconds(1e9);
    touch_.mutable_contact()->set_display_name("Ada");
    touch_.set_request_id("touch-1");
  }

  void AddMail() {
    identity::v1::ChannelValue& mail = *touch_.add_identities();
    mail.set_channel(identity::v1::CHANNEL_EMAIL);
    mail.set_value("ada@example.com");
  }

  absl::StatusOr<v1::RecordTouchResponse> Record() {
    return gateway_.Call(&Stub::RecordTouch, touch_);
  }

  static std::vector<std::string> PossibleOf(
      const v1::RecordTouchResponse& response) {
    std::vector<std::string> ids;
    for (const v1::PossibleCustomer& one : response.possible_customers()) {
      ids.push_back(one.contact_id());
      EXPECT_THAT(one.canonical_id(), ::testing::Not(IsEmpty()));
    }
    return ids;
  }

  std::vector<std::string> sharers_ = {kAda, kBob};
  v1::RecordTouchRequest touch_;
  std::vector<contacts::v1::EnsureContactRequest> ensured_;
  std::vector<interactions::v1::CreateActionRequest> reviews_;
  GatewayHarness gateway_;
};

TEST_F(SharedTouchTest, ItIsRecordedForTheStandInAndSaysWhoItMayBe) {
  const auto touch = Record();
  ASSERT_THAT(touch, IsOk());
  EXPECT_EQ(touch->contact_id(), kOffice);
  EXPECT_EQ(touch->interaction().contact_id(), kOffice);
  EXPECT_EQ(touch->interaction().identity_key(), OfficeKey());
  EXPECT_THAT(PossibleOf(*touch), ElementsAre(kAda, kBob));
  EXPECT_THAT(reviews_, IsEmpty());
}

// A ShareIdentity may have been cut off before it made the contact.
TEST_F(SharedTouchTest, TheStandInIsMadeAndGetsNothingOfTheCaller) {
  touch_.mutable_interaction()->set_kind(interactions::v1::KIND_PURCHASE);
  ASSERT_THAT(Record(), IsOk());
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_TRUE(ensured_[0].stand_in());
  EXPECT_FALSE(ensured_[0].has_contact());
  EXPECT_EQ(ensured_[0].at_least_stage(), contacts::v1::STAGE_UNSPECIFIED);
  EXPECT_THAT(ensured_[0].companions(), IsEmpty());
}

// Whoever shares the value, or touches by it, has been answered the contact.
TEST_F(SharedTouchTest, ARefusedTouchTakesItsOwnContactBackAndNoStandIn) {
  gateway_.interactions.batch_record = [](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      *response.add_results()->mutable_error() =
          status::ToProto(absl::AlreadyExistsError("interaction.external_id"));
    }
    return absl::OkStatus();
  };
  gateway_.interactions.list_interactions = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  for (const bool stand_in : {true, false}) {
    gateway_.contacts.batch_ensure = [=](const auto& request, auto& response) {
      for (const auto& item : request.requests()) {
        auto& ensured = *response.add_results()->mutable_response();
        ensured.set_created(true);
        ensured.mutable_contact()->set_contact_id(item.contact_id());
        ensured.mutable_contact()->set_canonical_id(item.contact_id());
        ensured.mutable_contact()->set_stand_in(stand_in);
        ensured.mutable_contact()->set_etag("1");
      }
      return absl::OkStatus();
    };
    EXPECT_THAT(Record(), StatusIs(absl::StatusCode::kAlreadyExists, ""));
    // It is looked whether the contact has got an interaction.
    EXPECT_EQ(absl::c_count(gateway_.record.names(), "ListInteractions"),
              stand_in ? 0 : 1);
  }
}

TEST_F(SharedTouchTest, TheOnlyOneWhoSharesItIsNotTakenForTheCaller) {
  sharers_ = {kAda};
  const auto touch = Record();
  ASSERT_THAT(touch, IsOk());
  EXPECT_EQ(touch->contact_id(), kOffice);
  EXPECT_THAT(PossibleOf(*touch), ElementsAre(kAda));
}

TEST_F(SharedTouchTest, WhoAreMergedAreNamedOnce) {
  gateway_.contacts.batch_get = [](const auto& request, auto& response) {
    for (const std::string& id : request.contact_ids()) {
      response.add_contacts()->set_contact_id(id);
      response.mutable_contacts()->rbegin()->set_canonical_id(kBob);
    }
    return absl::OkStatus();
  };
  const auto touch = Record();
  ASSERT_THAT(touch, IsOk());
  EXPECT_THAT(PossibleOf(*touch), ElementsAre(kAda));
  EXPECT_EQ(touch->possible_customers(0).canonical_id(), kBob);
}

TEST_F(SharedTouchTest, AnotherValueDecidesAndNobodyIsSuggested) {
  AddMail();
  const auto touch = Record();
  ASSERT_THAT(touch, IsOk());
  EXPECT_NE(touch->contact_id(), kOffice);
  EXPECT_THAT(touch->possible_customers(), IsEmpty());
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_FALSE(ensured_[0].stand_in());
  EXPECT_EQ(ensured_[0].contact().display_name(), "Ada");
  EXPECT_THAT(ensured_[0].companions(), IsEmpty());
  EXPECT_EQ(touch->identities(0).outcome(), identity::v1::CLAIM_OUTCOME_SHARED);
}

TEST_F(SharedTouchTest, ARepeatSaysNoMoreThanWhatIsStored) {
  gateway_.interactions.lookup = [this](const auto&, auto& response) {
    auto& known = *response.add_results()->mutable_response()->mutable_known();
    known.set_outcome(interactions::v1::RECORD_OUTCOME_KNOWN);
    *known.mutable_interaction() = touch_.interaction();
    known.mutable_interaction()->set_contact_id(kOffice);
    return absl::OkStatus();
  };
  const auto touch = Record();
  ASSERT_THAT(touch, IsOk());
  EXPECT_EQ(touch->contact_id(), kOffice);
  EXPECT_THAT(touch->identities(), IsEmpty());
  EXPECT_THAT(touch->possible_customers(), IsEmpty());
  EXPECT_THAT(reviews_, IsEmpty());
}

// As the first may have been cut off before it opened the REVIEW.
TEST_F(SharedTouchTest, ARepeatReviewsWhatCountsForNobody) {
  touch_.mutable_interaction()->set_kind(interactions::v1::KIND_PURCHASE);
  gateway_.interactions.lookup = [this](const auto&, auto& response) {
    auto& known = *response.add_results()->mutable_response()->mutable_known();
    known.set_outcome(interactions::v1::RECORD_OUTCOME_KNOWN);
    *known.mutable_interaction() = touch_.interaction();
    known.mutable_interaction()->set_contact_id(kOffice);
    known.mutable_interaction()->set_interaction_id("i-1");
    *known.mutable_interaction()->mutable_recorded_time() =
        base::ToProto(gateway_.Now());
    return absl::OkStatus();
  };
  for (int i = 0; i < 2; ++i) {
    const auto touch = Record();
    ASSERT_THAT(touch, IsOk());
    EXPECT_THAT(touch->possible_customers(), IsEmpty());
  }
  ASSERT_THAT(reviews_, SizeIs(2));
  EXPECT_EQ(reviews_[0].action().contact_id(), kOffice);
  EXPECT_EQ(reviews_[0].request_id(), reviews_[1].request_id());
}

TEST_F(SharedTouchTest, WhatCountsForNobodyIsReviewed) {
  touch_.mutable_interaction()->set_kind(interactions::v1::KIND_PURCHASE);
  const auto touch = Record();
  ASSERT_THAT(touch, IsOk());
  ASSERT_THAT(reviews_, SizeIs(1));
  EXPECT_EQ(reviews_[0].action().contact_id(), kOffice);
  EXPECT_EQ(reviews_[0].review().review_cause(),
            interactions::v1::REVIEW_CAUSE_SHARED_VALUE);
  EXPECT_EQ(reviews_[0].review().identity_key(), OfficeKey());
}

TEST_F(SharedTouchTest, OnlyWhatIsSoldOrGivenBackByASharedValueIsReviewed) {
  v1::RecordTouchResponse recorded;
  recorded.mutable_interaction()->set_kind(interactions::v1::KIND_RETURN);
  EXPECT_FALSE(ReviewOfShared(recorded).has_value());
  recorded.add_possible_customers()->set_contact_id(kAda);
  EXPECT_TRUE(ReviewOfShared(recorded).has_value());
  recorded.mutable_interaction()->set_kind(interactions::v1::KIND_CALL);
  EXPECT_FALSE(ReviewOfShared(recorded).has_value());
}

TEST_F(SharedTouchTest, TouchesOfABatchAreEachTold) {
  v1::BatchRecordTouchesRequest batch;
  *batch.add_touches() = touch_;
  AddMail();
  touch_.set_request_id("touch-2");
  *batch.add_touches() = touch_;
  const auto touches = gateway_.Call(&Stub::BatchRecordTouches, batch);
  ASSERT_THAT(touches, IsOk());
  EXPECT_THAT(PossibleOf(touches->results(0).response()),
              ElementsAre(kAda, kBob));
  EXPECT_THAT(touches->results(1).response().possible_customers(), IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
