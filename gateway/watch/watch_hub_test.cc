#include "gateway/watch/watch_hub.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using changes::v1::Change;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr uint64_t kDemo = 1;
constexpr uint64_t kOther = 2;

Change Update(const std::string& contact, uint64_t tenant = kDemo) {
  Change change;
  change.set_tenant_id(tenant);
  change.set_owner(contact);
  change.mutable_contact_updated();
  return change;
}

Change Linked(const std::string& contact) {
  Change change = Update("key-of-a-value");
  change.mutable_identity_linked()->set_contact_id(contact);
  return change;
}

Change Merged(const std::string& survivor, const std::string& absorbed) {
  Change change = Update(survivor);
  changes::v1::Edge& edge = *change.mutable_contacts_merged()->add_edges();
  edge.set_survivor_id(survivor);
  edge.set_absorbed_id(absorbed);
  return change;
}

Change Unmerged(const std::string& survivor, const std::string& absorbed) {
  Change change = Update("somebody-else");
  changes::v1::Edge& edge = *change.mutable_contacts_unmerged()->add_edges();
  edge.set_survivor_id(survivor);
  edge.set_absorbed_id(absorbed);
  return change;
}

// When the change of this number is made, and enters its feed.
int64_t MicrosOf(int64_t number) { return 60'000'000 * number; }

// The position behind the change of this number, as the tests make it.
api::FeedPosition At(int64_t number) {
  return {.sequence = number, .sequence_micros = MicrosOf(number)};
}

FeedPositions At(int64_t contacts, int64_t identity, int64_t interactions) {
  return {At(contacts), At(identity), At(interactions)};
}

std::vector<int64_t> Numbers(const WatchHub::Batch& batch) {
  std::vector<int64_t> numbers;
  for (const SharedChange& change : batch.changes) {
    numbers.push_back(change->sequence());
  }
  return numbers;
}

class WatchHubTest : public ::testing::Test {
 protected:
  static WatchHub::Limits Small() {
    WatchHub::Limits limits;
    limits.kept = 5;
    limits.pending = 3;
    limits.members = 4;
    return limits;
  }

  void SetUp() override { BeginAll(100); }

  void BeginAll(int64_t newest) {
    hub_.Begin(Feed::kContacts, At(newest));
    hub_.Begin(Feed::kIdentity, At(newest));
    hub_.Begin(Feed::kInteractions, At(newest));
    number_ = newest;
  }

  // The next change of contacts-svc.
  void Tell(Change change) {
    TellIn(Feed::kContacts, ++number_, std::move(change));
  }
  // The next change of contacts-svc, which was made at the time of the first.
  void TellLate(Change change) {
    *change.mutable_time() = base::ToProto(MicrosOf(101));
    Tell(std::move(change));
  }
  void TellIn(Feed feed, int64_t number, Change change) {
    change.set_sequence(number);
    *change.mutable_sequence_time() = base::ToProto(MicrosOf(number));
    if (!change.has_time()) *change.mutable_time() = change.sequence_time();
    hub_.Append(feed, {std::make_shared<const Change>(std::move(change))});
  }

  std::shared_ptr<WatchHub::Watcher> Watch(
      const std::vector<std::string>& members, uint64_t tenant = kDemo) {
    return WatchFrom(*hub_.positions(), members, tenant);
  }
  std::shared_ptr<WatchHub::Watcher> WatchFrom(
      const FeedPositions& from, const std::vector<std::string>& members,
      uint64_t tenant = kDemo) {
    return *hub_.Add(tenant, members, from, [this] { ++wakes_; });
  }

  WatchHub::Batch Take(const std::shared_ptr<WatchHub::Watcher>& watcher) {
    return hub_.Take(*watcher, /*settled=*/false);
  }

  // The members are read again, and are these. Returns the batch to pass on.
  WatchHub::Batch Regroup(const std::shared_ptr<WatchHub::Watcher>& watcher,
                          const std::vector<std::string>& members,
                          WatchHub::Batch batch) {
    EXPECT_THAT(hub_.Regroup(*watcher, members, batch), IsOk());
    return batch;
  }

