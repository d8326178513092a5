#include "gateway/flows/touch_reviews.h"

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

constexpr int64_t kRecordedSeconds = 1'000'000;

v1::RecordTouchResponse Recorded() {
  v1::RecordTouchResponse recorded;
  recorded.mutable_interaction()->mutable_recorded_time()->set_seconds(
      kRecordedSeconds);
  recorded.set_outcome(interactions::v1::RECORD_OUTCOME_RECORDED);
  recorded.set_contact_id(kAda);
  return recorded;
}

identity::v1::ClaimedValue& AddValue(identity::v1::ClaimOutcome outcome,
                                     identity::v1::Channel channel,
                                     const std::string& value,
                                     v1::RecordTouchResponse& recorded) {
  identity::v1::ClaimedValue& claimed = *recorded.add_identities();
  claimed.set_outcome(outcome);
  claimed.mutable_value()->set_channel(channel);
  claimed.mutable_value()->set_value(value);
  claimed.mutable_identity()->set_channel(channel);
  claimed.mutable_identity()->set_contact_id(kBob);
  return claimed;
}

// As the touch comes `later` than its interaction was recorded.
std::vector<Review> ReviewsOf(const v1::RecordTouchResponse& recorded,
                              absl::Duration later = absl::ZeroDuration()) {
  std::vector<Review> reviews;
  AddReviews(recorded, absl::FromUnixSeconds(kRecordedSeconds) + later,
             reviews);
  return reviews;
}

TEST(TouchReviewsTest, APlainTouchIsNoReasonToReview) {
  v1::RecordTouchResponse recorded = Recorded();
  for (const auto outcome :
       {identity::v1::CLAIM_OUTCOME_CLAIMED, identity::v1::CLAIM_OUTCOME_HELD,
        identity::v1::CLAIM_OUTCOME_NOT_CLAIMED,
        identity::v1::CLAIM_OUTCOME_REFUSED}) {
    AddValue(outcome, identity::v1::CHANNEL_PHONE, "1", recorded);
  }
  AddValue(identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER,
           identity::v1::CHANNEL_VISITOR, "browser", recorded);
  EXPECT_THAT(ReviewsOf(recorded), IsEmpty());
}

// A phone of Bob's that companions had quarantined when the interaction was
// recorded.
identity::v1::ClaimedValue& AddQuarantined(v1::RecordTouchResponse& recorded) {
  identity::v1::ClaimedValue& value =
      AddValue(identity::v1::CLAIM_OUTCOME_QUARANTINED,
               identity::v1::CHANNEL_PHONE, "1", recorded);
  value.mutable_identity()->set_identity_key("key");
  identity::v1::Quarantine& quarantine =
      *value.mutable_identity()->mutable_quarantine();
  quarantine.set_companion_count(11);
  *quarantine.mutable_start_time() = recorded.interaction().recorded_time();
  return value;
}

TEST(TouchReviewsTest, AQuarantineIsOneOfTheHolder) {
  v1::RecordTouchResponse recorded = Recorded();
  AddQuarantined(recorded);
  const std::vector<Review> reviews = ReviewsOf(recorded);
  ASSERT_THAT(reviews, SizeIs(1));
  EXPECT_EQ(reviews[0].contact_id, kBob);
  EXPECT_EQ(reviews[0].cause, "quarantined:key");
  EXPECT_EQ(reviews[0].identity_key, "key");
  EXPECT_EQ(reviews[0].about, interactions::v1::REVIEW_CAUSE_QUARANTINED_VALUE);
}

