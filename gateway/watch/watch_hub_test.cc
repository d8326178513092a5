#include "gateway/watch/watch_hub.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

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
    hub_.Begin(Feed::kContacts, newest);
    hub_.Begin(Feed::kIdentity, newest);
    hub_.Begin(Feed::kInteractions, newest);
    number_ = newest;
  }

  // The next change of contacts-svc.
  void Tell(Change change) {
    TellIn(Feed::kContacts, ++number_, std::move(change));
  }
  void TellIn(Feed feed, int64_t number, Change change) {
    change.set_sequence(number);
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
  EXPECT_THAT(batch.positions, ElementsAre(103, 101, 100));
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
  const auto resumed = WatchFrom({100, 100, 100}, {"a"}, kDemo);
  EXPECT_THAT(Take(resumed).changes, IsEmpty());
}

TEST_F(WatchHubTest, WhatWasKeptIsToldToOneWhoComesBack) {
  Tell(Update("a"));
  Tell(Update("a"));
  Tell(Update("x"));
  const auto watcher = WatchFrom({101, 100, 100}, {"a"});
  Tell(Update("a"));
  const WatchHub::Batch batch = Take(watcher);
  EXPECT_THAT(Numbers(batch), ElementsAre(102, 104));
  EXPECT_FALSE(batch.reset);
}

TEST_F(WatchHubTest, WhatIsNotKeptAnyMoreResets) {
  for (int i = 0; i < 6; ++i) Tell(Update("x"));
  EXPECT_FALSE(Take(WatchFrom({101, 100, 100}, {"a"})).reset);
  const WatchHub::Batch batch = Take(WatchFrom({100, 100, 100}, {"a"}));
  EXPECT_TRUE(batch.reset);
  EXPECT_TRUE(batch.regroup);
  EXPECT_THAT(batch.positions, ElementsAre(106, 100, 100));
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
  EXPECT_THAT(batch.positions, ElementsAre(104, 100, 100));
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
  ASSERT_THAT(hub_.Regroup(*watcher, {"a", "b"}, batch.positions), IsOk());
  const WatchHub::Batch next = Take(watcher);
  EXPECT_THAT(Numbers(next), ::testing::UnorderedElementsAre(102, 103));
  EXPECT_TRUE(next.regroup);
  ASSERT_THAT(hub_.Regroup(*watcher, {"a", "b", "c"}, next.positions), IsOk());
  Tell(Update("c"));
  EXPECT_THAT(Numbers(Take(watcher)), ElementsAre(104));
}

TEST_F(WatchHubTest, WhoHasLeftTheGroupIsNotWatchedAnyMore) {
  const auto watcher = Watch({"a", "b"});
  ASSERT_THAT(hub_.Regroup(*watcher, {"a"}, *hub_.positions()), IsOk());
  Tell(Update("b"));
  EXPECT_THAT(Take(watcher).changes, IsEmpty());
}

TEST_F(WatchHubTest, AGapAndANewBeginningResetAll) {
  const auto watcher = Watch({"a"});
  TellIn(Feed::kContacts, 105, Update("x"));
  EXPECT_TRUE(Take(watcher).reset);
  EXPECT_EQ(wakes_, 1);
  hub_.Begin(Feed::kIdentity, 7);
  WatchHub::Batch batch = Take(watcher);
  EXPECT_TRUE(batch.reset);
  EXPECT_THAT(batch.positions, ElementsAre(105, 7, 100));
}

TEST_F(WatchHubTest, ARepeatIsPassedOver) {
  const auto watcher = Watch({"a"});
  Tell(Update("a"));
  TellIn(Feed::kContacts, 101, Update("a"));
  EXPECT_THAT(Numbers(Take(watcher)), ElementsAre(101));
}

TEST_F(WatchHubTest, OneWhoIsAheadIsNotToldAgainAndKeepsItsPlace) {
  const auto watcher = WatchFrom({102, 100, 100}, {"a"});
  EXPECT_THAT(Take(watcher).positions, ElementsAre(102, 100, 100));
  for (int i = 0; i < 3; ++i) Tell(Update("a"));
  EXPECT_THAT(Numbers(Take(watcher)), ElementsAre(103));
}

TEST_F(WatchHubTest, OneWhoIsAheadForGoodIsReset) {
  const auto watcher = WatchFrom({102, 100, 100}, {"a"});
  EXPECT_FALSE(Take(watcher).reset);
  WatchHub::Batch batch = hub_.Take(*watcher, /*settled=*/true);
  EXPECT_TRUE(batch.reset);
  EXPECT_THAT(batch.positions, ElementsAre(100, 100, 100));
  Tell(Update("a"));
  batch = Take(watcher);
  EXPECT_THAT(Numbers(batch), ElementsAre(101));
  EXPECT_THAT(batch.positions, ElementsAre(101, 100, 100));
}

TEST_F(WatchHubTest, WithoutAFeedNobodyKnowsWhereToBegin) {
  WatchHub hub{WatchHub::Limits()};
  hub.Begin(Feed::kContacts, 1);
  hub.Begin(Feed::kIdentity, 1);
  EXPECT_FALSE(hub.positions().has_value());
  hub.Begin(Feed::kInteractions, 0);
  EXPECT_THAT(*hub.positions(), ElementsAre(1, 1, 0));
}

TEST_F(WatchHubTest, TheMembersOfAllWatchedGroupsAreBounded) {
  const auto watcher = Watch({"a", "b", "c"});
  const auto refused =
      hub_.Add(kDemo, {"d", "e"}, *hub_.positions(), [] {}).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  hub_.Remove(*watcher);
  EXPECT_THAT(hub_.Add(kDemo, {"d", "e"}, *hub_.positions(), [] {}), IsOk());
}

}  // namespace
}  // namespace kith::gateway
