#include "interactions-svc/journal/entry_rules.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using internal::v1::StoredEntry;
using ::kith::testing::EqualsProto;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);
const JournalRetention kKept = {.done = 7 * kDay, .failed = 90 * kDay};
const absl::Time kNoonOfEntry = absl::FromUnixSeconds(1'790'000'000);

StoredEntry Received(absl::Time time = kNoonOfEntry) {
  StoredEntry stored;
  stored.mutable_entry()->set_source("shop");
  ReceiveEntry(time, stored);
  return stored;
}

// How an attempt has ended.
v1::SettleEntryRequest EndOf(int attempt, v1::EntryState state) {
  v1::SettleEntryRequest request;
  request.set_attempt(attempt);
  request.set_state(state);
  if (state == v1::ENTRY_STATE_FAILED) {
    request.set_failure(v1::ENTRY_FAILURE_MAPPING);
  }
  if (state != v1::ENTRY_STATE_DONE) request.set_reason("form.email: missing");
  return request;
}

StoredEntry Settled(v1::EntryState state) {
  StoredEntry stored = Received();
  EXPECT_THAT(SettleAttempt(EndOf(1, state), kKept, kNoonOfEntry, stored),
              IsOk());
  return stored;
}

StoredEntry Discarded() {
  StoredEntry stored = Settled(v1::ENTRY_STATE_FAILED);
  EXPECT_THAT(DiscardStored("Dana", "spam", kKept, kNoonOfEntry, stored),
              IsOk());
  return stored;
}

int64_t Due(const StoredEntry& stored) {
  return base::ToMicros(stored.entry().next_attempt_time());
}

TEST(EntryRulesTest, ANewEntryHasTheLeaseOfItsFirstAttempt) {
  StoredEntry stored = Received();
  EXPECT_EQ(stored.entry().state(), v1::ENTRY_STATE_RECEIVED);
  EXPECT_EQ(stored.entry().attempt_count(), 1);
  const absl::Time end = kNoonOfEntry + absl::Seconds(5);
  EXPECT_FALSE(IsAttemptDue(stored, end - absl::Microseconds(1)));
  EXPECT_TRUE(IsAttemptDue(stored, end));
  EXPECT_FALSE(LeaseAttempt(kKept, end - absl::Microseconds(1), stored));
  EXPECT_TRUE(LeaseAttempt(kKept, end, stored));
  EXPECT_EQ(stored.entry().attempt_count(), 2);
  EXPECT_FALSE(LeaseAttempt(kKept, end, stored));
}

TEST(EntryRulesTest, AnEntryThatKillsItsGatewaysIsFailed) {
  StoredEntry stored = Received();
  absl::Time now = kNoonOfEntry;
  for (int lost = 1; lost < kMostLostAttempts; ++lost) {
    now += kAttemptLease;
    EXPECT_TRUE(LeaseAttempt(kKept, now, stored)) << lost;
  }
  now += kAttemptLease;
  EXPECT_FALSE(LeaseAttempt(kKept, now, stored));
  EXPECT_EQ(stored.entry().state(), v1::ENTRY_STATE_FAILED);
  EXPECT_EQ(stored.entry().failure(), v1::ENTRY_FAILURE_ATTEMPTS);
  EXPECT_EQ(stored.entry().attempt_count(), kMostLostAttempts);
}

TEST(EntryRulesTest, AResultEndsTheRowOfLostAttempts) {
  StoredEntry stored = Received();
  absl::Time now = kNoonOfEntry;
  for (int round = 0; round < 3; ++round) {
    for (int lost = 1; lost < kMostLostAttempts; ++lost) {
      now = absl::FromUnixMicros(Due(stored));
      ASSERT_TRUE(LeaseAttempt(kKept, now, stored));
    }
    ASSERT_THAT(SettleAttempt(EndOf(stored.entry().attempt_count(),
                                    v1::ENTRY_STATE_RECEIVED),
                              kKept, now, stored),
                IsOk());
    ASSERT_TRUE(LeaseAttempt(kKept, absl::FromUnixMicros(Due(stored)), stored));
  }
  EXPECT_EQ(stored.entry().state(), v1::ENTRY_STATE_RECEIVED);
}

TEST(EntryRulesTest, PausesGrowToTenMinutes) {
  EXPECT_EQ(RetryPause(1), absl::Seconds(1));
  EXPECT_EQ(RetryPause(2), absl::Seconds(2));
  EXPECT_EQ(RetryPause(5), absl::Seconds(16));
  EXPECT_EQ(RetryPause(10), absl::Seconds(512));
  EXPECT_EQ(RetryPause(11), absl::Minutes(10));
  EXPECT_EQ(RetryPause(kMostRetries), absl::Minutes(10));
}

TEST(EntryRulesTest, WhatPassesIsTriedAgainForADay) {
  StoredEntry stored = Received();
  absl::Time now = kNoonOfEntry;
  while (stored.entry().state() == v1::ENTRY_STATE_RECEIVED) {
    ASSERT_THAT(SettleAttempt(EndOf(stored.entry().attempt_count(),
                                    v1::ENTRY_STATE_RECEIVED),
                              kKept, now, stored),
                IsOk());
    if (stored.entry().state() != v1::ENTRY_STATE_RECEIVED) break;
    now = absl::FromUnixMicros(Due(stored));
    ASSERT_TRUE(LeaseAttempt(kKept, now, stored));
  }
  EXPECT_EQ(stored.entry().state(), v1::ENTRY_STATE_FAILED);
  EXPECT_EQ(stored.entry().failure(), v1::ENTRY_FAILURE_ATTEMPTS);
  EXPECT_EQ(stored.entry().reason(), "form.email: missing");
  EXPECT_GT(now - kNoonOfEntry, absl::Hours(22));
  EXPECT_LT(now - kNoonOfEntry, absl::Hours(26));
}

TEST(EntryRulesTest, HowAnAttemptEnds) {
  const StoredEntry done = Settled(v1::ENTRY_STATE_DONE);
  EXPECT_EQ(done.entry().state(), v1::ENTRY_STATE_DONE);
  EXPECT_EQ(done.entry().reason(), "");
  EXPECT_EQ(base::FromProto(done.entry().expire_time()),
            kNoonOfEntry + 7 * kDay);
  const StoredEntry failed = Settled(v1::ENTRY_STATE_FAILED);
  EXPECT_EQ(failed.entry().state(), v1::ENTRY_STATE_FAILED);
  EXPECT_EQ(failed.entry().failure(), v1::ENTRY_FAILURE_MAPPING);
  EXPECT_EQ(base::FromProto(failed.entry().settle_time()), kNoonOfEntry);
  EXPECT_EQ(base::FromProto(failed.entry().expire_time()),
            kNoonOfEntry + 90 * kDay);
  const StoredEntry again = Settled(v1::ENTRY_STATE_RECEIVED);
  EXPECT_EQ(again.entry().state(), v1::ENTRY_STATE_RECEIVED);
  EXPECT_EQ(Due(again), absl::ToUnixMicros(kNoonOfEntry + absl::Seconds(1)));
  EXPECT_FALSE(again.entry().has_expire_time());
}

TEST(EntryRulesTest, ARepeatOfAResultChangesNothing) {
  for (const auto first : {v1::ENTRY_STATE_DONE, v1::ENTRY_STATE_FAILED,
                           v1::ENTRY_STATE_RECEIVED}) {
    StoredEntry stored = Settled(first);
    const StoredEntry before = stored;
    for (const auto second : {v1::ENTRY_STATE_DONE, v1::ENTRY_STATE_FAILED,
                              v1::ENTRY_STATE_RECEIVED}) {
      EXPECT_THAT(
          SettleAttempt(EndOf(1, second), kKept, kNoonOfEntry + kDay, stored),
          IsOk());
      EXPECT_THAT(stored, EqualsProto(before));
    }
  }
}

TEST(EntryRulesTest, OnlyTheLastAttemptEnds) {
  StoredEntry stored = Received();
  const absl::Time end = kNoonOfEntry + kAttemptLease;
  ASSERT_TRUE(LeaseAttempt(kKept, end, stored));
  for (const int attempt : {1, 3}) {
    EXPECT_THAT(
        SettleAttempt(EndOf(attempt, v1::ENTRY_STATE_DONE), kKept, end, stored),
        StatusIs(StatusCode::kFailedPrecondition, "want 2"));
  }
  EXPECT_THAT(SettleAttempt(EndOf(2, v1::ENTRY_STATE_DONE), kKept, end, stored),
              IsOk());
}

TEST(EntryRulesTest, AResultAfterTheLeaseCounts) {
  StoredEntry stored = Received();
  EXPECT_THAT(SettleAttempt(EndOf(1, v1::ENTRY_STATE_DONE), kKept,
                            kNoonOfEntry + kDay, stored),
              IsOk());
  EXPECT_EQ(stored.entry().state(), v1::ENTRY_STATE_DONE);
}

TEST(EntryRulesTest, WhatATouchHasRecordedStays) {
  StoredEntry stored = Received();
  v1::SettleEntryRequest first = EndOf(1, v1::ENTRY_STATE_FAILED);
  first.add_effects()->set_touch_index(3);
  first.mutable_effects(0)->set_interaction_id("a");
  ASSERT_THAT(SettleAttempt(first, kKept, kNoonOfEntry, stored), IsOk());
  ASSERT_TRUE(ReplayStored(kNoonOfEntry, stored));
  ASSERT_TRUE(LeaseAttempt(kKept, kNoonOfEntry, stored));
  v1::SettleEntryRequest second = EndOf(2, v1::ENTRY_STATE_DONE);
  second.add_effects()->set_touch_index(3);
  second.add_effects()->set_touch_index(4);
  ASSERT_THAT(SettleAttempt(second, kKept, kNoonOfEntry, stored), IsOk());
  ASSERT_THAT(stored.entry().effects(), SizeIs(2));
  EXPECT_THAT(stored.entry().effects(0), EqualsProto(first.effects(0)));
  EXPECT_THAT(stored.entry().effects(1), EqualsProto(second.effects(1)));
}

TEST(EntryRulesTest, FailedAndDiscardedEntriesAreReplayed) {
  for (StoredEntry stored : {Settled(v1::ENTRY_STATE_FAILED), Discarded()}) {
    const absl::Time later = kNoonOfEntry + kDay;
    EXPECT_TRUE(ReplayStored(later, stored));
    EXPECT_EQ(stored.entry().state(), v1::ENTRY_STATE_RECEIVED);
    EXPECT_FALSE(stored.entry().has_expire_time());
    EXPECT_FALSE(stored.entry().has_settle_time());
    EXPECT_EQ(stored.entry().discarded_by(), "");
    EXPECT_FALSE(ReplayStored(later, stored));
    EXPECT_TRUE(LeaseAttempt(kKept, later, stored));
    EXPECT_EQ(stored.entry().attempt_count(), 2);
    EXPECT_EQ(stored.lost_count(), 0);
  }
  StoredEntry done = Settled(v1::ENTRY_STATE_DONE);
  EXPECT_FALSE(ReplayStored(kNoonOfEntry, done));
  EXPECT_EQ(done.entry().state(), v1::ENTRY_STATE_DONE);
}

TEST(EntryRulesTest, WhatIsDoneOrUnderWayIsNotDiscarded) {
  StoredEntry done = Settled(v1::ENTRY_STATE_DONE);
  EXPECT_THAT(DiscardStored("Dana", "spam", kKept, kNoonOfEntry, done),
              StatusIs(StatusCode::kFailedPrecondition, "is DONE"));
  StoredEntry leased = Received();
  EXPECT_THAT(DiscardStored("Dana", "spam", kKept, kNoonOfEntry, leased),
              StatusIs(StatusCode::kFailedPrecondition, "under way"));
  EXPECT_THAT(DiscardStored("Dana", "spam", kKept, kNoonOfEntry + kAttemptLease,
                            leased),
              IsOk());
  StoredEntry waiting = Settled(v1::ENTRY_STATE_RECEIVED);
  EXPECT_THAT(DiscardStored("Dana", "spam", kKept, kNoonOfEntry, waiting),
              IsOk());
}

TEST(EntryRulesTest, ADiscardedEntrySaysWhoAndWhy) {
  StoredEntry stored = Discarded();
  EXPECT_EQ(stored.entry().state(), v1::ENTRY_STATE_DISCARDED);
  EXPECT_EQ(stored.entry().discarded_by(), "Dana");
  EXPECT_EQ(stored.entry().reason(), "spam");
  EXPECT_EQ(base::FromProto(stored.entry().expire_time()),
            kNoonOfEntry + 90 * kDay);
  const StoredEntry before = stored;
  EXPECT_THAT(DiscardStored("Eve", "other", kKept, kNoonOfEntry, stored),
              IsOk());
  EXPECT_THAT(stored, EqualsProto(before));
}

// The late result of an attempt brings nothing back.
TEST(EntryRulesTest, ADiscardedEntryStaysSo) {
  StoredEntry stored = Received();
  const absl::Time end = kNoonOfEntry + kAttemptLease;
  ASSERT_THAT(DiscardStored("Dana", "spam", kKept, end, stored), IsOk());
  EXPECT_THAT(
      SettleAttempt(EndOf(1, v1::ENTRY_STATE_FAILED), kKept, end, stored),
      IsOk());
  EXPECT_EQ(stored.entry().state(), v1::ENTRY_STATE_DISCARDED);
  EXPECT_FALSE(LeaseAttempt(kKept, end + kDay, stored));
}

TEST(EntryRulesTest, EachEntryHasAPlaceForWhatIsNext) {
  const auto places = [](const StoredEntry& stored) {
    std::vector<std::string> shown;
    for (const DuePlace& place : DuePlacesOf(stored)) {
      const absl::Time due = absl::FromUnixMicros(place.due_micros);
      shown.push_back(absl::StrCat(static_cast<int>(place.kind), " ",
                                   absl::FormatDuration(due - kNoonOfEntry)));
    }
    return shown;
  };
  EXPECT_THAT(places(Received()), ElementsAre("1 5s"));
  EXPECT_THAT(places(Settled(v1::ENTRY_STATE_RECEIVED)), ElementsAre("1 1s"));
  EXPECT_THAT(places(Settled(v1::ENTRY_STATE_DONE)), ElementsAre("2 168h"));
  EXPECT_THAT(places(Settled(v1::ENTRY_STATE_FAILED)), ElementsAre("3 2160h"));
  EXPECT_THAT(places(Discarded()), ElementsAre("4 2160h"));
  StoredEntry addressed = Settled(v1::ENTRY_STATE_FAILED);
  addressed.mutable_entry()->set_address("192.0.2.1");
  EXPECT_THAT(places(addressed), ElementsAre("3 2160h", "5 720h"));
}

TEST(EntryRulesTest, NothingExpiresEarlierOrWhileItIsReceived) {
  const StoredEntry done = Settled(v1::ENTRY_STATE_DONE);
  const absl::Time end = kNoonOfEntry + 7 * kDay;
  EXPECT_FALSE(IsExpired(done, end - absl::Microseconds(1)));
  EXPECT_TRUE(IsExpired(done, end));
  EXPECT_FALSE(IsExpired(Received(), kNoonOfEntry + 10'000 * kDay));
  StoredEntry addressed = Received();
  EXPECT_FALSE(IsAddressExpired(addressed, kNoonOfEntry + 31 * kDay));
  addressed.mutable_entry()->set_address("192.0.2.1");
  EXPECT_FALSE(IsAddressExpired(addressed, kNoonOfEntry + 29 * kDay));
  EXPECT_TRUE(IsAddressExpired(addressed, kNoonOfEntry + 30 * kDay));
}

TEST(EntryRulesTest, ATenantSaysHowLongEntriesAreKept) {
  config::v1::JournalRules rules;
  EXPECT_EQ(RetentionOf(rules).done, 7 * kDay);
  EXPECT_EQ(RetentionOf(rules).failed, 90 * kDay);
  rules.set_done_days(1);
  rules.set_failed_days(365);
  EXPECT_EQ(RetentionOf(rules).done, kDay);
  EXPECT_EQ(RetentionOf(rules).failed, 365 * kDay);
}

TEST(EntryRulesTest, AFilterMeansWhatAgreesWithAllOfIt) {
  struct Row {
    const char* filter;
    bool is_meant;
  };
  const v1::Entry entry = Settled(v1::ENTRY_STATE_FAILED).entry();
  for (const Row& row : std::vector<Row>{
           {"", true},
           {"state: ENTRY_STATE_FAILED", true},
           {"state: ENTRY_STATE_DONE", false},
           {"source: 'shop'", true},
           {"source: 'sho'", false},
           {"failure: ENTRY_FAILURE_MAPPING", true},
           {"failure: ENTRY_FAILURE_REFUSED", false},
           {"received_from_time { seconds: 1790000000 }", true},
           {"received_from_time { seconds: 1790000000 nanos: 1000 }", false},
           {"received_until_time { seconds: 1790000000 nanos: 1000 }", true},
           {"received_until_time { seconds: 1790000000 }", false},
           {"source: 'shop' state: ENTRY_STATE_DONE", false}}) {
    v1::EntryFilter filter;
    ASSERT_TRUE(
        google::protobuf::TextFormat::ParseFromString(row.filter, &filter));
    EXPECT_EQ(IsMeant(filter, entry), row.is_meant) << row.filter;
  }
}

}  // namespace
}  // namespace kith::interactions
