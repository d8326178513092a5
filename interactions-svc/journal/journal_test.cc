// The journal as its callers have it: what is received, leased and settled.

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "interactions-svc/journal/journal_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> SenderKeys(const std::vector<v1::Entry>& entries) {
  std::vector<std::string> keys;
  for (const v1::Entry& entry : entries) {
    keys.push_back(entry.idempotency_key());
  }
  return keys;
}

class JournalTest : public JournalFixture {};

TEST_F(JournalTest, WhatIsReceivedComesBackByteForByte) {
  v1::RecordEntryRequest request = Hook("msg_1");
  v1::Entry& given = *request.mutable_entry();
  std::string body;
  for (int byte = 0; byte < 256; ++byte) {
    body.push_back(static_cast<char>(byte));
  }
  given.set_body(body);
  given.set_target("/hooks/\xff?a=%00");
  given.set_address("2001:db8::1");
  given.add_headers()->set_name("content-type");
  given.mutable_headers(0)->set_value("text/plain;\xe9");
  const v1::Entry recorded = Receive(request);
  EXPECT_EQ(recorded.body(), "");
  const auto entry = Get(recorded.entry_id());
  ASSERT_THAT(entry, IsOk());
  EXPECT_EQ(entry->body(), body);
  EXPECT_EQ(entry->body_size(), 256);
  EXPECT_EQ(entry->source(), "shop");
  EXPECT_EQ(entry->method(), "POST");
  EXPECT_EQ(entry->target(), given.target());
  EXPECT_EQ(entry->address(), given.address());
  EXPECT_EQ(entry->headers(0).value(), given.headers(0).value());
  EXPECT_EQ(entry->verdict(), v1::SIGNATURE_VERDICT_SIGNED);
  EXPECT_EQ(entry->state(), v1::ENTRY_STATE_RECEIVED);
  EXPECT_EQ(entry->attempt_count(), 1);
  EXPECT_EQ(base::FromProto(entry->received_time()), Now());
}

TEST_F(JournalTest, TheLargestBodyIsKept) {
  const std::string body(1 << 20, '\x7f');
  const v1::Entry recorded = Receive(Hook("large", body));
  const auto entry = Get(recorded.entry_id());
  ASSERT_THAT(entry, IsOk());
  EXPECT_TRUE(entry->body() == body);
}

TEST_F(JournalTest, ARepeatIsKnownWhateverItSays) {
  const v1::Entry first = Receive(Hook("msg_1", "first"));
  const auto repeat = RecordEntry(Hook("msg_1", "second"));
  ASSERT_THAT(repeat, IsOk());
  EXPECT_TRUE(repeat->known());
  EXPECT_EQ(repeat->entry().entry_id(), first.entry_id());
  EXPECT_EQ(Get(first.entry_id())->body(), "first");
  EXPECT_EQ(Rows("journal"), 1);
  EXPECT_EQ(Rows("journal_due"), 1);
}

TEST_F(JournalTest, KeysOfSourcesDoNotMeet) {
  Receive(Hook("msg_1"));
  Receive(Hook("msg_1", "x", "crm"));
  Receive(Hook("msg_1"), testing::kOther);
  EXPECT_EQ(Rows("journal"), 3);
}

TEST_F(JournalTest, ARepeatOfADeletedEntryIsKnownToo) {
  const v1::Entry first = Receive(Hook("msg_1"));
  harness_.database().Execute("DELETE FROM journal");
  const auto repeat = RecordEntry(Hook("msg_1"));
  ASSERT_THAT(repeat, IsOk());
  EXPECT_TRUE(repeat->known());
  EXPECT_EQ(repeat->entry().entry_id(), first.entry_id());
  EXPECT_EQ(repeat->entry().state(), v1::ENTRY_STATE_UNSPECIFIED);
  EXPECT_EQ(Rows("journal"), 0);
}

// Somebody fills in the same form again on the next day.
TEST_F(JournalTest, TheSameAfterTheWindowIsAnotherEntry) {
  v1::RecordEntryRequest request = Hook("digest");
  request.mutable_repeat_window()->set_seconds(60);
  const v1::Entry first = Receive(request);
  harness_.clock().Advance(absl::Seconds(59));
  EXPECT_TRUE(RecordEntry(request)->known());
  harness_.clock().Advance(absl::Seconds(1));
  const v1::Entry second = Receive(request);
  EXPECT_NE(second.entry_id(), first.entry_id());
  EXPECT_EQ(RecordEntry(request)->entry().entry_id(), second.entry_id());
  EXPECT_THAT(Get(first.entry_id()), IsOk());
  EXPECT_EQ(Rows("journal_keys"), 1);
}

