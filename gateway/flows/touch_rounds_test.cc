#include "gateway/flows/touch_rounds.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::ElementsAre;

// A touch of a batch in a few letters: values such as "v1" (VISITOR) and "e1"
// (EMAIL), or a contact id in capitals, and what it says besides.
struct BriefTouch {
  std::vector<std::string> values;
  std::string name = "";
  interactions::v1::Kind kind = interactions::v1::KIND_NOTE;
};

std::vector<int> RoundsOfTouches(const std::vector<BriefTouch>& touches) {
  v1::BatchRecordTouchesRequest batch;
  for (const BriefTouch& touch : touches) {
    v1::RecordTouchRequest& added = *batch.add_touches();
    added.mutable_contact()->set_display_name(touch.name);
    added.mutable_interaction()->set_kind(touch.kind);
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
  return RoundsOf(batch);
}

constexpr auto kPurchase = interactions::v1::KIND_PURCHASE;

TEST(TouchRoundsTest, ABrowserWaitsForWhoIsIdentifiedByIt) {
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"}, {{"v1", "e1"}}}),
              ElementsAre(0, 1));
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "", kPurchase}, {{"e1", "v1"}}}),
              ElementsAre(0, 1));
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"}, {{" v1 ", "e1"}}}),
              ElementsAre(0, 1));
  v1::BatchRecordTouchesRequest staged;
  for (int i = 0; i < 2; ++i) {
    auto& browser = *staged.add_touches()->add_identities();
    browser.set_channel(identity::v1::CHANNEL_VISITOR);
    browser.set_value("v1");
  }
  staged.mutable_touches(0)->mutable_contact()->set_stage(
      contacts::v1::STAGE_QUALIFIED);
  staged.mutable_touches(1)->add_identities()->set_value("e1");
  EXPECT_THAT(RoundsOf(staged), ElementsAre(0, 1));
}

TEST(TouchRoundsTest, NothingElseWaits) {
  // Nobody is identified but by a value; or by another browser.
  EXPECT_THAT(
      RoundsOfTouches({{{"v1"}}, {{"v1", "e1"}, "Ada"}, {{"v1", "e2"}}}),
      ElementsAre(0, 0, 0));
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"}, {{"v2", "e1"}}}),
              ElementsAre(0, 0));
  // Browsers alone, or none; or the other way round.
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"}, {{"v1"}, "Bea"}, {{"e1"}}}),
              ElementsAre(0, 0, 0));
  EXPECT_THAT(RoundsOfTouches({{{"v1", "e1"}}, {{"v1"}, "Ada"}}),
              ElementsAre(0, 0));
}

TEST(TouchRoundsTest, APurchaseOfAContactMayBeTheVisitors) {
  EXPECT_THAT(
      RoundsOfTouches({{{"A1"}, "", kPurchase}, {{"v1", "e1"}}, {{"A1"}}}),
      ElementsAre(0, 1, 0));
  EXPECT_THAT(RoundsOfTouches({{{"A1"}}, {{"v1", "e1"}}}), ElementsAre(0, 0));
}

TEST(TouchRoundsTest, TouchesOfTheSameValueStayInTheirOrder) {
  EXPECT_THAT(RoundsOfTouches({{{"v1"}, "Ada"},
                               {{"v1", "e1"}},
                               {{"e1"}},
                               {{"e2"}},
                               {{"v2"}, "Bea"},
                               {{"v2", "e2"}},
                               {{"v1"}, "Ada"},
                               {{"v1", "e3"}}}),
              ElementsAre(0, 1, 1, 0, 0, 1, 1, 2));
}

}  // namespace
}  // namespace kith::gateway