  // Whether one who comes back from there is reset.
  bool IsReset(const FeedPositions& from) {
    const auto watcher = WatchFrom(from, {"a"});
    const bool reset = Take(watcher).reset;
    hub_.Remove(*watcher);
    return reset;
  }

  WatchHub hub_{Small()};
  int64_t number_ = 0;
  int wakes_ = 0;
};

TEST_F(WatchHubTest, AMemberIsToldWhatIsItsOwnAndNothingElse) {
  const auto watcher = Watch({"a", "b"});
  Tell(Update("a"));
  Tell(Update("x"));
  Tell(Update("b"));
  TellIn(Feed::kIdentity, 101, Linked("b"));
  EXPECT_EQ(wakes_, 1);
  const WatchHub::Batch batch = Take(watcher);
  EXPECT_THAT(Numbers(batch), ElementsAre(101, 103, 101));
  EXPECT_FALSE(batch.reset);
  EXPECT_FALSE(batch.regroup);
  EXPECT_EQ(batch.positions, At(103, 101, 100));
  EXPECT_THAT(Take(watcher).changes, IsEmpty());
  Tell(Update("a"));
  EXPECT_EQ(wakes_, 2);
}

TEST_F(WatchHubTest, AnotherTenantsChangesAreNeverTold) {
  const auto mine = Watch({"a"}, kDemo);
  const auto theirs = Watch({"a"}, kOther);
  Tell(Update("a", kOther));
  EXPECT_THAT(Take(mine).changes, IsEmpty());
  EXPECT_THAT(Numbers(Take(theirs)), ElementsAre(101));
  const auto resumed = WatchFrom(At(100, 100, 100), {"a"}, kDemo);
  EXPECT_THAT(Take(resumed).changes, IsEmpty());
}

TEST_F(WatchHubTest, WhatWasKeptIsToldToOneWhoComesBack) {
  Tell(Update("a"));
  Tell(Update("a"));
  Tell(Update("x"));
  const auto watcher = WatchFrom(At(101, 100, 100), {"a"});
  Tell(Update("a"));
  const WatchHub::Batch batch = Take(watcher);
  EXPECT_THAT(Numbers(batch), ElementsAre(102, 104));
  EXPECT_FALSE(batch.reset);
}

TEST_F(WatchHubTest, WhatIsNotKeptAnyMoreResets) {
  for (int i = 0; i < 6; ++i) Tell(Update("x"));
  EXPECT_FALSE(Take(WatchFrom(At(101, 100, 100), {"a"})).reset);
  const WatchHub::Batch batch = Take(WatchFrom(At(100, 100, 100), {"a"}));
  EXPECT_TRUE(batch.reset);
  EXPECT_TRUE(batch.regroup);
  EXPECT_EQ(batch.positions, At(106, 100, 100));
}

TEST_F(WatchHubTest, ASlowWatcherIsResetAndAnotherIsNot) {
  const auto slow = Watch({"a"});
  const auto quick = Watch({"a"});
  for (int i = 0; i < 4; ++i) {
    Tell(Update("a"));
    EXPECT_THAT(Take(quick).changes, ::testing::SizeIs(1));
  }
  const WatchHub::Batch batch = Take(slow);
  EXPECT_TRUE(batch.reset);
  EXPECT_THAT(batch.changes, IsEmpty());
  EXPECT_EQ(batch.positions, At(104, 100, 100));
  Tell(Update("a"));
  EXPECT_THAT(Numbers(Take(slow)), ElementsAre(105));
}

TEST_F(WatchHubTest, AMergeIsToldOnceAndAsksForTheMembers) {
  const auto watcher = Watch({"a", "b"});
  Tell(Merged("a", "b"));
  Tell(Unmerged("b", "c"));
  WatchHub::Batch batch = Take(watcher);
  EXPECT_THAT(Numbers(batch), ElementsAre(101, 102));
  EXPECT_TRUE(batch.regroup);
  EXPECT_FALSE(Take(watcher).regroup);
}