TEST_F(JournalTest, OfManyAtOnceOneIsNew) {
  constexpr int kRacers = 16;
  std::atomic<int> fresh = 0;
  std::mutex mutex;
  std::set<std::string> ids;
  std::vector<std::thread> racers;
  for (int i = 0; i < kRacers; ++i) {
    racers.emplace_back([&] {
      const auto recorded = RecordEntry(Hook("double click"));
      ASSERT_THAT(recorded, IsOk());
      if (!recorded->known()) ++fresh;
      const std::lock_guard lock(mutex);
      ids.insert(recorded->entry().entry_id());
    });
  }
  for (std::thread& racer : racers) racer.join();
  EXPECT_EQ(fresh, 1);
  EXPECT_THAT(ids, SizeIs(1));
  EXPECT_EQ(Rows("journal"), 1);
}

TEST_F(JournalTest, WhatAKilledGatewayLeavesIsTakenUpAfterFiveSeconds) {
  Receive(Hook("msg_1", "the body"));
  harness_.clock().Advance(absl::Seconds(5) - absl::Microseconds(1));
  EXPECT_THAT(Lease(), IsEmpty());
  harness_.clock().Advance(absl::Microseconds(1));
  const std::vector<v1::Entry> leased = Lease();
  ASSERT_THAT(leased, SizeIs(1));
  EXPECT_EQ(leased[0].body(), "the body");
  EXPECT_EQ(leased[0].attempt_count(), 2);
  EXPECT_THAT(Lease(), IsEmpty());
}

TEST_F(JournalTest, WhatIsDueFirstIsLeasedFirst) {
  for (int i = 0; i < 5; ++i) {
    Receive(Hook(absl::StrCat("msg_", i)));
    harness_.clock().Advance(absl::Milliseconds(10));
  }
  harness_.clock().Advance(kAttemptLease);
  EXPECT_THAT(SenderKeys(Lease(2)), ElementsAre("msg_0", "msg_1"));
  EXPECT_THAT(SenderKeys(Lease(2)), ElementsAre("msg_2", "msg_3"));
  EXPECT_THAT(SenderKeys(Lease(2)), ElementsAre("msg_4"));
}

TEST_F(JournalTest, NoTwoGatewaysHaveTheSameLease) {
  constexpr int kEntries = 60;
  for (int i = 0; i < kEntries; ++i) Receive(Hook(absl::StrCat("msg_", i)));
  harness_.clock().Advance(kAttemptLease);
  std::mutex mutex;
  std::multiset<std::string> ids;
  std::vector<std::thread> gateways;
  for (int i = 0; i < 4; ++i) {
    gateways.emplace_back([&] {
      // The head may be another's when it is reached, so it is read again.
      for (int round = 0; round < kEntries; ++round) {
        for (const v1::Entry& entry : Lease(5)) {
          const std::lock_guard lock(mutex);
          ids.insert(entry.entry_id());
        }
      }
    });
  }
  for (std::thread& gateway : gateways) gateway.join();
  EXPECT_THAT(ids, SizeIs(kEntries));
  EXPECT_THAT((std::set<std::string>(ids.begin(), ids.end())),
              SizeIs(kEntries));
}

TEST_F(JournalTest, ALeaseHasNoMoreThanOneMessageTakes) {
  for (int i = 0; i < 5; ++i) {
    Receive(Hook(absl::StrCat("msg_", i), std::string(1 << 20, 'x')));
  }
  harness_.clock().Advance(kAttemptLease);
  EXPECT_THAT(Lease(50), SizeIs(3));
  EXPECT_THAT(Lease(50), SizeIs(2));
}

TEST_F(JournalTest, ADamagedEntryStopsNoOther) {
  const v1::Entry damaged = Receive(Hook("damaged"));
  harness_.database().Execute("UPDATE journal SET body = 'x'");
  Receive(Hook("sound"));
  for (int lost = 1; lost < kMostLostAttempts; ++lost) {
    harness_.clock().Advance(kAttemptLease);
    EXPECT_THAT(SenderKeys(Lease()), ElementsAre("sound")) << lost;
  }
  harness_.clock().Advance(kAttemptLease);
  Lease();
  v1::ListEntriesRequest list;
  list.mutable_filter()->set_failure(v1::ENTRY_FAILURE_ATTEMPTS);
  const auto failed = harness_.Call(&Stub::ListEntries, list);
  ASSERT_THAT(failed, IsOk());
  EXPECT_EQ(failed->entries_size(), 2);
}

TEST_F(JournalTest, AnEntryThatKillsEachGatewayEndsAsFailed) {
  const v1::Entry entry = Receive(Hook("poison"));
  for (int lost = 1; lost < kMostLostAttempts; ++lost) {
    harness_.clock().Advance(kAttemptLease);
    EXPECT_THAT(Lease(), SizeIs(1)) << lost;
  }
  harness_.clock().Advance(kAttemptLease);
  EXPECT_THAT(Lease(), IsEmpty());
  const auto failed = Get(entry.entry_id());
  ASSERT_THAT(failed, IsOk());
  EXPECT_EQ(failed->state(), v1::ENTRY_STATE_FAILED);
  EXPECT_EQ(failed->failure(), v1::ENTRY_FAILURE_ATTEMPTS);
}

