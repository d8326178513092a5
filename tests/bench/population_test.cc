#include "tests/bench/population.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"

namespace kith::bench {
namespace {

using gateway::v1::BatchRecordTouchesRequest;
using gateway::v1::RecordTouchRequest;

// Two customers with one interaction and with two.
Sample SmallSample() {
  BatchRecordTouchesRequest touches;
  for (const char* name : {"Ada", "", "Bea"}) {
    RecordTouchRequest& touch = *touches.add_touches();
    if (*name != '\0') touch.mutable_contact()->set_display_name(name);
    touch.mutable_interaction()->set_kind(interactions::v1::KIND_CALL);
    touch.mutable_interaction()->set_body(
        absl::StrCat("call ", touches.touches_size()));
    touch.mutable_interaction()->set_source("callcenter");
    touch.mutable_interaction()->set_external_id("4711");
  }
  return *Sample::From(touches);
}

TEST(PopulationTest, RepeatsTheSampleInItsOrder) {
  const Sample sample = SmallSample();
  const Population population(sample, {.contacts = 3, .interactions = 4},
                              absl::Now());
  EXPECT_EQ(population.Contact(0).display_name(), "Ada 0");
  EXPECT_EQ(population.Contact(1).display_name(), "Bea 1");
  EXPECT_EQ(population.Contact(2).display_name(), "Ada 2");
  for (uint64_t place = 0; place < 12; ++place) {
    const auto interaction = population.Interaction(place / 4, place % 4);
    EXPECT_EQ(interaction.body(), absl::StrCat("call ", 1 + place % 3));
    EXPECT_EQ(interaction.external_id(), "");
  }
  EXPECT_LT(population.OccurredTime(0), population.OccurredTime(1));
}

TEST(PopulationTest, NoTwoContactsShareAnIdOrAValue) {
  const Sample sample = SmallSample();
  const absl::Time now = absl::Now();
  const Population first(sample, {.contacts = 5, .interactions = 2}, now);
  const Population second(sample,
                          {.others = 5, .contacts = 3, .interactions = 2}, now);
  std::set<std::string> unique;
  for (const Population* population : {&first, &second}) {
    for (uint64_t i = 0; i < population->contacts(); ++i) {
      unique.insert(population->ContactId(i).ToString());
      unique.insert(population->Phone(i).value());
      unique.insert(population->Email(i).value());
      unique.insert(population->InteractionId(i, 0).ToString());
      unique.insert(population->InteractionId(i, 1).ToString());
    }
  }
  EXPECT_EQ(unique.size(), 8 * 5);
}

TEST(PopulationTest, RefusesASampleWithoutContactsOrCalls) {
  BatchRecordTouchesRequest touches;
  EXPECT_FALSE(Sample::From(touches).ok());
  touches.add_touches()->mutable_contact()->set_display_name("Ada");
  EXPECT_FALSE(Sample::From(touches).ok());
  touches.mutable_touches(0)->mutable_interaction()->set_kind(
      interactions::v1::KIND_CALL);
  EXPECT_TRUE(Sample::From(touches).ok());
}

}  // namespace
}  // namespace kith::bench
