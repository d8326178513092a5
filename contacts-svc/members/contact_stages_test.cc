#include <cstdint>
#include <map>
#include <optional>

#include "common/base/times.h"
#include "contacts-svc/members/contact_fields.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr int64_t kNow = 100;

// Times are seconds.
using StageTimes = std::map<v1::Stage, int64_t>;

struct StageCase {
  const char* name;
  v1::Stage stage;
  StageTimes times;
  // The request.
  v1::Stage at_least;
  std::optional<int64_t> since;
  // The contact afterwards.
  v1::Stage stage_after;
  StageTimes times_after;
};

// Cases G5: a purchase makes a customer when it happened.
const StageCase kStageCases[] = {
    {"AtOnce",
     v1::STAGE_LEAD,
     {{v1::STAGE_LEAD, 50}},
     v1::STAGE_CUSTOMER,
     std::nullopt,
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 50}, {v1::STAGE_CUSTOMER, kNow}}},
    {"ToldLate",
     v1::STAGE_LEAD,
     {{v1::STAGE_LEAD, 50}},
     v1::STAGE_CUSTOMER,
     60,
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 50}, {v1::STAGE_CUSTOMER, 60}}},
    {"OfBeforeTheContactWasKnown",
     v1::STAGE_LEAD,
     {{v1::STAGE_LEAD, 50}},
     v1::STAGE_CUSTOMER,
     20,
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 20}, {v1::STAGE_CUSTOMER, 20}}},
    {"AnEarlierOneToldLater",
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 50}, {v1::STAGE_CUSTOMER, 90}},
     v1::STAGE_CUSTOMER,
     60,
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 50}, {v1::STAGE_CUSTOMER, 60}}},
    {"ALaterOne",
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 50}, {v1::STAGE_CUSTOMER, 60}},
     v1::STAGE_CUSTOMER,
     90,
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 50}, {v1::STAGE_CUSTOMER, 60}}},
    // It is one as of now all the same.
    {"InTheTimeToCome",
     v1::STAGE_LEAD,
     {{v1::STAGE_LEAD, 50}},
     v1::STAGE_CUSTOMER,
     900,
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 50}, {v1::STAGE_CUSTOMER, kNow}}},
    {"FormerStays",
     v1::STAGE_FORMER,
     {{v1::STAGE_CUSTOMER, 60}, {v1::STAGE_FORMER, 70}},
     v1::STAGE_CUSTOMER,
     65,
     v1::STAGE_FORMER,
     {{v1::STAGE_CUSTOMER, 60}, {v1::STAGE_FORMER, 70}}},
    {"HigherStagesStay",
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 50}, {v1::STAGE_CUSTOMER, 60}},
     v1::STAGE_QUALIFIED,
     40,
     v1::STAGE_CUSTOMER,
     {{v1::STAGE_LEAD, 40}, {v1::STAGE_CUSTOMER, 60}}},
    {"NoStageAsked",
     v1::STAGE_LEAD,
     {{v1::STAGE_LEAD, 50}},
     v1::STAGE_UNSPECIFIED,
     20,
     v1::STAGE_LEAD,
     {{v1::STAGE_LEAD, 50}}},
};

StageTimes TimesOf(const v1::Contact& contact) {
  StageTimes times;
  for (const v1::StageTime& one : contact.stage_times()) {
    times[one.stage()] = one.time().seconds();
  }
  return times;
}

TEST(ContactStagesTest, AStageIsReachedWhenItsCauseOccurred) {
  for (const StageCase& one : kStageCases) {
    SCOPED_TRACE(one.name);
    v1::Contact contact;
    contact.set_stage(one.stage);
    for (const auto& [stage, seconds] : one.times) {
      v1::StageTime& time = *contact.add_stage_times();
      time.set_stage(stage);
      time.mutable_time()->set_seconds(seconds);
    }
    v1::EnsureContactRequest request;
    request.set_at_least_stage(one.at_least);
    if (one.since.has_value()) {
      request.mutable_stage_time()->set_seconds(*one.since);
    }
    const bool changes =
        one.stage != one.stage_after || one.times != one.times_after;
    const absl::Time now = absl::FromUnixSeconds(kNow);
    EXPECT_EQ(ApplyEnsure(request, now, contact), changes);
    EXPECT_EQ(contact.stage(), one.stage_after);
    EXPECT_EQ(TimesOf(contact), one.times_after);
    EXPECT_FALSE(ApplyEnsure(request, now, contact)) << "a repeat";
  }
}

TEST(ContactStagesTest, WhoIsMadeByALatePurchaseWasALeadNoLater) {
  ContactRow row =
      NewContact(base::Uuid(), v1::Contact(), absl::FromUnixSeconds(kNow));
  v1::EnsureContactRequest request;
  request.set_at_least_stage(v1::STAGE_CUSTOMER);
  request.mutable_stage_time()->set_seconds(60);
  EXPECT_TRUE(ApplyEnsure(request, absl::FromUnixSeconds(kNow), row.contact));
  EXPECT_THAT(TimesOf(row.contact), ElementsAre(Pair(v1::STAGE_LEAD, 60),
                                                Pair(v1::STAGE_CUSTOMER, 60)));
}

}  // namespace
}  // namespace kith::contacts
