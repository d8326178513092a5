#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/holding_plan.h"
#include "identity-svc/sharing/sharing.h"

namespace kith::identity {
namespace {

using absl::StatusCode;
using base::Uuid;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kSharingNow = 1'000;

Uuid Sharer(char last) {
  std::string bytes(16, 's');
  bytes.back() = last;
  return Uuid::FromBytes(bytes);
}

Holding HeldBy(char contact, int64_t start,
               std::optional<int64_t> end = std::nullopt) {
  return {.contact_id = Sharer(contact),
          .start_micros = start,
          .end_micros = end,
          .assurance = config::v1::ASSURANCE_REPORTED,
          .source = "shop"};
}

// The house stands in for these from 500 on.
Holding SharedBy(const std::string& contacts) {
  Holding holding = HeldBy('h', 500);
  std::vector<Uuid> ids;
  for (const char contact : contacts) ids.push_back(Sharer(contact));
  AddSharers(ids, 500, *holding.details.mutable_sharing());
  return holding;
}

HoldingSharing SharingWith(const std::string& contacts, char stand_in = 'h') {
  HoldingSharing sharing;
  for (const char contact : contacts) {
    sharing.contact_ids.push_back(Sharer(contact));
  }
  sharing.stand_in_id = Sharer(stand_in);
  sharing.now_micros = kSharingNow;
  sharing.assurance = config::v1::ASSURANCE_REPORTED;
  sharing.source = "desk";
  sharing.reason = "one household";
  return sharing;
}

// The last letters of the contacts.
std::string Letters(const std::vector<Uuid>& contacts) {
  std::string letters;
  for (const Uuid& contact : contacts) letters += contact.bytes().back();
  return letters;
}

struct ShareCase {
  const char* name = "";
  Holdings holdings;
  std::string contacts;
  // Where the holding before ends; nullopt if none does.
  std::optional<int64_t> ended;
  int64_t start = 0;
  std::string sharers;
  std::string added;
};

TEST(SharingPlanTest, AStandInFollowsTheHolderWhoSharesTheValueThen) {
  const std::vector<ShareCase> cases = {
      {"new", {}, "ab", {}, kFromEver, "ab", "ab"},
      {"held", {HeldBy('c', kFromEver)}, "ab", 1'000, 1'000, "cab", "cab"},
      {"held by one of them",
       {HeldBy('a', kFromEver)},
       "ab",
       1'000,
       1'000,
       "ab",
       "ab"},
      {"begun now", {HeldBy('c', 1'000)}, "a", 1'001, 1'001, "ca", "ca"},
      {"begun ahead", {HeldBy('c', 3'000)}, "a", 3'001, 3'001, "ca", "ca"},
      {"ended", {HeldBy('c', 0, 700)}, "ab", {}, 1'000, "ab", "ab"},
      {"ended ahead", {HeldBy('c', 0, 2'000)}, "a", {}, 2'000, "a", "a"},
      {"shared", {SharedBy("ab")}, "bc", {}, 500, "abc", "c"},
      {"all of them do", {SharedBy("ab")}, "ba", {}, 500, "ab", ""},
  };
  for (const ShareCase& each : cases) {
    const auto plan = PlanShare(each.holdings, SharingWith(each.contacts));
    ASSERT_THAT(plan, IsOk()) << each.name;
    EXPECT_EQ(plan->ended.has_value(), each.ended.has_value()) << each.name;
    if (plan->ended.has_value()) {
      EXPECT_EQ(plan->ended->end_micros, each.ended) << each.name;
      EXPECT_EQ(plan->ended->details.end().cause(),
                internal::v1::HOLDING_END_CAUSE_SHARED);
      EXPECT_EQ(plan->ended->details.end().reason(), "one household");
    }
    EXPECT_EQ(plan->shared.contact_id, Sharer('h')) << each.name;
    EXPECT_EQ(plan->shared.start_micros, each.start) << each.name;
    const internal::v1::Sharing& sharing = plan->shared.details.sharing();
    EXPECT_EQ(Letters(SharersOf(sharing)), each.sharers) << each.name;
    EXPECT_EQ(Letters(plan->added), each.added) << each.name;
    EXPECT_EQ(plan->begins, each.start != 500) << each.name;
  }
}

TEST(SharingPlanTest, AStandInThatIsThereStays) {
  const auto plan = PlanShare({SharedBy("ab")}, SharingWith("c", 'o'));
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->shared.contact_id, Sharer('h'));
  EXPECT_EQ(
      FindSharer(plan->shared.details.sharing(), Sharer('c'))->start_micros(),
      kSharingNow);
}

TEST(SharingPlanTest, RefusesTooManyAndTheStandInItself) {
  const std::string most = "abcdefgijklmnopqrstu";
  ASSERT_THAT(most, SizeIs(kMaxSharers));
  EXPECT_THAT(PlanShare({}, SharingWith(most)), IsOk());
  EXPECT_THAT(PlanShare({HeldBy('v', 0)}, SharingWith(most)),
              StatusIs(StatusCode::kFailedPrecondition, "21 contacts"));
  EXPECT_THAT(PlanShare({SharedBy(most)}, SharingWith("v")),
              StatusIs(StatusCode::kFailedPrecondition, "at most 20"));
  EXPECT_THAT(PlanShare({HeldBy('h', 0)}, SharingWith("a")),
              StatusIs(StatusCode::kFailedPrecondition, "the stand-in"));
  EXPECT_THAT(PlanShare({SharedBy("ab")}, SharingWith("h", 'o')),
              StatusIs(StatusCode::kFailedPrecondition, "the stand-in"));
}

HoldingUnsharing UnsharingOf(const std::string& keeper,
                             const std::string& removed) {
  HoldingUnsharing unsharing;
  if (!keeper.empty()) unsharing.keeper = Sharer(keeper[0]);
  for (const char contact : removed) unsharing.removed.insert(Sharer(contact));
  unsharing.now_micros = kSharingNow;
  unsharing.assurance = config::v1::ASSURANCE_REPORTED;
  unsharing.source = "desk";
  return unsharing;
}

TEST(SharingPlanTest, TheKeeperFollowsTheStandIn) {
  const auto plan = PlanUnshare({SharedBy("ab")}, UnsharingOf("b", ""));
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->shared.end_micros, kSharingNow);
  // Who shared it until the end is still known.
  EXPECT_EQ(Letters(SharersOf(plan->shared.details.sharing())), "ab");
  EXPECT_THAT(plan->removed, IsEmpty());
  ASSERT_TRUE(plan->begun.has_value());
  EXPECT_EQ(plan->begun->contact_id, Sharer('b'));
  EXPECT_EQ(plan->begun->start_micros, kSharingNow);
  EXPECT_FALSE(IsShared(*plan->begun));
}

TEST(SharingPlanTest, TheSharingEndsWithTheLastWhoSharesTheValue) {
  const auto some = PlanUnshare({SharedBy("abc")}, UnsharingOf("", "cax"));
  ASSERT_THAT(some, IsOk());
  EXPECT_THAT(some->removed, ElementsAre(Sharer('a'), Sharer('c')));
  EXPECT_FALSE(some->shared.end_micros.has_value());
  EXPECT_EQ(Letters(SharersOf(some->shared.details.sharing())), "b");
  const auto all = PlanUnshare({some->shared}, UnsharingOf("", "b"));
  ASSERT_THAT(all, IsOk());
  EXPECT_THAT(all->removed, IsEmpty());
  EXPECT_EQ(all->shared.end_micros, kSharingNow);
  EXPECT_FALSE(all->begun.has_value());
}

TEST(SharingPlanTest, RefusesWhatIsNotShared) {
  for (const Holdings& holdings :
       {Holdings{}, Holdings{HeldBy('a', 0)}, Holdings{HeldBy('a', 0, 700)}}) {
    EXPECT_THAT(PlanUnshare(holdings, UnsharingOf("a", "")),
                StatusIs(StatusCode::kNotFound, "not shared"));
  }
  EXPECT_THAT(PlanUnshare({SharedBy("ab")}, UnsharingOf("", "c")),
              StatusIs(StatusCode::kNotFound, "does not share"));
  EXPECT_THAT(PlanUnshare({SharedBy("ab")}, UnsharingOf("h", "")),
              StatusIs(StatusCode::kInvalidArgument, "the stand-in"));
}

}  // namespace
}  // namespace kith::identity