TEST_F(WatchHubTest, NothingFallsBetweenReadingMembersAndWatchingThem) {
  const auto watcher = Watch({"a"});
  Tell(Merged("a", "b"));
  const WatchHub::Batch batch = Take(watcher);
  // While the members are read: of one who is new, the next merge, and of one
  // whom it knows, which must not be told twice.
  Tell(Merged("b", "c"));
  Tell(Update("a"));
  EXPECT_THAT(Numbers(Regroup(watcher, {"a", "b"}, batch)), ElementsAre(101));
  const WatchHub::Batch next = Take(watcher);
  EXPECT_THAT(Numbers(next), ::testing::UnorderedElementsAre(102, 103));
  EXPECT_TRUE(next.regroup);
  EXPECT_THAT(Numbers(Regroup(watcher, {"a", "b", "c"}, next)),
              ::testing::UnorderedElementsAre(102, 103));
  Tell(Update("c"));
  EXPECT_THAT(Numbers(Take(watcher)), ElementsAre(104));
}

TEST_F(WatchHubTest, WhoHasLeftTheGroupIsNotWatchedAnyMore) {
  const auto watcher = Watch({"a", "b"});
  Tell(Unmerged("a", "b"));
  Regroup(watcher, {"a"}, Take(watcher));
  Tell(Update("b"));
  EXPECT_THAT(Take(watcher).changes, IsEmpty());
}

TEST_F(WatchHubTest, AGapAndANewBeginningResetAll) {
  const auto watcher = Watch({"a"});
  TellIn(Feed::kContacts, 105, Update("x"));
  EXPECT_TRUE(Take(watcher).reset);
  EXPECT_EQ(wakes_, 1);
  hub_.Begin(Feed::kIdentity, At(7));
  WatchHub::Batch batch = Take(watcher);
  EXPECT_TRUE(batch.reset);
  EXPECT_EQ(batch.positions, At(105, 7, 100));
}

TEST_F(WatchHubTest, ARepeatIsPassedOver) {
  const auto watcher = Watch({"a"});
  Tell(Update("a"));
  TellIn(Feed::kContacts, 101, Update("a"));
  EXPECT_THAT(Numbers(Take(watcher)), ElementsAre(101));
}

TEST_F(WatchHubTest, OneWhoIsAheadIsNotToldAgainAndKeepsItsPlace) {
  const auto watcher = WatchFrom(At(102, 100, 100), {"a"});
  EXPECT_EQ(Take(watcher).positions, At(102, 100, 100));
  for (int i = 0; i < 3; ++i) Tell(Update("a"));
  EXPECT_THAT(Numbers(Take(watcher)), ElementsAre(103));
}

TEST_F(WatchHubTest, OneWhoIsAheadForGoodIsReset) {
  const auto watcher = WatchFrom(At(102, 100, 100), {"a"});
  EXPECT_FALSE(Take(watcher).reset);
  WatchHub::Batch batch = hub_.Take(*watcher, /*settled=*/true);
  EXPECT_TRUE(batch.reset);
  EXPECT_EQ(batch.positions, At(100, 100, 100));
  Tell(Update("a"));
  batch = Take(watcher);
  EXPECT_THAT(Numbers(batch), ElementsAre(101));
  EXPECT_EQ(batch.positions, At(101, 100, 100));
}

// A restored database gives numbers again, at another time.
TEST_F(WatchHubTest, APositionOfAFeedThatWasSetBackIsReset) {
  for (int i = 0; i < 3; ++i) Tell(Update("x"));
  // Where the hub began, in between, and the newest.
  for (const int64_t number : {100, 102, 103}) {
    FeedPositions from = At(number, 100, 100);
    EXPECT_FALSE(IsReset(from)) << number;
    from[0].sequence_micros += 1;
    EXPECT_TRUE(IsReset(from)) << number;
  }
}