// Whatever interaction tells it: so it is opened once.
TEST(TouchReviewsTest, AQuarantineIsOneForEachTimeItBegan) {
  v1::RecordTouchResponse one = Recorded(), other = Recorded();
  AddQuarantined(one);
  identity::v1::ClaimedValue& later = AddQuarantined(other);
  other.mutable_interaction()->set_interaction_id("other");
  EXPECT_EQ(ReviewsOf(one)[0].interaction_id,
            ReviewsOf(other)[0].interaction_id);
  later.mutable_identity()
      ->mutable_quarantine()
      ->mutable_start_time()
      ->set_nanos(1'000);
  EXPECT_NE(ReviewsOf(one)[0].interaction_id,
            ReviewsOf(other)[0].interaction_id);
}

TEST(TouchReviewsTest, AQuarantineOfAPersonABrowserOrADayAgoIsNone) {
  for (int i = 0; i < 4; ++i) {
    v1::RecordTouchResponse recorded = Recorded();
    identity::v1::Identity& identity =
        *AddQuarantined(recorded).mutable_identity();
    identity::v1::Quarantine& quarantine = *identity.mutable_quarantine();
    if (i == 0) quarantine.set_companion_count(0);
    if (i == 1) identity.set_channel(identity::v1::CHANNEL_VISITOR);
    if (i == 2)
      quarantine.mutable_start_time()->set_seconds(kRecordedSeconds - 86'400);
    if (i == 3) identity.clear_contact_id();
    EXPECT_THAT(ReviewsOf(recorded), IsEmpty()) << i;
  }
}

TEST(TouchReviewsTest, AValueOfAnotherIsOne) {
  v1::RecordTouchResponse recorded = Recorded();
  AddValue(identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER,
           identity::v1::CHANNEL_EMAIL, "bob@example.com", recorded);
  const std::vector<Review> reviews = ReviewsOf(recorded);
  ASSERT_THAT(reviews, SizeIs(1));
  EXPECT_EQ(reviews[0].contact_id, kAda);
  EXPECT_EQ(reviews[0].other_id, kBob);
  EXPECT_EQ(reviews[0].cause, absl::StrCat("ambiguous:", kBob));
  EXPECT_EQ(reviews[0].about, interactions::v1::REVIEW_CAUSE_AMBIGUOUS_CALLER);
  EXPECT_THAT(reviews[0].text, HasSubstr("email bob@example.com"));
  EXPECT_THAT(reviews[0].text, HasSubstr(kBob));
}

TEST(TouchReviewsTest, ADeletedContactIsOne) {
  v1::RecordTouchResponse recorded = Recorded();
  recorded.set_contact_deleted(true);
  const std::vector<Review> reviews = ReviewsOf(recorded);
  ASSERT_THAT(reviews, SizeIs(1));
  EXPECT_EQ(reviews[0].cause, "deleted");
  EXPECT_EQ(reviews[0].about, interactions::v1::REVIEW_CAUSE_CONTACT_DELETED);
  EXPECT_EQ(reviews[0].other_id, "");
}

// Also if a machine reports it, or a correction says it of what is stored.
TEST(TouchReviewsTest, AnOptOutIsOneHoweverItIsTold) {
  v1::RecordTouchResponse recorded = Recorded();
  recorded.mutable_interaction()->set_interaction_id("i-1");
  recorded.mutable_interaction()->set_outcome(
      interactions::v1::OUTCOME_OPT_OUT_ASKED);
  recorded.mutable_interaction()->set_automated(true);
  for (const auto outcome : {interactions::v1::RECORD_OUTCOME_RECORDED,
                             interactions::v1::RECORD_OUTCOME_KNOWN,
                             interactions::v1::RECORD_OUTCOME_CORRECTED}) {
    recorded.set_outcome(outcome);
    const std::vector<Review> reviews = ReviewsOf(recorded);
    ASSERT_THAT(reviews, SizeIs(1));
    EXPECT_EQ(reviews[0].cause, "opt-out");
    EXPECT_EQ(reviews[0].about, interactions::v1::REVIEW_CAUSE_OPT_OUT_ASKED);
    EXPECT_EQ(reviews[0].interaction_id, "i-1");
  }
  recorded.set_outcome(interactions::v1::RECORD_OUTCOME_OUTDATED);
  EXPECT_THAT(ReviewsOf(recorded), IsEmpty());
}

TEST(TouchReviewsTest, ACorrectionIsNotReviewed) {
  for (const auto outcome : {interactions::v1::RECORD_OUTCOME_CORRECTED,
                             interactions::v1::RECORD_OUTCOME_OUTDATED}) {
    v1::RecordTouchResponse recorded = Recorded();
    recorded.set_outcome(outcome);
    recorded.set_contact_deleted(true);
    EXPECT_THAT(ReviewsOf(recorded), IsEmpty());
  }
}

// The first may have been cut off behind its recording.
TEST(TouchReviewsTest, ARepeatIsReviewedAsTheFirst) {
  v1::RecordTouchResponse recorded = Recorded();
  recorded.mutable_interaction()->set_interaction_id("i-1");
  recorded.set_contact_deleted(true);
  AddValue(identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER,
           identity::v1::CHANNEL_EMAIL, "bob@example.com", recorded);
  const std::vector<Review> first = ReviewsOf(recorded);
  recorded.set_outcome(interactions::v1::RECORD_OUTCOME_KNOWN);
  const std::vector<Review> again = ReviewsOf(recorded);
  ASSERT_THAT(again, SizeIs(2));
  for (size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(again[i].cause, first[i].cause);
    EXPECT_EQ(again[i].text, first[i].text);
    EXPECT_EQ(again[i].interaction_id, "i-1");
  }
}

// By the time of the repeat: what was recorded before the quarantine would open
// it again for ever.
TEST(TouchReviewsTest, ARepeatADayLaterOpensNothingAgain) {
  v1::RecordTouchResponse recorded = Recorded();
  recorded.set_outcome(interactions::v1::RECORD_OUTCOME_KNOWN);
  recorded.set_contact_deleted(true);
  recorded.mutable_interaction()->set_outcome(
      interactions::v1::OUTCOME_OPT_OUT_ASKED);
  AddValue(identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER,
           identity::v1::CHANNEL_EMAIL, "bob@example.com", recorded);
  AddQuarantined(recorded);
  const absl::Duration day = absl::Hours(24);
  EXPECT_THAT(ReviewsOf(recorded, day - absl::Microseconds(1)), SizeIs(4));
  EXPECT_THAT(ReviewsOf(recorded, day), IsEmpty());
}

// A late repeat of an interaction from before the quarantine.
TEST(TouchReviewsTest, AQuarantineIsOneWithinADayOfItsStart) {
  v1::RecordTouchResponse recorded = Recorded();
  AddQuarantined(recorded);
  const absl::Duration day = absl::Hours(24);
  EXPECT_THAT(ReviewsOf(recorded, day - absl::Microseconds(1)), SizeIs(1));
  EXPECT_THAT(ReviewsOf(recorded, day), IsEmpty());
}

TEST(TouchReviewsTest, AnAutomatedInteractionIsNoReasonToReview) {
  v1::RecordTouchResponse recorded = Recorded();
  recorded.mutable_interaction()->set_automated(true);
  recorded.set_contact_deleted(true);
  AddValue(identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER,
           identity::v1::CHANNEL_EMAIL, "bob@example.com", recorded);
  EXPECT_THAT(ReviewsOf(recorded), IsEmpty());
}

TEST(TouchReviewsTest, OfARepeatTheValuesThatOthersHoldCount) {
  v1::RecordTouchRequest request;
  std::vector<identity::v1::ResolveIdentityResponse> resolved(3);
  for (const char* value : {"ada", "bob", "nobody"}) {
    request.add_identities()->set_value(value);
  }
  resolved[0].add_candidates()->mutable_identity()->set_contact_id(kCleo);
  resolved[0].add_candidates()->mutable_identity()->set_contact_id(kAda);
  resolved[1].add_candidates()->mutable_identity()->set_contact_id(kBob);
  v1::RecordTouchResponse repeated;
  AddHeldByOthers(request, resolved, kAda, repeated);
  ASSERT_THAT(repeated.identities(), SizeIs(1));
  const identity::v1::ClaimedValue& bob = repeated.identities(0);
  EXPECT_EQ(bob.value().value(), "bob");
  EXPECT_EQ(bob.identity().contact_id(), kBob);
  EXPECT_EQ(bob.outcome(), identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER);
}

// The first may have been cut off before it opened the REVIEW of a purchase.
TEST(TouchReviewsTest, OfARepeatForAStandInThoseWhoShareTheValueCount) {
  v1::RecordTouchRequest request;
  std::vector<identity::v1::ResolveIdentityResponse> resolved(2);
  for (const char* value : {"home", "office"}) {
    request.add_identities()->set_value(value);
  }
  for (const char* id : {kAda, kBob}) {
    resolved[0].add_candidates()->mutable_identity()->set_contact_id(id);
    resolved[1].add_candidates()->mutable_identity()->set_contact_id(id);
  }
  resolved[0].set_stand_in_contact_id("stand-in of home");
  resolved[1].set_stand_in_contact_id("stand-in of office");
  v1::RecordTouchResponse repeated = Recorded();
  AddHeldByOthers(request, resolved, kCleo, repeated);
  EXPECT_THAT(repeated.possible_customers(), IsEmpty());
  AddHeldByOthers(request, resolved, "stand-in of home", repeated);
  EXPECT_THAT(repeated.possible_customers(), SizeIs(2));
  EXPECT_THAT(repeated.identities(), IsEmpty());
}

TEST(TouchReviewsTest, TextAndCauseFitIntoAnAction) {
  v1::RecordTouchResponse recorded = Recorded();
  std::string value;
  for (int i = 0; i < 320; ++i) value += "\u00fc";
  recorded.set_contact_deleted(true);
  AddValue(identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER,
           identity::v1::CHANNEL_EXTERNAL, value, recorded)
      .mutable_value()
      ->set_namespace_(std::string(64, 'n'));
  const std::vector<Review> reviews = ReviewsOf(recorded);
  ASSERT_THAT(reviews, SizeIs(2));
  for (const Review& review : reviews) {
    EXPECT_LE(api::Characters(review.text), 300);
    EXPECT_LE(review.cause.size(), 100U);
  }
}

// Ada calls by a phone of hers, and names an e-mail address of Bob's. Cleo has
// all other values.
class OpenReviewsTest : public ::testing::Test {
 protected:
  OpenReviewsTest() {
    gateway_.identity.batch_claim = [](const auto& request, auto& response) {
      for (const auto& item : request.requests()) {
        auto& claimed = *response.add_results()->mutable_response();
        claimed.set_contact_id(kAda);
        for (const auto& value : item.values()) {
          const bool own = value.channel() == identity::v1::CHANNEL_PHONE;
          auto& answer = *claimed.add_values();
          *answer.mutable_value() = value;
          answer.set_outcome(own ? identity::v1::CLAIM_OUTCOME_HELD
                                 : identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER);
          answer.mutable_identity()->set_contact_id(
              own                                              ? kAda
              : value.channel() == identity::v1::CHANNEL_EMAIL ? kBob
                                                               : kCleo);
          answer.mutable_identity()->set_channel(value.channel());
        }
      }
      return absl::OkStatus();
    };
    gateway_.contacts.list_suggestions = [this](const auto& request,
                                                auto& response) {
      EXPECT_EQ(request.contact_id(), kAda);
      auto& suggestion = *response.add_suggestions();
      suggestion.set_contact_id(kAda);
      suggestion.set_other_id(suggested_);
      return absl::OkStatus();
    };
    gateway_.interactions.create_action = [this](const auto& request, auto&) {
      created_.push_back(request);
      return absl::OkStatus();
    };
  }

  // All contacts are deleted.
  void DeleteAll() {
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        auto& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(id);
        contact.mutable_delete_time()->set_seconds(1);
      }
      return absl::OkStatus();
    };
  }

  // The phone is Ada's, and all else is Bob's.
  void ResolveAll() {
    gateway_.identity.batch_resolve = [](const auto& request, auto& response) {
      for (const auto& item : request.requests()) {
        const bool mail = item.value().channel() == identity::v1::CHANNEL_EMAIL;
        auto& resolved = *response.add_results()->mutable_response();
        auto& holder = *resolved.add_candidates()->mutable_identity();
        holder.set_contact_id(mail ? kBob : kAda);
        holder.set_channel(item.value().channel());
      }
      return absl::OkStatus();
    };
  }

  static v1::RecordTouchRequest Touch(const std::string& request_id = "r-1") {
    v1::RecordTouchRequest request;
    auto& phone = *request.add_identities();
    phone.set_channel(identity::v1::CHANNEL_PHONE);
    phone.set_value("(415) 555-2671");
    auto& mail = *request.add_identities();
    mail.set_channel(identity::v1::CHANNEL_EMAIL);
    mail.set_value("bob@example.com");
    request.mutable_interaction()->set_kind(interactions::v1::KIND_CALL);
    request.set_request_id(request_id);
    return request;
  }

  static v1::RecordTouchRequest TouchById() {
    v1::RecordTouchRequest request = Touch();
    request.clear_identities();
    request.set_contact_id(kAda);
    return request;
  }

  absl::StatusOr<v1::RecordTouchResponse> Record(
      const v1::RecordTouchRequest& request,
      testing::TestKey key = testing::kDemo) {
    return gateway_.Call(&Stub::RecordTouch, request, key);
  }

  int CallsOf(const std::string& method) const {
    return static_cast<int>(absl::c_count(gateway_.record.names(), method));
  }

  std::string suggested_ = kBob;
  std::string interaction_id_;
  std::vector<interactions::v1::CreateActionRequest> created_;
  GatewayHarness gateway_;
};

