// The newest interactions of a contact, as they are kept beside its summary.

#include "interactions-svc/activity/recent.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "common/base/times.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::RecentInteractions;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The contact of all; the tests look at times and subjects.
const Uuid& Ada() {
  static const Uuid ada = *Uuid::Parse("0192f0c1-2a3b-7c4d-8e5f-607182930001");
  return ada;
}

v1::Interaction At(int64_t second, int length = 1) {
  v1::Interaction interaction;
  interaction.set_contact_id(Ada().ToString());
  interaction.set_interaction_id(
      Uuid::MakeFrom(absl::FromUnixSeconds(second), "id").ToString());
  *interaction.mutable_occurred_time() =
      base::ToProto(absl::FromUnixSeconds(second));
  interaction.set_subject(std::string(length, 'x'));
  return interaction;
}

std::vector<int64_t> SecondsOf(
    const std::optional<std::vector<EncodedInteraction>>& newest) {
  std::vector<int64_t> seconds;
  for (const EncodedInteraction& one : *newest) {
    v1::Interaction interaction;
    EXPECT_TRUE(interaction.ParseFromString(one.bytes));
    EXPECT_EQ(Location::Of(interaction), one.location);
    seconds.push_back(interaction.occurred_time().seconds());
  }
  return seconds;
}

RecentInteractions Of(const std::vector<int64_t>& seconds) {
  RecentInteractions recent;
  for (const int64_t second : seconds) AddRecent(At(second), recent);
  return recent;
}

TEST(RecentTest, NewestFirstWhateverCameFirst) {
  const RecentInteractions recent = Of({2, 5, 1, 4});
  EXPECT_THAT(SecondsOf(NewestOf({{Ada(), &recent}}, 9)),
              ElementsAre(5, 4, 2, 1));
  EXPECT_THAT(SecondsOf(NewestOf({{Ada(), &recent}}, 2)), ElementsAre(5, 4));
}

TEST(RecentTest, ThoseOfSeveralContactsAreMerged) {
  const RecentInteractions one = Of({1, 4});
  const RecentInteractions other = Of({2, 3});
  const RecentInteractions none;
  EXPECT_THAT(
      SecondsOf(NewestOf({{Ada(), &one}, {Ada(), &none}, {Ada(), &other}}, 9)),
      ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(SecondsOf(NewestOf({{Ada(), &none}}, 9)), IsEmpty());
}

TEST(RecentTest, TooFewToTellAreNoAnswer) {
  RecentInteractions recent = Of({2, 3, 4});
  recent.set_has_older(true);
  EXPECT_TRUE(NewestOf({{Ada(), &recent}}, 3).has_value());
  EXPECT_FALSE(NewestOf({{Ada(), &recent}}, 4).has_value());
  // One that is not kept may be between 2 and 1.
  const RecentInteractions older = Of({1});
  EXPECT_TRUE(NewestOf({{Ada(), &recent}, {Ada(), &older}}, 3).has_value());
  EXPECT_FALSE(NewestOf({{Ada(), &recent}, {Ada(), &older}}, 4).has_value());
  recent.clear_entries();
  EXPECT_FALSE(NewestOf({{Ada(), &recent}, {Ada(), &older}}, 1).has_value());
}

TEST(RecentTest, LongOnesAreFewer) {
  RecentInteractions recent;
  for (int i = 0; i < 4; ++i) AddRecent(At(i, kRecentBytes / 3), recent);
  EXPECT_EQ(recent.entries_size(), 2);
  EXPECT_TRUE(recent.has_older());
  AddRecent(At(9, kRecentBytes), recent);
  EXPECT_EQ(recent.entries_size(), 0);
  EXPECT_FALSE(NewestOf({{Ada(), &recent}}, 1).has_value());
}

// One contact's timeline, and what is kept of it.
class Model {
 public:
  void Add(const v1::Interaction& interaction) {
    all_[interaction.occurred_time().seconds()] = interaction;
    AddRecent(interaction, recent_);
  }

  void Remove(int64_t second) {
    const Location location = Location::Of(all_.at(second));
    all_.erase(second);
    if (!RemoveRecent(location, recent_)) ReadAgain();
  }

  std::vector<int64_t> Newest(size_t count) const {
    std::vector<int64_t> seconds;
    for (auto it = all_.rbegin(); it != all_.rend() && seconds.size() < count;
         ++it) {
      seconds.push_back(it->first);
    }
    return seconds;
  }

  bool Has(int64_t second) const { return all_.contains(second); }
  size_t size() const { return all_.size(); }
  const RecentInteractions& recent() const { return recent_; }

 private:
  void ReadAgain() {
    std::vector<EncodedInteraction> newest;
    for (const int64_t second : Newest(kRecentKept)) {
      const v1::Interaction& one = all_.at(second);
      newest.push_back({Location::Of(one), one.SerializeAsString()});
    }
    recent_ = MakeRecent(newest, all_.size() > newest.size());
  }

  std::map<int64_t, v1::Interaction> all_;
  RecentInteractions recent_;
};

TEST(RecentTest, WhatIsKeptIsTheBeginningOfTheTimeline) {
  std::mt19937_64 random(7);
  for (int run = 0; run < 200; ++run) {
    Model model;
    for (int step = 0; step < 80; ++step) {
      const auto second = static_cast<int64_t>(random() % 60);
      if (model.Has(second)) {
        model.Remove(second);
      } else {
        const bool is_long = random() % 10 == 0;
        model.Add(At(second, is_long ? kRecentBytes / 8 : 10));
      }
      for (const size_t count : {size_t{1}, size_t{10}, kRecentKept}) {
        const auto newest = NewestOf({{Ada(), &model.recent()}}, count);
        if (newest.has_value()) {
          ASSERT_EQ(SecondsOf(newest), model.Newest(count));
        }
      }
    }
  }
}

TEST(RecentTest, ShortOnesAreAlwaysEnoughForAView) {
  std::mt19937_64 random(8);
  Model model;
  for (int step = 0; step < 2'000; ++step) {
    const auto second = static_cast<int64_t>(random() % 100);
    model.Has(second) ? model.Remove(second) : model.Add(At(second, 20));
    ASSERT_TRUE(NewestOf({{Ada(), &model.recent()}}, kRecentKept).has_value());
  }
}

}  // namespace
}  // namespace kith::interactions
