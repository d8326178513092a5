#include "gateway/flows/touch_rounds.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::ElementsAre;

// A touch of a batch in a few letters: values such as "v1" (VISITOR) and "e1"
// (EMAIL), or a contact id in capitals, and what it says besides.
struct BriefTouch {
  std::vector<std::string> values;
  std::string name = {};
  interactions::v1::Kind kind = interactions::v1::KIND_NOTE;
  std::string external_id = {};
  // Whom its browsers, or its contact id, mean.
  std::vector<std::string> visitors = {};
};

v1::BatchRecordTouchesRequest BatchOf(const std::vector<BriefTouch>& touches) {
  v1::BatchRecordTouchesRequest batch;
  for (const BriefTouch& touch : touches) {
    v1::RecordTouchRequest& added = *batch.add_touches();
    added.mutable_contact()->set_display_name(touch.name);
    added.mutable_interaction()->set_kind(touch.kind);
    added.mutable_interaction()->set_external_id(touch.external_id);
    for (const std::string& value : touch.values) {
      if (value[0] == 'A') {
        added.set_contact_id(value);
        continue;
      }
      identity::v1::ChannelValue& typed = *added.add_identities();
      typed.set_channel(absl::StrContains(value, "v")
                            ? identity::v1::CHANNEL_VISITOR
                            : identity::v1::CHANNEL_EMAIL);
      typed.set_value(value);
    }
  }
  return batch;
}

std::vector<int> RoundsOfTouches(const std::vector<BriefTouch>& touches) {
  VisitorsByTouch visitors;
  for (const BriefTouch& touch : touches) visitors.push_back(touch.visitors);
  return RoundsOf(BatchOf(touches), visitors);
}

constexpr auto kPurchase = interactions::v1::KIND_PURCHASE;
constexpr auto kNote = interactions::v1::KIND_NOTE;

TEST(TouchRoundsTest, ABrowserWaitsForWhoIsIdentifiedByIt) {
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"}, {{"v1", "e1"}}}),
              ElementsAre(0, 1));
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "", kPurchase}, {{"e1", "v1"}}}),
              ElementsAre(0, 1));
  auto staged = BatchOf({{{"v1"}}, {{"v1", "e1"}}});
  staged.mutable_touches(0)->mutable_contact()->set_stage(
      contacts::v1::STAGE_QUALIFIED);
  EXPECT_THAT(RoundsOf(staged, {}), ElementsAre(0, 1));
}

TEST(TouchRoundsTest, ABrowserWaitsWhateverStandsBesideTheOneIdentified) {
  // "e1" may be refused, or somebody else's.
  EXPECT_THAT(RoundsOfTouches({{{"v1", "e1"}, "Ada"}, {{"e2", "v1"}}}),
              ElementsAre(0, 1));
  EXPECT_THAT(RoundsOfTouches({{{"e1", "v1"}, "", kPurchase}, {{"e2", "v1"}}}),
              ElementsAre(0, 1));
  // In another order, another value may decide.
  EXPECT_THAT(RoundsOfTouches({{{"v1", "e1"}, "Ada"}, {{"e1", "v1"}}}),
              ElementsAre(0, 1));
}

TEST(TouchRoundsTest, TheOrdersOfOneCustomerAreOneRound) {
  EXPECT_THAT(RoundsOfTouches({{{"e1", "v1"}, "Ada", kPurchase, "order-1"},
                               {{"e1", "v1"}, "Ada", kPurchase, "order-2"},
                               {{"e1", "v1"}, "Ada", kPurchase, "order-3"}}),
              ElementsAre(0, 0, 0));
}

TEST(TouchRoundsTest, ABrowserIsTheSameInEverySpelling) {
  for (const char* spelled : {" v1 ", "\tv1", "\u00a0v1", "v1\u200b"}) {
    EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"}, {{spelled, "e1"}}}),
                ElementsAre(0, 1))
        << spelled;
  }
}

TEST(TouchRoundsTest, BrowsersOfOneVisitorWaitForEachOther) {
  // As one touch of the batch names both, or one visitor holds both.
  EXPECT_THAT(
      RoundsOfTouches({{{"v1", "v2"}}, {{"v1"}, "Ada"}, {{"v2", "e1"}}}),
      ElementsAre(0, 0, 1));
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada", kNote, "", {"A1"}},
                               {{"v2", "e1"}, "", kNote, "", {"A1"}}}),
              ElementsAre(0, 1));
  // The first may merge the visitor into somebody known.
  EXPECT_THAT(RoundsOfTouches({{{"e1", "v1"}, "", kNote, "", {"A1"}},
                               {{"v2", "e2"}, "", kNote, "", {"A1"}}}),
              ElementsAre(0, 1));
}