TEST_F(OpenReviewsTest, AnAmbiguousCallerIsReviewed) {
  EXPECT_THAT(Record(Touch()), IsOk());
  ASSERT_THAT(created_, SizeIs(1));
  const interactions::v1::Action& action = created_[0].action();
  EXPECT_EQ(action.contact_id(), kAda);
  EXPECT_EQ(action.kind(), config::v1::ACTION_KIND_REVIEW);
  EXPECT_THAT(action.reason().text(), HasSubstr("email bob@example.com"));
  EXPECT_EQ(created_[0].cause(), absl::StrCat("ambiguous:", kBob));
  EXPECT_EQ(created_[0].review().review_cause(),
            interactions::v1::REVIEW_CAUSE_AMBIGUOUS_CALLER);
  EXPECT_EQ(created_[0].review().other_contact_id(), kBob);
  EXPECT_NE(created_[0].request_id(), "");
}

// They are merged, or a person has said that they are not the same.
TEST_F(OpenReviewsTest, WhoIsNotSuggestedIsNotReviewed) {
  suggested_ = kCleo;
  EXPECT_THAT(Record(Touch()), IsOk());
  EXPECT_EQ(CallsOf("ListSuggestions"), 1);
  EXPECT_THAT(created_, IsEmpty());
}

TEST_F(OpenReviewsTest, ABatchOpensEachReviewOnce) {
  v1::BatchRecordTouchesRequest batch;
  *batch.add_touches() = Touch("r-1");
  *batch.add_touches() = Touch("r-2");
  EXPECT_THAT(gateway_.Call(&Stub::BatchRecordTouches, batch), IsOk());
  EXPECT_THAT(created_, SizeIs(1));
}

