// FindRecording says what RecordInteraction would answer.

#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "interactions-svc/interactions_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using google::protobuf::util::MessageDifferencer;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::SizeIs;

class LookupTest : public InteractionsTest {
 protected:
  // As a flow looks it up that does not know the contact yet.
  static v1::RecordInteractionRequest WithoutContact(
      v1::RecordInteractionRequest request) {
    request.mutable_interaction()->clear_contact_id();
    return request;
  }
};

TEST_F(LookupTest, WhatIsNewIsNotKnownAndNotWritten) {
  for (const auto& request :
       {Reported(v1::KIND_CALL, "call-1"), Own(v1::KIND_CALL, "r-1")}) {
    const auto found = Lookup(WithoutContact(request));
    ASSERT_THAT(found, IsOk());
    EXPECT_FALSE(found->has_known());
    EXPECT_EQ(found->contact_id(), "");
  }
  EXPECT_EQ(Rows("interactions") + Rows("requests"), 0);
}

TEST_F(LookupTest, AnExternalIdIsKnownWithItsContact) {
  const auto call = Reported(v1::KIND_CALL, "call-1");
  const auto recorded = Record(Revision(2, v1::OUTCOME_MISSED, call));
  const auto same =
      Lookup(WithoutContact(Revision(2, v1::OUTCOME_MISSED, call)));
  ASSERT_THAT(same, IsOk());
  EXPECT_EQ(same->contact_id(), kAda);
  EXPECT_EQ(same->known().outcome(), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_TRUE(MessageDifferencer::Equals(same->known().interaction(),
                                         recorded->interaction()));
  const auto lower = Lookup(Revision(1, v1::OUTCOME_ANSWERED, call));
  EXPECT_EQ(lower->known().outcome(), v1::RECORD_OUTCOME_OUTDATED);
}

TEST_F(LookupTest, ACorrectionIsStillToDoUnderTheStoredContact) {
  const auto call = Reported(v1::KIND_CALL, "call-1");
  ASSERT_THAT(Record(call), IsOk());
  const auto found =
      Lookup(WithoutContact(Revision(1, v1::OUTCOME_MISSED, call)));
  ASSERT_THAT(found, IsOk());
  EXPECT_FALSE(found->has_known());
  EXPECT_EQ(found->contact_id(), kAda);
}

TEST_F(LookupTest, OtherContentIsRefused) {
  const auto recorded = Record(Reported(v1::KIND_CALL, "call-1"));
  EXPECT_THAT(Lookup(Reported(v1::KIND_NOTE, "call-1")),
              StatusIs(StatusCode::kAlreadyExists,
                       recorded->interaction().interaction_id()));
}

TEST_F(LookupTest, ARequestIdIsKnownByItsFingerprint) {
  v1::RecordInteractionRequest request = Own(v1::KIND_NOTE, "r-1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'a'));
  const auto recorded = Record(request);
  const auto found = Lookup(WithoutContact(request));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->known().outcome(), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_TRUE(MessageDifferencer::Equals(found->known().interaction(),
                                         recorded->interaction()));
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'b'));
  EXPECT_THAT(Lookup(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(LookupTest, ANewExternalIdUnderAUsedRequestIdIsRefused) {
  ASSERT_THAT(Record(Own(v1::KIND_NOTE, "r-1")), IsOk());
  v1::RecordInteractionRequest request = Reported(v1::KIND_CALL, "call-1");
  request.set_request_id("r-1");
  EXPECT_THAT(Lookup(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(LookupTest, ManyAreAnsweredInTheirOrder) {
  ASSERT_THAT(Record(Reported(v1::KIND_CALL, "call-1")), IsOk());
  ASSERT_THAT(Record(Own(v1::KIND_NOTE, "r-1", kBob)), IsOk());
  v1::BatchFindRecordingsRequest batch;
  for (const auto& request :
       {Own(v1::KIND_NOTE, "r-1", kBob), Own(v1::KIND_NOTE, "bad id"),
        Reported(v1::KIND_CALL, "call-1"), Own(v1::KIND_NOTE, "r-2"),
        Own(v1::KIND_CALL, "r-1")}) {
    *batch.add_requests()->mutable_request() = request;
  }
  const auto found = harness_.Call(&Stub::BatchFindRecordings, batch);
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->results(), SizeIs(5));
  const auto& results = found->results();
  EXPECT_EQ(results[0].response().known().interaction().contact_id(), kBob);
  EXPECT_EQ(results[1].error().code(), 3);
  EXPECT_EQ(results[2].response().contact_id(), kAda);
  EXPECT_TRUE(results[3].has_response());
  EXPECT_FALSE(results[3].response().has_known());
  EXPECT_EQ(results[4].error().code(), 3);
}

}  // namespace
}  // namespace kith::interactions