TEST(TouchRoundsTest, NothingElseWaits) {
  // Nobody is identified but by a value; or by another browser.
  EXPECT_THAT(RoundsOfTouches({{{"v1"}}, {{"v1", "e1"}}, {{"v1", "e2"}}}),
              ElementsAre(0, 0, 0));
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"}, {{"v2", "e1"}}}),
              ElementsAre(0, 0));
  // Browsers alone, or none; or the other way round.
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"}, {{"v1"}, "Bea"}, {{"e1"}}}),
              ElementsAre(0, 0, 0));
  EXPECT_THAT(RoundsOfTouches({{{"v1", "e1"}}, {{"v1"}, "Ada"}}),
              ElementsAre(0, 0));
}

TEST(TouchRoundsTest, FiftyVisitorsAreOneRound) {
  std::vector<BriefTouch> touches;
  for (int i = 0; i < 50; ++i) {
    const std::string browser = absl::StrCat("v", i);
    touches.push_back({{browser}, i % 2 == 0 ? "Ada" : ""});
    touches.push_back({{absl::StrCat("e", i), absl::StrCat("v-", i)}});
  }
  const std::vector<int> rounds = RoundsOfTouches(touches);
  EXPECT_EQ(rounds.back(), 0);
}

TEST(TouchRoundsTest, APurchaseOfAContactMayBeTheVisitors) {
  EXPECT_THAT(RoundsOfTouches({{{"A1"}, "", kPurchase, "", {"A1"}},
                               {{"v1", "e1"}, "", kNote, "", {"A1"}},
                               {{"A1"}, "", kNote, "", {"A1"}}}),
              ElementsAre(0, 1, 1));
  EXPECT_THAT(RoundsOfTouches({{{"A1"}, "", kNote, "", {"A1"}},
                               {{"v1", "e1"}, "", kNote, "", {"A1"}}}),
              ElementsAre(0, 0));
}

TEST(TouchRoundsTest, TouchesStayInTheirOrderHoweverTheyAreSpelled) {
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"},
                               {{"v1", "e1"}},
                               {{"X <e1>"}},
                               {{"v2"}, "Bea"},
                               {{"v2", "e2"}},
                               {{"v1"}, "Ada"},
                               {{"v1", "e3"}}}),
              ElementsAre(0, 1, 1, 1, 2, 2, 3));
}

TEST(TouchRoundsTest, AnotherTouchOfAnExternalIdWaits) {
  EXPECT_THAT(RoundsOfTouches({{{"e1"}, "", kNote, "order-1"},
                               {{"e2"}, "", kNote, "order-1"},
                               {{"e2"}, "", kNote, "order-2"}}),
              ElementsAre(0, 1, 1));
  EXPECT_THAT(RoundsOfTouches({{{"e1"}, "", kNote, "order-1"},
                               {{"e1"}, "Ada", kNote, "order-1"}}),
              ElementsAre(0, 1));
  auto other = BatchOf({{{"e1"}, "", kNote, "order-1"},
                        {{"e1"}, "", kNote, "order-1"},
                        {{"e1"}, "", kNote, "order-1"}});
  other.mutable_touches(1)->mutable_interaction()->set_subject("other");
  other.mutable_touches(2)->mutable_interaction()->set_subject("corrected");
  other.mutable_touches(2)->mutable_interaction()->set_source_revision(1);
  EXPECT_THAT(RoundsOf(other, {}), ElementsAre(0, 1, 1));
  // The states of one call write the same.
  EXPECT_THAT(RoundsOfTouches({{{"e1"}, "", kNote, "call-1"},
                               {{"e1"}, "", kNote, "call-1"}}),
              ElementsAre(0, 0));
}

TEST(TouchRoundsTest, VisitorsAreAskedForIfATouchMayWaitForThem) {
  EXPECT_TRUE(DependsOnVisitors(BatchOf({{{"v1"}}, {{"v2", "e1"}}})));
  EXPECT_TRUE(
      DependsOnVisitors(BatchOf({{{"A1"}, "", kPurchase}, {{"v2", "e1"}}})));
  EXPECT_FALSE(DependsOnVisitors(BatchOf({{{"v2", "e1"}}, {{"v1"}}})));
  EXPECT_FALSE(DependsOnVisitors(BatchOf({{{"e1"}}, {{"v2", "e1"}}})));
}

}  // namespace
}  // namespace kith::gateway