TEST_F(OpenReviewsTest, APlainTouchMakesNoFurtherCall) {
  EXPECT_FALSE(Record(TouchById())->contact_deleted());
  v1::RecordTouchRequest by_phone = Touch();
  by_phone.mutable_identities()->RemoveLast();
  EXPECT_THAT(Record(by_phone), IsOk());
  EXPECT_THAT(gateway_.record.names(), AllOf(Not(Contains("ListSuggestions")),
                                             Not(Contains("CreateAction"))));
}

// Its sender repeats it then, and the repeat opens the REVIEW.
TEST_F(OpenReviewsTest, ATouchFailsIfItsReviewIsNotOpenYet) {
  DeleteAll();
  for (const absl::Status& failed :
       {absl::DeadlineExceededError("late"), absl::AbortedError("raced"),
        absl::ResourceExhaustedError("full"), absl::UnknownError("gone")}) {
    gateway_.interactions.create_action = [failed](const auto&, auto&) {
      return failed;
    };
    EXPECT_THAT(Record(TouchById()),
                StatusIs(absl::StatusCode::kUnavailable, "repeat it"));
  }
  EXPECT_EQ(CallsOf("BatchRecordInteractions"), 4);
}

// A repeat would fail as well.
TEST_F(OpenReviewsTest, ATouchIsRecordedThoughItsReviewIsRefused) {
  DeleteAll();
  gateway_.interactions.create_action = [](const auto&, auto&) {
    return absl::FailedPreconditionError("too many");
  };
  EXPECT_THAT(Record(TouchById()), IsOk());
  EXPECT_EQ(CallsOf("CreateAction"), 1);
}

