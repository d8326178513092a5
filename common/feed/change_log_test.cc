#include "common/feed/change_log.h"

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/base/times.h"
#include "common/feed/outbox.h"
#include "common/mysql/lease.h"
#include "common/mysql/transaction.h"
#include "common/testing/feed_schema.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::feed {
namespace {

using absl::StatusCode;
using ::kith::testing::ContextOf;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kContact[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000aa";

changes::v1::Change ChangeOf(const std::string& owner, uint64_t version) {
  changes::v1::Change change;
  change.set_owner(owner);
  change.set_owner_version(version);
  change.mutable_contact_updated();
  return change;
}

class ChangeLogTest : public ::testing::Test {
 protected:
  ChangeLogTest() {
    EXPECT_THAT(mysql::TakeLease(session_, kSequencerLease, "me", now_,
                                 kSequencerLeaseTime),
                IsOk());
  }

  absl::Status Add(const std::vector<changes::v1::Change>& changes,
                   uint64_t tenant_id = 1) {
    return AddChanges({ContextOf(tenant_id), session_, now_}, changes);
  }

  // Adds as many changes of one contact.
  void AddMany(uint64_t count) {
    std::vector<changes::v1::Change> changes;
    for (uint64_t i = 1; i <= count; ++i) {
      changes.push_back(ChangeOf(kContact, i));
    }
    ASSERT_THAT(Add(changes), IsOk());
  }

  SequencedPage Sequence(const std::string& after = "") {
    const auto page = SequencePage(session_, 1, after, now_);
    EXPECT_THAT(page, IsOk());
    return page.value_or(SequencedPage());
  }

  // The position of a change that was sequenced now.
  FeedPosition At(int64_t sequence) const {
    return {.sequence = sequence, .sequence_micros = absl::ToUnixMicros(now_)};
  }

  // "sequence:owner's version" of each change after a position.
  std::vector<std::string> Read(const FeedPosition& after = {}) {
    std::vector<std::string> read;
    const auto page = ReadChanges(session_, after);
    EXPECT_THAT(page, IsOk());
    for (const LoggedChange& logged : *page) {
      changes::v1::Change change;
      EXPECT_TRUE(change.ParseFromString(logged.details));
      read.push_back(absl::StrFormat("%d:%d", logged.position.sequence,
                                     change.owner_version()));
    }
    return read;
  }

  FeedPosition Newest() { return *ReadNewest(session_); }

  testing::TestDatabase database_{testing::FeedSchema()};
  mysql::Session session_{database_.options()};
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(ChangeLogTest, AChangeSaysWhoseItIsWhenAndOfWhichCall) {
  ASSERT_THAT(Add({ChangeOf(kContact, 7)}, 42), IsOk());
  Sequence();
  const auto page = ReadChanges(session_, {});
  ASSERT_THAT(page, IsOk());
  ASSERT_THAT(*page, SizeIs(1));
  EXPECT_EQ(page->front().position, At(1));
  EXPECT_EQ(page->front().tenant_id, 42);
  changes::v1::Change change;
  ASSERT_TRUE(change.ParseFromString(page->front().details));
  EXPECT_EQ(change.tenant_id(), 42);
  EXPECT_EQ(change.owner(), kContact);
  EXPECT_EQ(change.owner_version(), 7);
  EXPECT_EQ(base::FromProto(change.time()), now_);
  EXPECT_EQ(change.trace_id(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_TRUE(change.has_contact_updated());
}

TEST_F(ChangeLogTest, NoChangesAreNoStatement) {
  EXPECT_THAT(Add({}), IsOk());
  EXPECT_THAT(Sequence().times, IsEmpty());
}

TEST_F(ChangeLogTest, AVersionThatIsUsedIsALostRace) {
  ASSERT_THAT(Add({ChangeOf(kContact, 1)}), IsOk());
  EXPECT_THAT(Add({ChangeOf(kContact, 1)}), StatusIs(StatusCode::kAborted));
  EXPECT_THAT(Add({ChangeOf(kContact, 1)}, 2), IsOk());
}

TEST_F(ChangeLogTest, AnOwnersChangesComeByVersionHoweverTheyCameIn) {
  ASSERT_THAT(Add({ChangeOf(kContact, 300), ChangeOf(kContact, 2),
                   ChangeOf(kContact, 256)}),
              IsOk());
  Sequence();
  EXPECT_THAT(Read(), ElementsAre("1:2", "2:256", "3:300"));
}

TEST_F(ChangeLogTest, AnIdentityKeyIsAnOwnerAsWell) {
  ASSERT_THAT(Add({ChangeOf("0192f0c12a3b7c4d8e5f0000000000ab", 1),
                   ChangeOf(kContact, 2)}),
              IsOk());
  Sequence();
  EXPECT_THAT(Read(), ElementsAre("1:2", "2:1"));
}

TEST_F(ChangeLogTest, NumbersGoOnFromPageToPage) {
  AddMany(1203);
  SequencedPage page = Sequence();
  EXPECT_THAT(page.times, SizeIs(kChangesRead));
  page = Sequence(page.last_id);
  page = Sequence(page.last_id);
  EXPECT_THAT(page.times, SizeIs(203));
  EXPECT_EQ(page.last_id, "");
  EXPECT_THAT(Read(At(1200)),
              ElementsAre("1201:1201", "1202:1202", "1203:1203"));
  EXPECT_EQ(database_.SelectInt("SELECT COUNT(*) FROM outbox"), 0);
}

TEST_F(ChangeLogTest, WhatIsNotCommittedIsNotSequenced) {
  mysql::Session other(database_.options());
  ASSERT_THAT(other.ExecuteText("BEGIN"), IsOk());
  ASSERT_THAT(AddChanges({ContextOf(1), other, now_}, {ChangeOf(kContact, 1)}),
              IsOk());
  ASSERT_THAT(Add({ChangeOf(kContact, 1)}, 2), IsOk());
  EXPECT_THAT(Sequence().times, SizeIs(1));
  ASSERT_THAT(other.ExecuteText("COMMIT"), IsOk());
  EXPECT_THAT(Sequence().times, SizeIs(1));
  EXPECT_THAT(Read(), SizeIs(2));
}

TEST_F(ChangeLogTest, AnEpochThatIsOverMovesNothing) {
  ASSERT_THAT(Add({ChangeOf(kContact, 1)}), IsOk());
  const absl::Time later = now_ + absl::Minutes(1);
  ASSERT_THAT(mysql::TakeLease(session_, kSequencerLease, "you", later,
                               kSequencerLeaseTime),
              IsOk());
  EXPECT_THAT(SequencePage(session_, 1, "", later),
              StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_THAT(Read(), IsEmpty());
  EXPECT_THAT(SequencePage(session_, 2, "", later), IsOk());
  EXPECT_THAT(Read(), SizeIs(1));
}

TEST_F(ChangeLogTest, NobodyTakesTheLeaseFromOneWhoMoves) {
  mysql::Session holder(database_.options());
  ASSERT_THAT(holder.ExecuteText("BEGIN"), IsOk());
  ASSERT_TRUE(
      *mysql::KeepLease(holder, kSequencerLease, 1, now_, kSequencerLeaseTime));
  // Waits for the lock, until its statement's time is over.
  mysql::SessionOptions hasty = database_.options();
  hasty.statement_timeout = absl::Seconds(1);
  mysql::Session thief(hasty);
  EXPECT_FALSE(mysql::TakeLease(thief, kSequencerLease, "you",
                                now_ + absl::Minutes(1), kSequencerLeaseTime)
                   .ok());
  ASSERT_THAT(holder.ExecuteText("COMMIT"), IsOk());
}

TEST_F(ChangeLogTest, ThePositionsAreThoseOfWhatIsThere) {
  EXPECT_EQ(Newest(), FeedPosition());
  EXPECT_THAT(CheckPosition(session_, {}), IsOk());
  AddMany(3);
  Sequence();
  EXPECT_EQ(Newest(), At(3));
  EXPECT_THAT(CheckPosition(session_, {}), IsOk());
  EXPECT_THAT(CheckPosition(session_, At(3)), IsOk());
  EXPECT_THAT(CheckPosition(session_, At(4)),
              StatusIs(StatusCode::kOutOfRange));
}

TEST_F(ChangeLogTest, ANumberThatIsGivenAgainIsAnotherPosition) {
  AddMany(3);
  Sequence();
  const FeedPosition kept = At(1);
  const FeedPosition lost = At(2);
  database_.Execute("DELETE FROM changes WHERE seq > 1");
  EXPECT_THAT(ReadChanges(session_, lost), StatusIs(StatusCode::kOutOfRange));
  now_ += absl::Seconds(1);
  AddMany(3);
  Sequence();
  EXPECT_THAT(ReadChanges(session_, lost), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(CheckPosition(session_, lost), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(CheckPosition(session_, kept), IsOk());
  EXPECT_THAT(Read(kept), ElementsAre("2:1", "3:2", "4:3"));
}

TEST_F(ChangeLogTest, TheSweepTakesOldOnesAndLeavesTheNewest) {
  AddMany(600);
  Sequence(Sequence().last_id);
  EXPECT_EQ(*SweepChanges(session_, now_ + kChangeLifetime), 0);
  const absl::Time later = now_ + kChangeLifetime + absl::Microseconds(1);
  EXPECT_EQ(*SweepChanges(session_, later), 500);
  EXPECT_THAT(CheckPosition(session_, {}), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(CheckPosition(session_, At(500)),
              StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(CheckPosition(session_, At(501)), IsOk());
  EXPECT_EQ(*SweepChanges(session_, later), 99);
  EXPECT_EQ(*SweepChanges(session_, later), 0);
  const FeedPosition newest = At(600);
  EXPECT_THAT(ReadChanges(session_, At(599)),
              StatusIs(StatusCode::kOutOfRange));
  EXPECT_EQ(Newest(), newest);
  now_ = later;
  ASSERT_THAT(Add({ChangeOf(kContact, 601)}), IsOk());
  Sequence();
  EXPECT_THAT(Read(newest), ElementsAre("601:601"));
  EXPECT_EQ(*SweepChanges(session_, later), 1);
  EXPECT_EQ(*SweepChanges(session_, later), 0);
}

TEST_F(ChangeLogTest, WhatTheFeedKeepsIsCountedFromItsOldestChange) {
  auto kept = ReadChangesKept(session_);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->count, 0);
  EXPECT_EQ(kept->oldest, absl::UnixEpoch());
  const absl::Time first = now_;
  AddMany(600);
  EXPECT_GT(Sequence(Sequence().last_id).bytes, 100 * 40);
  now_ += kChangeLifetime;
  ASSERT_THAT(Add({ChangeOf(kContact, 601)}), IsOk());
  Sequence();
  kept = ReadChangesKept(session_);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->count, 601);
  EXPECT_EQ(kept->oldest, first);
  ASSERT_THAT(SweepChanges(session_, now_ + absl::Seconds(1)), IsOk());
  kept = ReadChangesKept(session_);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->count, 101);
}

TEST_F(ChangeLogTest, TheAgeOfTheOutboxIsThatOfItsFirstRow) {
  EXPECT_EQ(*OutboxAge(session_, now_), absl::ZeroDuration());
  AddMany(1);
  EXPECT_EQ(*OutboxAge(session_, now_ + absl::Seconds(9)), absl::Seconds(9));
  // A clock that is behind the writer's.
  EXPECT_GT(*OutboxAge(session_, now_ - absl::Seconds(9)),
            absl::ZeroDuration());
}

}  // namespace
}  // namespace kith::feed