TEST_F(WatchHubTest, OneWhoIsAheadInAFeedThatWasSetBackIsResetOnceItIsReached) {
  FeedPositions from = At(102, 100, 100);
  from[0].sequence_micros += 1;
  const auto ahead = WatchFrom(from, {"a"});
  EXPECT_FALSE(Take(ahead).reset);
  for (int i = 0; i < 3; ++i) Tell(Update("a"));
  const WatchHub::Batch batch = Take(ahead);
  EXPECT_TRUE(batch.reset);
  EXPECT_EQ(batch.positions, At(103, 100, 100));
  Tell(Update("a"));
  EXPECT_THAT(Numbers(Take(ahead)), ElementsAre(104));
}

TEST_F(WatchHubTest, WithoutAFeedNobodyKnowsWhereToBegin) {
  WatchHub hub{WatchHub::Limits()};
  hub.Begin(Feed::kContacts, At(1));
  hub.Begin(Feed::kIdentity, At(1));
  EXPECT_FALSE(hub.positions().has_value());
  hub.Begin(Feed::kInteractions, {});
  EXPECT_EQ(*hub.positions(), At(1, 1, 0));
}

TEST_F(WatchHubTest, TheMembersOfAllWatchedGroupsAreBounded) {
  const auto watcher = Watch({"a", "b", "c"});
  const auto refused =
      hub_.Add(kDemo, {"d", "e"}, *hub_.positions(), [] {}).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  hub_.Remove(*watcher);
  EXPECT_THAT(hub_.Add(kDemo, {"d", "e"}, *hub_.positions(), [] {}), IsOk());
}

// Changes of "a", which "b" was merged into, as their feed, or their place in
// it, may be ahead of the merge. The one who watches "b" is told each.
class WatchMergeTest : public WatchHubTest {
 protected:
  void TellInteraction(int64_t number) {
    TellIn(Feed::kInteractions, number, Update("a"));
  }
  // The batch with the merge, passed on once "a" and "b" are the members.
  WatchHub::Batch PassOn(const std::shared_ptr<WatchHub::Watcher>& watcher) {
    WatchHub::Batch batch = Take(watcher);
    EXPECT_TRUE(batch.regroup);
    return Regroup(watcher, {"a", "b"}, std::move(batch));
  }
};

TEST_F(WatchMergeTest, ChangesOfAnotherFeedThatComeBeforeTheMergeAreTold) {
  const auto watcher = Watch({"b"});
  TellInteraction(101);
  TellIn(Feed::kIdentity, 101, Linked("a"));
  Tell(Merged("a", "b"));
  const WatchHub::Batch batch = PassOn(watcher);
  EXPECT_THAT(Numbers(batch), ElementsAre(101, 101, 101));
  EXPECT_FALSE(batch.reset);
  EXPECT_EQ(batch.positions, At(101, 101, 101));
  EXPECT_THAT(Take(watcher).changes, IsEmpty());
}

TEST_F(WatchMergeTest, ChangesBetweenTheMergeAndItsReadingAreTold) {
  const auto watcher = Watch({"b"});
  Tell(Merged("a", "b"));
  Tell(Update("a"));
  TellInteraction(101);
  EXPECT_EQ(wakes_, 1);
  const WatchHub::Batch batch = PassOn(watcher);
  EXPECT_EQ(batch.changes.size(), 3);
  EXPECT_EQ(batch.positions, At(102, 100, 101));
}

TEST_F(WatchMergeTest, ChangesWhileTheMembersAreReadComeWithTheNextBatch) {
  const auto watcher = Watch({"b"});
  Tell(Merged("a", "b"));
  WatchHub::Batch batch = Take(watcher);
  Tell(Update("a"));
  TellInteraction(101);
  batch = Regroup(watcher, {"a", "b"}, std::move(batch));
  EXPECT_THAT(Numbers(batch), ElementsAre(101));
  EXPECT_EQ(batch.positions, At(101, 100, 100));
  EXPECT_THAT(Numbers(Take(watcher)), ElementsAre(102, 101));
}

TEST_F(WatchMergeTest, ChangesThatOvertakeTheMergeInItsFeedAreTold) {
  const auto watcher = Watch({"b"});
  // Made last, and first in the feed.
  Tell(Update("a"));
  TellLate(Merged("a", "b"));
  EXPECT_THAT(Numbers(PassOn(watcher)), ElementsAre(102, 101));
}