TEST_F(OpenReviewsTest, AServiceThatIsLateIsNotAskedAgain) {
  gateway_.contacts.list_suggestions = [](const auto&, auto&) {
    return absl::DeadlineExceededError("late");
  };
  v1::BatchRecordTouchesRequest batch;
  *batch.add_touches() = Touch("r-1");
  *batch.add_touches() = Touch("r-2");
  auto& other = *batch.add_touches();
  other = Touch("r-3");
  other.mutable_identities(1)->set_channel(identity::v1::CHANNEL_SOCIAL);
  other.mutable_identities(1)->set_namespace_("x");
  EXPECT_THAT(gateway_.Call(&Stub::BatchRecordTouches, batch),
              StatusIs(absl::StatusCode::kUnavailable, "repeat it"));
  EXPECT_EQ(CallsOf("ListSuggestions"), 1);
}

TEST_F(OpenReviewsTest, APublicFormOpensNoReview) {
  EXPECT_THAT(Record(Touch(), testing::kDemoPublic), IsOk());
  EXPECT_THAT(gateway_.record.names(), Not(Contains("ListSuggestions")));
  EXPECT_THAT(created_, IsEmpty());
}

TEST_F(OpenReviewsTest, ATouchOnADeletedContactSaysSoAndIsReviewed) {
  DeleteAll();
  const auto touch = Record(TouchById());
  ASSERT_THAT(touch, IsOk());
  EXPECT_TRUE(touch->contact_deleted());
  ASSERT_THAT(created_, SizeIs(1));
  EXPECT_EQ(created_[0].action().contact_id(), kAda);
  EXPECT_EQ(created_[0].cause(), "deleted");
  EXPECT_EQ(CallsOf("ListSuggestions"), 0);
}

