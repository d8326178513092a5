#include "gateway/sharing/may_be.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MayBeTest : public ::testing::Test {
 protected:
  // The customer shares the value of `stand_in` from `start` to `end`, in
  // seconds.
  void Share(const std::string& stand_in, std::optional<int64_t> start,
             std::optional<int64_t> end = std::nullopt) {
    identity::v1::Identity& identity = *identities_.Add();
    identity.set_contact_id("ada");
    identity.set_stand_in_contact_id(stand_in);
    identity.set_normalized_value(absl::StrCat("phone of ", stand_in));
    identity.add_sharing_contact_ids("ada");
    identity.add_sharing_contact_ids("bob");
    if (start.has_value()) identity.mutable_start_time()->set_seconds(*start);
    if (end.has_value()) identity.mutable_end_time()->set_seconds(*end);
  }

  // Something by the value of `stand_in`, older than what was added before.
  void Record(const std::string& stand_in, int64_t seconds) {
    interactions::v1::Interaction interaction;
    interaction.set_contact_id(stand_in);
    interaction.mutable_occurred_time()->set_seconds(seconds);
    newest_.add_interactions(interaction.SerializeAsString());
  }

  absl::Status Add() { return AddMayBe(identities_, newest_, view_); }

  std::vector<std::string> Told() const {
    std::vector<std::string> told;
    for (const v1::PossibleInteraction& one : view_.may_be()) {
      EXPECT_EQ(one.stand_in_contact_id(), one.interaction().contact_id());
      EXPECT_EQ(one.sharing_count(), 2);
      told.push_back(absl::StrCat(one.interaction().occurred_time().seconds(),
                                  " by ", one.identity().normalized_value()));
    }
    return told;
  }

  IdentityList identities_;
  internal::v1::EncodedActivity::Result newest_;
  v1::CustomerView view_;
};

TEST_F(MayBeTest, NothingIsOfWhoSharesNothing) {
  identities_.Add()->set_contact_id("ada");
  Record("home", 5);
  EXPECT_THAT(Add(), IsOk());
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(MayBeTest, EachValueBringsItsOwn) {
  Share("home", std::nullopt);
  Share("office", std::nullopt);
  Record("office", 9);
  Record("home", 5);
  Record("elsewhere", 4);
  EXPECT_THAT(Add(), IsOk());
  EXPECT_THAT(Told(),
              ElementsAre("9 by phone of office", "5 by phone of home"));
}

TEST_F(MayBeTest, OnlyWhatCameWhileTheValueWasSharedMayBeTheirs) {
  Share("home", 10, 20);
  for (const int64_t seconds : {20, 19, 10, 9}) Record("home", seconds);
  EXPECT_THAT(Add(), IsOk());
  EXPECT_THAT(Told(),
              ElementsAre("19 by phone of home", "10 by phone of home"));
}

TEST_F(MayBeTest, TwoPeriodsOfOneValueAreTold) {
  Share("home", 30);
  Share("home", 10, 20);
  for (const int64_t seconds : {31, 25, 15}) Record("home", seconds);
  EXPECT_THAT(Add(), IsOk());
  EXPECT_THAT(Told(),
              ElementsAre("31 by phone of home", "15 by phone of home"));
}

TEST_F(MayBeTest, OlderOnesThatAreNotShownAreSaid) {
  Share("home", 10);
  Record("home", 15);
  newest_.set_next_page_token("older");
  EXPECT_THAT(Add(), StatusIs(absl::StatusCode::kOutOfRange, "the newest 1 "));
}

TEST_F(MayBeTest, OlderOnesOfTheTimeBeforeAreNoneOfTheirs) {
  Share("home", 10);
  Record("home", 15);
  Record("home", 9);
  newest_.set_next_page_token("older");
  EXPECT_THAT(Add(), IsOk());
  EXPECT_THAT(Told(), ElementsAre("15 by phone of home"));
}

TEST_F(MayBeTest, TheStandInsOwnAreNotDoubtful) {
  Share("home", std::nullopt);
  identities_[0].set_contact_id("home");
  Record("home", 5);
  EXPECT_THAT(Add(), IsOk());
  EXPECT_THAT(Told(), IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