TEST_F(JournalTest, WhatCameOfAnEntryIsKept) {
  const v1::Entry entry = Receive(Hook("msg_1"));
  v1::SettleEntryRequest request = ResultOf(entry, v1::ENTRY_STATE_DONE);
  request.add_effects()->set_contact_id(kAda);
  request.mutable_effects(0)->set_interaction_id(kBob);
  for (int repeat = 0; repeat < 2; ++repeat) {
    const auto done = harness_.Call(&Stub::SettleEntry, request);
    ASSERT_THAT(done, IsOk());
    EXPECT_EQ(done->state(), v1::ENTRY_STATE_DONE);
  }
  const auto done = Get(entry.entry_id());
  ASSERT_THAT(done->effects(), SizeIs(1));
  EXPECT_EQ(done->effects(0).contact_id(), kAda);
  EXPECT_EQ(done->effects(0).interaction_id(), kBob);
  harness_.clock().Advance(absl::Hours(1));
  EXPECT_THAT(Lease(), IsEmpty());
}

TEST_F(JournalTest, WhoIsLateEndsNoAttemptOfAnother) {
  const v1::Entry entry = Receive(Hook("msg_1"));
  harness_.clock().Advance(kAttemptLease);
  const std::vector<v1::Entry> leased = Lease();
  ASSERT_THAT(leased, SizeIs(1));
  EXPECT_THAT(Settle(entry, v1::ENTRY_STATE_FAILED),
              StatusIs(StatusCode::kFailedPrecondition, "want 2"));
  EXPECT_THAT(Settle(leased[0], v1::ENTRY_STATE_DONE), IsOk());
}

TEST_F(JournalTest, WhatIsToBeMadeAgainComesAfterItsPause) {
  const v1::Entry entry = Receive(Hook("msg_1"));
  EXPECT_THAT(Settle(entry, v1::ENTRY_STATE_RECEIVED), IsOk());
  EXPECT_THAT(Lease(), IsEmpty());
  harness_.clock().Advance(absl::Seconds(1));
  EXPECT_THAT(SenderKeys(Lease()), ElementsAre("msg_1"));
}

TEST_F(JournalTest, APersonDiscardsWhatHasFailed) {
  const v1::Entry entry = ReceiveFailed("msg_1");
  for (int repeat = 0; repeat < 2; ++repeat) {
    const auto discarded = Discard(entry.entry_id());
    ASSERT_THAT(discarded, IsOk());
    EXPECT_EQ(discarded->state(), v1::ENTRY_STATE_DISCARDED);
    EXPECT_EQ(discarded->discarded_by(), "Dana");
  }
  EXPECT_THAT(Discard(entry.entry_id(), ""),
              StatusIs(StatusCode::kInvalidArgument, "agent"));
}

TEST_F(JournalTest, WhatIsUnderWayIsNotDiscarded) {
  const v1::Entry entry = Receive(Hook("msg_1"));
  EXPECT_THAT(Discard(entry.entry_id()),
              StatusIs(StatusCode::kFailedPrecondition, "under way"));
  EXPECT_THAT(Settle(entry, v1::ENTRY_STATE_DONE), IsOk());
  EXPECT_THAT(Discard(entry.entry_id()),
              StatusIs(StatusCode::kFailedPrecondition, "is DONE"));
}

TEST_F(JournalTest, AnUnknownEntryIsNotFound) {
  v1::Entry unknown;
  unknown.set_entry_id(kAda);
  unknown.set_attempt_count(1);
  EXPECT_THAT(Get(kAda), StatusIs(StatusCode::kNotFound, "entry_id"));
  EXPECT_THAT(Settle(unknown, v1::ENTRY_STATE_DONE),
              StatusIs(StatusCode::kNotFound, "entry_id"));
  EXPECT_THAT(Discard(kAda), StatusIs(StatusCode::kNotFound, "entry_id"));
}

TEST_F(JournalTest, AnotherTenantHasNothingOfIt) {
  const v1::Entry entry = Receive(Hook("msg_1"));
  harness_.clock().Advance(kAttemptLease);
  EXPECT_THAT(Lease(50, testing::kOther), IsEmpty());
  EXPECT_THAT(Get(entry.entry_id(), testing::kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Settle(entry, v1::ENTRY_STATE_DONE, testing::kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Discard(entry.entry_id(), "Dana", testing::kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Lease(), SizeIs(1));
}

TEST_F(JournalTest, WhatIsWrongIsRefusedAndNotKept) {
  v1::RecordEntryRequest request = Hook("msg_1");
  request.mutable_entry()->clear_verdict();
  EXPECT_THAT(RecordEntry(request),
              StatusIs(StatusCode::kInvalidArgument, "entry.verdict"));
  EXPECT_EQ(Rows("journal"), 0);
  EXPECT_EQ(Rows("journal_keys"), 0);
}

TEST_F(JournalTest, OnlyTheGatewaysKeySaysWhatASignatureProves) {
  EXPECT_THAT(RecordEntry(Hook("msg_1"), testing::kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "journal.write"));
  EXPECT_THAT(RecordEntry(Hook("msg_1"), testing::kDemoPublic),
              StatusIs(StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace kith::interactions
