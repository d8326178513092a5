// Idempotence, corrections and batches of RecordInteraction.

#include "interactions-svc/recording.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
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

using RecordingTest = InteractionsTest;

// A batch result's code; 0 where it worked.
int Code(const v1::BatchRecordInteractionsResponse::Result& result) {
  return result.error().code();
}

constexpr int kInvalid = static_cast<int>(StatusCode::kInvalidArgument);
constexpr int kExists = static_cast<int>(StatusCode::kAlreadyExists);

TEST_F(RecordingTest, EveryFieldComesBack) {
  v1::RecordInteractionRequest request =
      Paid("EUR", 12'500'000, Reported(v1::KIND_PURCHASE, "order-1"));
  v1::Interaction& sent = *request.mutable_interaction();
  sent.set_identity_key(kIdentity);
  sent.set_direction(v1::DIRECTION_INBOUND);
  sent.set_purpose(v1::PURPOSE_TRANSACTION);
  sent.set_outcome(v1::OUTCOME_FAILED);
  sent.set_topic("shoes");
  sent.set_subject("Ünïcode \xF0\x9F\x8C\xB1");
  sent.set_body(std::string(50'000, 'x'));
  sent.add_items()->set_sku("sku-1");
  sent.set_order_id("o-1");
  sent.set_agent("shop");
  (*sent.mutable_attributes())["channel"] = "web";
  sent.set_source_revision(3);
  const auto recorded = Record(request);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->outcome(), v1::RECORD_OUTCOME_RECORDED);
  sent.set_interaction_id(recorded->interaction().interaction_id());
  *sent.mutable_recorded_time() = base::ToProto(harness_.clock().Now());
  sent.mutable_items(0)->set_quantity(1);
  sent.set_assurance(config::v1::ASSURANCE_REPORTED);
  EXPECT_TRUE(MessageDifferencer::Equals(recorded->interaction(), sent));
  const auto listed = ListAll({kAda});
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_TRUE(MessageDifferencer::Equals(listed[0], sent));
}

TEST_F(RecordingTest, AnExternalIdAThousandTimesIsOneInteraction) {
  const auto request = Outbound(Reported(v1::KIND_CALL, "call-1"));
  std::vector<std::thread> threads;
  std::atomic<int> recorded = 0;
  std::atomic<int> known = 0;
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        const auto response = Record(request);
        ASSERT_THAT(response, IsOk());
        recorded += response->outcome() == v1::RECORD_OUTCOME_RECORDED;
        known += response->outcome() == v1::RECORD_OUTCOME_KNOWN;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(recorded, 1);
  EXPECT_EQ(known, 999);
  EXPECT_THAT(ListAll({kAda}), SizeIs(1));
  EXPECT_EQ(Total(Summary({kAda})), 1);
}

TEST_F(RecordingTest, AnExternalIdIsKnownUnderAnyContact) {
  const auto first = Record(Reported(v1::KIND_CALL, "call-1", kAda));
  v1::RecordInteractionRequest again = Reported(v1::KIND_CALL, "call-1", kBob);
  again.mutable_interaction()->set_identity_key(kIdentity);
  const auto second = Record(again);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->outcome(), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(second->interaction().contact_id(), kAda);
  EXPECT_EQ(Total(Summary({kBob})), 0);
  again.mutable_interaction()->set_source("phone");
  EXPECT_EQ(Record(again)->outcome(), v1::RECORD_OUTCOME_RECORDED)
      << "another system's ids are others";
}

// RFC 5322: a line of a header, and so a Message-ID, may have 998 characters.
TEST_F(RecordingTest, AnExternalIdMayFillALineOfMail) {
  const auto mail = [](char last) {
    return Reported(v1::KIND_EMAIL, absl::StrCat("<", std::string(995, 'm'),
                                                 std::string(1, last), ">"));
  };
  ASSERT_THAT(Record(mail('a')), IsOk());
  EXPECT_EQ(Record(mail('a'))->outcome(), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Record(mail('b'))->outcome(), v1::RECORD_OUTCOME_RECORDED);
  EXPECT_EQ(Record(Revision(1, v1::OUTCOME_FAILED, mail('a')))->outcome(),
            v1::RECORD_OUTCOME_CORRECTED);
  const auto listed = ListAll({kAda});
  ASSERT_THAT(listed, SizeIs(2));
  EXPECT_THAT(listed[0].external_id(), SizeIs(998));
  // Four bytes each.
  std::string astral;
  for (int i = 0; i < 1'000; ++i) astral += "\xF0\x9F\x8C\xB1";
  ASSERT_THAT(Record(Reported(v1::KIND_NOTE, astral)), IsOk());
  EXPECT_EQ(Record(Reported(v1::KIND_NOTE, astral))->outcome(),
            v1::RECORD_OUTCOME_KNOWN);
}

TEST_F(RecordingTest, APriceWithManyNoughtsIsRecorded) {
  // InvoiceShelf/InvoiceShelf#73: VND 1,250,000,000.
  const int64_t micros = 1'250'000'000'000'000;
  ASSERT_THAT(Record(Paid("VND", micros, Reported(v1::KIND_PURCHASE, "p"))),
              IsOk());
  EXPECT_EQ(Summary({kAda}).sales(0).sold_micros(), micros);
}

TEST_F(RecordingTest, ARequestIdIsIdempotent) {
  v1::RecordInteractionRequest request = Own(v1::KIND_NOTE, "r-1");
  request.mutable_interaction()->clear_occurred_time();
  const auto first = Record(request);
  harness_.clock().Advance(absl::Hours(1));
  const auto again = Record(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->outcome(), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_TRUE(
      MessageDifferencer::Equals(again->interaction(), first->interaction()));
  EXPECT_EQ(base::FromProto(again->interaction().occurred_time()), Noon());
  EXPECT_EQ(Total(Summary({kAda})), 1);
}

TEST_F(RecordingTest, ARequestIdWithAnotherBodyIsRefusedAndWritesNothing) {
  ASSERT_THAT(Record(Own(v1::KIND_NOTE, "r-1")), IsOk());
  EXPECT_THAT(Record(Own(v1::KIND_CALL, "r-1", kBob)),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  v1::RecordInteractionRequest reported = Reported(v1::KIND_CALL, "x", kBob);
  reported.set_request_id("r-1");
  EXPECT_THAT(Record(reported),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  EXPECT_EQ(Rows("interactions"), 1);
  EXPECT_EQ(Rows("interaction_keys"), 0);
  EXPECT_EQ(Rows("summaries"), 1);
}

TEST_F(RecordingTest, TheFingerprintOfTheCallersCallerDecides) {
  v1::RecordInteractionRequest request = Own(v1::KIND_NOTE, "r-1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'a'));
  ASSERT_THAT(Record(request), IsOk());
  // The flow has found another member of the customer this time.
  request.mutable_interaction()->set_contact_id(kBob);
  EXPECT_EQ(Record(request)->outcome(), v1::RECORD_OUTCOME_KNOWN);
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'b'));
  EXPECT_THAT(Record(request), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(RecordingTest, ThirtyTwoCopiesOfARequestAreOne) {
  const auto request = Own(v1::KIND_NOTE, "r-1");
  std::vector<std::thread> threads;
  std::atomic<int> recorded = 0;
  for (int t = 0; t < 32; ++t) {
    threads.emplace_back([&] {
      const auto response = Record(request);
      ASSERT_THAT(response, IsOk());
      recorded += response->outcome() == v1::RECORD_OUTCOME_RECORDED;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(recorded, 1);
  EXPECT_EQ(Total(Summary({kAda})), 1);
}

TEST_F(RecordingTest, AHigherRevisionCorrectsInPlace) {
  const auto call = Outbound(Reported(v1::KIND_CALL, "call-1"));
  const auto ringing = Record(Revision(1, v1::OUTCOME_UNSPECIFIED, call));
  harness_.clock().Advance(absl::Minutes(5));
  const auto missed = Record(Revision(2, v1::OUTCOME_MISSED, call));
  ASSERT_THAT(missed, IsOk());
  EXPECT_EQ(missed->outcome(), v1::RECORD_OUTCOME_CORRECTED);
  EXPECT_EQ(missed->interaction().interaction_id(),
            ringing->interaction().interaction_id());
  EXPECT_EQ(base::FromProto(missed->interaction().recorded_time()), Noon());
  const v1::ActivitySummary summary = Summary({kAda});
  ASSERT_THAT(summary.counts(), SizeIs(1));
  EXPECT_EQ(summary.counts(0).outcome(), v1::OUTCOME_MISSED);
  EXPECT_EQ(summary.counts(0).count(), 1);
  const auto listed = ListAll({kAda});
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].source_revision(), 2);
}

TEST_F(RecordingTest, RevisionsBeginAt0) {
  const auto call = Outbound(Reported(v1::KIND_CALL, "call-1"));
  const auto ringing = Record(Revision(0, v1::OUTCOME_UNSPECIFIED, call));
  ASSERT_THAT(ringing, IsOk());
  EXPECT_TRUE(ringing->interaction().has_source_revision());
  EXPECT_EQ(Record(Revision(0, v1::OUTCOME_UNSPECIFIED, call))->outcome(),
            v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Record(Revision(1, v1::OUTCOME_ANSWERED, call))->outcome(),
            v1::RECORD_OUTCOME_CORRECTED);
  EXPECT_EQ(Record(Revision(0, v1::OUTCOME_UNSPECIFIED, call))->outcome(),
            v1::RECORD_OUTCOME_OUTDATED);
  EXPECT_EQ(ListAll({kAda})[0].source_revision(), 1);
}

TEST_F(RecordingTest, NoRevisionIsLowerThanRevision0) {
  const auto call = Reported(v1::KIND_CALL, "call-1");
  ASSERT_THAT(Record(call), IsOk());
  EXPECT_FALSE(ListAll({kAda})[0].has_source_revision());
  EXPECT_EQ(Record(Revision(0, v1::OUTCOME_MISSED, call))->outcome(),
            v1::RECORD_OUTCOME_CORRECTED);
  EXPECT_TRUE(ListAll({kAda})[0].has_source_revision());
}

TEST_F(RecordingTest, ALowerRevisionIsIgnoredAndSaid) {
  const auto call = Reported(v1::KIND_CALL, "call-1");
  const auto first = Record(Revision(5, v1::OUTCOME_ANSWERED, call));
  const auto late = Record(Revision(4, v1::OUTCOME_UNSPECIFIED, call));
  ASSERT_THAT(late, IsOk());
  EXPECT_EQ(late->outcome(), v1::RECORD_OUTCOME_OUTDATED);
  EXPECT_TRUE(
      MessageDifferencer::Equals(late->interaction(), first->interaction()));
}

TEST_F(RecordingTest, OtherContentWithoutAHigherRevisionIsRefused) {
  const auto call = Reported(v1::KIND_CALL, "call-1");
  const auto first = Record(Revision(5, v1::OUTCOME_ANSWERED, call));
  const std::string& id = first->interaction().interaction_id();
  EXPECT_THAT(Record(Revision(5, v1::OUTCOME_MISSED, call)),
              StatusIs(StatusCode::kAlreadyExists, id));
  v1::RecordInteractionRequest none = call;
  none.mutable_interaction()->set_outcome(v1::OUTCOME_MISSED);
  EXPECT_THAT(Record(none), StatusIs(StatusCode::kAlreadyExists, id));
  EXPECT_EQ(Summary({kAda}).counts(0).outcome(), v1::OUTCOME_ANSWERED);
}

TEST_F(RecordingTest, TheSameContentUnderAHigherRevisionMovesTheRevision) {
  const auto call = Reported(v1::KIND_CALL, "call-1");
  ASSERT_THAT(Record(Revision(1, v1::OUTCOME_MISSED, call)), IsOk());
  const auto moved = Record(Revision(9, v1::OUTCOME_MISSED, call));
  EXPECT_EQ(moved->outcome(), v1::RECORD_OUTCOME_CORRECTED);
  EXPECT_EQ(ListAll({kAda})[0].source_revision(), 9);
  EXPECT_EQ(Record(Revision(8, v1::OUTCOME_ANSWERED, call))->outcome(),
            v1::RECORD_OUTCOME_OUTDATED);
  EXPECT_EQ(Total(Summary({kAda})), 1);
}

TEST_F(RecordingTest, ACorrectionMayMoveTheTimeAndKeepsTheContact) {
  const auto call = Reported(v1::KIND_CALL, "call-1", kAda);
  ASSERT_THAT(Record(Reported(v1::KIND_CALL, "call-0", kAda)), IsOk());
  ASSERT_THAT(Record(Revision(1, v1::OUTCOME_UNSPECIFIED, call)), IsOk());
  v1::RecordInteractionRequest later =
      At(Noon() - absl::Hours(2), Revision(2, v1::OUTCOME_UNSPECIFIED, call));
  later.mutable_interaction()->set_contact_id(kBob);
  const auto corrected = Record(later);
  ASSERT_THAT(corrected, IsOk());
  EXPECT_EQ(corrected->interaction().contact_id(), kAda);
  const v1::ActivitySummary summary = Summary({kAda});
  EXPECT_EQ(summary.counts(0).count(), 2);
  EXPECT_EQ(base::FromProto(summary.counts(0).first_time()),
            Noon() - absl::Hours(2));
  EXPECT_EQ(base::FromProto(summary.counts(0).last_time()), Noon());
  EXPECT_EQ(Total(Summary({kBob})), 0);
  EXPECT_EQ(Record(later)->outcome(), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_THAT(ListAll({kAda}), SizeIs(2));
}

TEST_F(RecordingTest, RacingRevisionsEndAtTheHighest) {
  const auto call = Reported(v1::KIND_CALL, "call-1");
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        auto request = Revision(1 + 8 * i + t, v1::OUTCOME_MISSED, call);
        request.mutable_interaction()->set_subject(absl::StrCat(8 * i + t));
        ASSERT_THAT(Record(request), IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto listed = ListAll({kAda});
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].source_revision(), 160);
  EXPECT_EQ(listed[0].subject(), "159");
  EXPECT_EQ(Total(Summary({kAda})), 1);
}

TEST_F(RecordingTest, AnItemThatFailsLeavesTheOthersAlone) {
  ASSERT_THAT(Record(Own(v1::KIND_NOTE, "used")), IsOk());
  ASSERT_THAT(Record(Reported(v1::KIND_CALL, "stored")), IsOk());
  const auto response = BatchRecord(
      {Reported(v1::KIND_CALL, "new-1"), Own(v1::KIND_UNSPECIFIED, "bad"),
       Own(v1::KIND_CALL, "used"), Reported(v1::KIND_NOTE, "stored"),
       Reported(v1::KIND_CALL, "stored"), Own(v1::KIND_NOTE, "new-2", kBob)});
  ASSERT_THAT(response, IsOk());
  ASSERT_THAT(response->results(), SizeIs(6));
  EXPECT_EQ(response->results(0).response().outcome(),
            v1::RECORD_OUTCOME_RECORDED);
  EXPECT_EQ(Code(response->results(1)), kInvalid);
  EXPECT_EQ(Code(response->results(2)), kInvalid);
  EXPECT_EQ(Code(response->results(3)), kExists);
  EXPECT_EQ(response->results(4).response().outcome(),
            v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(response->results(5).response().interaction().contact_id(), kBob);
  EXPECT_EQ(Total(Summary({kAda, kBob})), 4);
}

TEST_F(RecordingTest, ItemsOfABatchSeeThoseBeforeThem) {
  const auto call = Reported(v1::KIND_CALL, "call-1");
  const auto response = BatchRecord(
      {Revision(1, v1::OUTCOME_UNSPECIFIED, call),
       Revision(1, v1::OUTCOME_UNSPECIFIED, call),
       Revision(2, v1::OUTCOME_ANSWERED, call),
       Revision(1, v1::OUTCOME_MISSED, call),
       Revision(2, v1::OUTCOME_MISSED, call), Own(v1::KIND_NOTE, "r-1"),
       Own(v1::KIND_NOTE, "r-1"), Own(v1::KIND_CALL, "r-1")});
  ASSERT_THAT(response, IsOk());
  const auto outcome = [&](int i) {
    return response->results(i).response().outcome();
  };
  EXPECT_EQ(outcome(0), v1::RECORD_OUTCOME_RECORDED);
  EXPECT_EQ(outcome(1), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(outcome(2), v1::RECORD_OUTCOME_CORRECTED);
  EXPECT_EQ(outcome(3), v1::RECORD_OUTCOME_OUTDATED);
  EXPECT_EQ(Code(response->results(4)), kExists);
  EXPECT_EQ(outcome(5), v1::RECORD_OUTCOME_RECORDED);
  EXPECT_EQ(outcome(6), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Code(response->results(7)), kInvalid);
  const v1::ActivitySummary summary = Summary({kAda});
  ASSERT_THAT(summary.counts(), SizeIs(2));
  EXPECT_EQ(summary.counts(0).outcome(), v1::OUTCOME_ANSWERED);
  EXPECT_EQ(summary.counts(1).kind(), v1::KIND_NOTE);
}

TEST_F(RecordingTest, ABatchInWhichAllFailWritesNothing) {
  const auto response = BatchRecord({Own(v1::KIND_UNSPECIFIED, "bad")});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(Code(response->results(0)), kInvalid);
  EXPECT_EQ(Rows("interactions"), 0);
}

TEST_F(RecordingTest, OverlappingBatchesRecordEachOnce) {
  std::vector<v1::RecordInteractionRequest> requests;
  for (int i = 0; i < 100; ++i) {
    const auto& contact = i % 2 == 0 ? kAda : kBob;
    requests.push_back(
        Reported(v1::KIND_NOTE, absl::StrCat("note-", i), contact));
  }
  const std::vector<v1::RecordInteractionRequest> reversed(requests.rbegin(),
                                                           requests.rend());
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      const auto response = BatchRecord(t % 2 == 0 ? requests : reversed);
      ASSERT_THAT(response, IsOk());
      for (const auto& result : response->results()) EXPECT_EQ(Code(result), 0);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Total(Summary({kAda})), 50);
  EXPECT_EQ(Total(Summary({kBob})), 50);
  EXPECT_EQ(Rows("interactions"), 100);
}

TEST_F(RecordingTest, ARunAgainAfterALostCommitAnswersTheSame) {
  const auto reported = Reported(v1::KIND_CALL, "call-1");
  const auto own = Own(v1::KIND_NOTE, "r-1");
  const std::vector<RecordItem> items = {
      {.request = &reported,
       .new_id = base::Uuid::Make(Noon()),
       .content_fingerprint = std::string(32, 'a'),
       .request_fingerprint = std::string(32, 'b')},
      {.request = &own,
       .new_id = base::Uuid::Make(Noon()),
       .content_fingerprint = std::string(32, 'c'),
       .request_fingerprint = std::string(32, 'd')}};
  mysql::Session session(harness_.database().options());
  const mysql::TenantTx tx(session, 1, Noon());
  for (int run = 0; run < 2; ++run) {
    LockedContacts contacts(tx);
    Recording recording(tx, items, contacts);
    ASSERT_THAT(recording.Lock(), IsOk());
    const auto results = recording.Run();
    ASSERT_THAT(results, IsOk());
    ASSERT_THAT(contacts.Write(), IsOk());
    for (const auto& result : *results) {
      EXPECT_EQ(result->outcome(), v1::RECORD_OUTCOME_RECORDED);
    }
  }
  EXPECT_EQ(Rows("interactions"), 2);
}

TEST_F(RecordingTest, WritersOnOneContactAreAllCounted) {
  std::vector<std::thread> threads;
  std::atomic<int> acknowledged = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        const auto response =
            Record(Own(v1::KIND_NOTE, absl::StrCat(t, "-", i)));
        ASSERT_THAT(response, IsOk());
        acknowledged += response->outcome() == v1::RECORD_OUTCOME_RECORDED;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(acknowledged, 320);
  EXPECT_EQ(Total(Summary({kAda})), 320);
  EXPECT_EQ(Rows("interactions"), 320);
}

TEST_F(RecordingTest, KilledConnectionsHeal) {
  ASSERT_THAT(Record(Own(v1::KIND_NOTE, "before")), IsOk());
  harness_.database().KillSessions();
  EXPECT_THAT(Record(Own(v1::KIND_NOTE, "after")), IsOk());
  EXPECT_EQ(Total(Summary({kAda})), 2);
}

TEST_F(RecordingTest, WhatIsAcknowledgedIsStoredThoughConnectionsAreKilled) {
  std::vector<std::thread> threads;
  std::atomic<int> acknowledged = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const auto request = Own(v1::KIND_NOTE, absl::StrCat(t, "-", i));
        // As a client would: the same request until it is answered.
        while (!Record(request).ok()) {
        }
        ++acknowledged;
        if (t == 0 && i % 5 == 0) harness_.database().KillSessions();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(acknowledged, 200);
  EXPECT_EQ(Rows("interactions"), 200);
  v1::BatchGetActivityRequest activity;
  activity.add_sets()->add_contact_ids(kAda);
  auto summed = GetActivity(activity);
  while (!summed.ok()) summed = GetActivity(activity);
  EXPECT_EQ(Total(summed->results(0).summary()), 200);
}

}  // namespace
}  // namespace kith::interactions