TEST_F(WatchMergeTest, AMergeThatIsToldLateLooksBackAsFar) {
  const auto watcher = Watch({"b"});
  for (const int64_t number : {101, 102}) TellInteraction(number);
  for (int i = 0; i < 4; ++i) Tell(Update("x"));
  TellLate(Merged("a", "b"));
  EXPECT_THAT(Numbers(PassOn(watcher)), ElementsAre(105, 101, 102));
}

TEST_F(WatchMergeTest, ChangesFromBeforeTheMergeAreNotTold) {
  const auto watcher = Watch({"b"});
  TellInteraction(101);
  Tell(Update("a"));
  Tell(Merged("a", "b"));
  EXPECT_THAT(Numbers(PassOn(watcher)), ElementsAre(102));
}

TEST_F(WatchMergeTest, ChangesThatWereToldAreNotToldAgain) {
  const auto watcher = Watch({"b"});
  TellIn(Feed::kIdentity, 101, Linked("b"));
  EXPECT_EQ(Take(watcher).changes.size(), 1);
  TellInteraction(101);
  Tell(Merged("a", "b"));
  EXPECT_THAT(Numbers(PassOn(watcher)), ElementsAre(101, 101));
  // Of the next merge, at about the same time.
  TellLate(Merged("b", "c"));
  EXPECT_THAT(Numbers(PassOn(watcher)), ElementsAre(102));
}

TEST_F(WatchMergeTest, ChangesSinceTheMergeThatAreNotKeptReset) {
  const auto watcher = Watch({"b"});
  // Its beginning is found in the feeds.
  EXPECT_FALSE(Take(watcher).reset);
  TellInteraction(101);
  for (int64_t number = 102; number <= 106; ++number) {
    TellIn(Feed::kInteractions, number, Update("x"));
  }
  Tell(Merged("a", "b"));
  EXPECT_TRUE(PassOn(watcher).reset);
  EXPECT_FALSE(Take(watcher).reset);
}

TEST_F(WatchMergeTest, TooManyChangesSinceTheMergeReset) {
  const auto watcher = Watch({"b"});
  for (int64_t number = 101; number <= 103; ++number) TellInteraction(number);
  Tell(Merged("a", "b"));
  EXPECT_TRUE(PassOn(watcher).reset);
}

TEST_F(WatchMergeTest, OneWhoComesBackBeforeTheMergeIsToldWhatItsTokenPassed) {
  const auto watcher = Watch({"b"});
  TellInteraction(101);
  Tell(Update("b"));
  const FeedPositions token = Take(watcher).positions;
  hub_.Remove(*watcher);
  // The members are read when the merge is made, and not yet in the feed.
  const auto again = WatchFrom(token, {"a", "b"});
  EXPECT_THAT(Take(again).changes, IsEmpty());
  TellLate(Merged("a", "b"));
  EXPECT_THAT(Numbers(PassOn(again)), ElementsAre(102, 101, 101));
}

TEST_F(WatchMergeTest, MembersThatWereReadBeforeTheirMergeCameAreToldSince) {
  const auto watcher = Watch({"b"});
  TellIn(Feed::kInteractions, 101, Update("c"));
  Tell(Update("x"));
  // Upon which the group is read, and "c" is in it already.
  Tell(Merged("a", "b"));
  EXPECT_THAT(Numbers(Regroup(watcher, {"a", "b", "c"}, Take(watcher))),
              ElementsAre(102));
  TellLate(Merged("a", "c"));
  EXPECT_THAT(Numbers(Regroup(watcher, {"a", "b", "c"}, Take(watcher))),
              ElementsAre(103, 101));
}

TEST_F(WatchMergeTest, OneWhoIsAheadOfAFeedIsResetByAMerge) {
  // Of the interactions it was told elsewhere what comes here later.
  const auto watcher = WatchFrom(At(100, 100, 102), {"b"});
  Tell(Merged("a", "b"));
  EXPECT_TRUE(PassOn(watcher).reset);
}

}  // namespace
}  // namespace kith::gateway
