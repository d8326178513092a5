#include "interactions-svc/record_decision.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "interactions-svc/activity/interaction_fields.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

constexpr char kId[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

class DecisionTest : public ::testing::Test {
 protected:
  DecisionTest() {
    request_.mutable_interaction()->set_external_id("x");
    item_ = {.request = &request_,
             .new_id = base::Uuid::Make(absl::UnixEpoch()),
             .content_fingerprint = "same",
             .request_fingerprint = "request"};
    known_.location.interaction_id = *base::Uuid::Parse(kId);
    known_.fingerprint = "same";
  }

  absl::StatusOr<Decision> Decide(SourceRevision sent, SourceRevision stored) {
    request_.mutable_interaction()->clear_source_revision();
    if (sent.has_value()) {
      request_.mutable_interaction()->set_source_revision(*sent);
    }
    known_.revision = stored;
    return DecideByKey(item_, &known_);
  }

  v1::RecordInteractionRequest request_;
  RecordItem item_;
  StoredKey known_;
};

TEST_F(DecisionTest, WhatIsNewIsRecorded) {
  EXPECT_EQ(DecideByKey(item_, nullptr)->outcome, v1::RECORD_OUTCOME_RECORDED);
}

TEST_F(DecisionTest, TheSameContentIsKnownUnlessTheRevisionIsHigher) {
  EXPECT_EQ(Decide({}, {})->outcome, v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Decide(0, 0)->outcome, v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Decide(3, 3)->outcome, v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Decide(2, 3)->outcome, v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Decide(0, 3)->outcome, v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Decide({}, 3)->outcome, v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Decide({}, 0)->outcome, v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Decide(4, 3)->outcome, v1::RECORD_OUTCOME_CORRECTED);
  EXPECT_EQ(Decide(0, {})->outcome, v1::RECORD_OUTCOME_CORRECTED);
}

// Other content than is stored.
struct RevisionCase {
  const char* name = nullptr;
  SourceRevision sent;
  SourceRevision stored;
  // UNSPECIFIED: ALREADY_EXISTS, with the hint.
  v1::RecordOutcome outcome = v1::RECORD_OUTCOME_UNSPECIFIED;
  const char* hint = "";
};

constexpr v1::RecordOutcome kAlreadyExists = v1::RECORD_OUTCOME_UNSPECIFIED;

const RevisionCase kRevisionCases[] = {
    // Twilio's SequenceNumber begins at 0: twilio.com/docs/voice/twiml/dial.
    {"TheFirstCorrectionOfRevision0", 1, 0, v1::RECORD_OUTCOME_CORRECTED},
    {"Revision0AfterNone", 0, {}, v1::RECORD_OUTCOME_CORRECTED},
    {"Revision1AfterNone", 1, {}, v1::RECORD_OUTCOME_CORRECTED},
    {"Higher", 4, 3, v1::RECORD_OUTCOME_CORRECTED},
    {"Greatest", INT64_MAX, INT64_MAX - 1, v1::RECORD_OUTCOME_CORRECTED},
    {"Lower", 2, 3, v1::RECORD_OUTCOME_OUTDATED},
    // Deliveries out of order: the event 0 comes after the event 1.
    {"Revision0After1", 0, 1, v1::RECORD_OUTCOME_OUTDATED},
    {"Revision0Twice", 0, 0, kAlreadyExists, "above 0"},
    {"TheSame", 3, 3, kAlreadyExists, "above 3"},
    {"NoneAfterOne", {}, 3, kAlreadyExists, "above 3"},
    {"NoneAfterRevision0", {}, 0, kAlreadyExists, "above 0"},
    {"NoneTwice", {}, {}, kAlreadyExists, "needs a source_revision"},
};

TEST_F(DecisionTest, OtherContentNeedsAHigherRevision) {
  known_.fingerprint = "other";
  for (const RevisionCase& one : kRevisionCases) {
    SCOPED_TRACE(one.name);
    const auto decision = Decide(one.sent, one.stored);
    if (one.outcome == kAlreadyExists) {
      EXPECT_THAT(decision, StatusIs(StatusCode::kAlreadyExists, kId));
      EXPECT_THAT(decision, StatusIs(StatusCode::kAlreadyExists, one.hint));
    } else {
      ASSERT_THAT(decision, IsOk());
      EXPECT_EQ(decision->outcome, one.outcome);
    }
  }
}

TEST_F(DecisionTest, ARequestIdStandsForOneRequest) {
  const Location stored{.contact_id = *base::Uuid::Parse(kId),
                        .occurred_micros = -5,
                        .interaction_id = item_.new_id};
  mysql::LoggedRequest known{.method = std::string(kRecordMethod),
                             .fingerprint = "request",
                             .result = stored.Encode()};
  const auto decision = DecideByRequest(item_, &known, Decision());
  ASSERT_THAT(decision, IsOk());
  EXPECT_EQ(decision->outcome, v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(decision->stored.contact_id, stored.contact_id);
  EXPECT_EQ(decision->stored.occurred_micros, -5);
  EXPECT_EQ(decision->stored.interaction_id, stored.interaction_id);
  known.fingerprint = "another";
  EXPECT_THAT(DecideByRequest(item_, &known, Decision()),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST(LocationTest, DecodesOnlyWhatItHasEncoded) {
  const Location newest = Location::Newest();
  const std::optional<Location> decoded = Location::Decode(newest.Encode());
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->contact_id, newest.contact_id);
  EXPECT_EQ(decoded->occurred_micros, newest.occurred_micros);
  EXPECT_EQ(decoded->interaction_id, newest.interaction_id);
  EXPECT_FALSE(Location::Decode("").has_value());
  EXPECT_FALSE(Location::Decode(std::string(39, 'x')).has_value());
}

TEST(ContentFingerprintTest, LeavesOutWhatARepeatMayChange) {
  v1::Interaction sent;
  sent.set_kind(v1::KIND_CALL);
  const std::string before = ContentFingerprint(sent);
  v1::Interaction again = sent;
  again.set_interaction_id(kId);
  again.set_contact_id(kId);
  again.set_identity_key("00");
  again.set_source_revision(7);
  again.mutable_recorded_time()->set_seconds(9);
  again.set_contact_violation("REFUSED");
  EXPECT_EQ(ContentFingerprint(again), before);
  again.set_outcome(v1::OUTCOME_MISSED);
  EXPECT_NE(ContentFingerprint(again), before);
}

TEST(InteractionFieldsTest, NewOnesAreCutToTheMicrosecond) {
  v1::Interaction sent;
  sent.set_contact_id("0192F0C1-2A3B-7C4D-8E5F-60718293A4B5");
  sent.mutable_occurred_time()->set_nanos(1'999);
  sent.add_items();
  const v1::Interaction stored =
      NewInteraction(sent, base::Uuid(), absl::FromUnixSeconds(5));
  EXPECT_EQ(stored.contact_id(), kId);
  EXPECT_EQ(stored.occurred_time().nanos(), 1'000);
  EXPECT_EQ(stored.recorded_time().seconds(), 5);
  EXPECT_EQ(stored.items(0).quantity(), 1);
}

TEST(InteractionFieldsTest, ACorrectionStaysTheSameInteraction) {
  v1::Interaction stored;
  stored.set_interaction_id("i");
  stored.set_contact_id("c");
  stored.set_identity_key("k");
  stored.mutable_occurred_time()->set_seconds(3);
  stored.mutable_recorded_time()->set_seconds(4);
  v1::Interaction sent;
  sent.set_contact_id("d");
  sent.set_kind(v1::KIND_CALL);
  const v1::Interaction corrected = CorrectedInteraction(stored, sent);
  EXPECT_EQ(corrected.interaction_id(), "i");
  EXPECT_EQ(corrected.contact_id(), "c");
  EXPECT_EQ(corrected.identity_key(), "k");
  EXPECT_EQ(corrected.occurred_time().seconds(), 3);
  EXPECT_EQ(corrected.recorded_time().seconds(), 4);
  EXPECT_EQ(corrected.kind(), v1::KIND_CALL);
}

}  // namespace
}  // namespace kith::interactions