TEST_F(OpenReviewsTest, TheHolderOfAValueMayBeDeleted) {
  gateway_.contacts.batch_ensure = [](const auto& request, auto& response) {
    for (const auto& item : request.requests()) {
      auto& contact =
          *response.add_results()->mutable_response()->mutable_contact();
      contact.set_contact_id(item.contact_id());
      contact.mutable_delete_time()->set_seconds(1);
    }
    return absl::OkStatus();
  };
  v1::RecordTouchRequest by_phone = Touch();
  by_phone.mutable_identities()->RemoveLast();
  EXPECT_TRUE(Record(by_phone)->contact_deleted());
  ASSERT_THAT(created_, SizeIs(1));
  EXPECT_EQ(created_[0].cause(), "deleted");
}

// The service knows by the request_id what the touch has opened before, and a
// person may have ended.
TEST_F(OpenReviewsTest, ARepeatOpensWhatTheFirstDidUnderTheSameRequestId) {
  DeleteAll();
  ResolveAll();
  gateway_.interactions.lookup = [this](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      auto& known =
          *response.add_results()->mutable_response()->mutable_known();
      known.set_outcome(interactions::v1::RECORD_OUTCOME_KNOWN);
      known.mutable_interaction()->set_contact_id(kAda);
      known.mutable_interaction()->set_interaction_id(interaction_id_);
      *known.mutable_interaction()->mutable_recorded_time() =
          base::ToProto(gateway_.Now());
    }
    return absl::OkStatus();
  };
  for (const char* interaction : {"i-1", "i-1", "i-2"}) {
    interaction_id_ = interaction;
    const auto repeated = Record(Touch());
    ASSERT_THAT(repeated, IsOk());
    EXPECT_THAT(repeated->identities(), IsEmpty());
  }
  ASSERT_THAT(created_, SizeIs(6));
  EXPECT_EQ(created_[0].cause(), "deleted");
  EXPECT_EQ(created_[1].cause(), absl::StrCat("ambiguous:", kBob));
  EXPECT_NE(created_[0].request_id(), created_[1].request_id());
  for (const size_t i : {0, 1}) {
    EXPECT_EQ(created_[i].request_id(), created_[i + 2].request_id());
    EXPECT_NE(created_[i].request_id(), created_[i + 4].request_id());
    EXPECT_LE(created_[i].request_id().size(), 64U);
  }
}

TEST_F(OpenReviewsTest, AnAutomatedTouchOnADeletedContactOpensNothing) {
  DeleteAll();
  v1::RecordTouchRequest request = TouchById();
  request.mutable_interaction()->set_automated(true);
  const auto touch = Record(request);
  ASSERT_THAT(touch, IsOk());
  EXPECT_TRUE(touch->contact_deleted());
  EXPECT_THAT(created_, IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
