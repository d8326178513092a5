#include "interactions-svc/activity/summary.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/auth/tenants.h"
#include "common/base/times.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::CivilDay kToday(2026, 6, 15);

config::v1::Tenant LosAngeles() {
  config::v1::Tenant tenant;
  tenant.set_id(1);
  tenant.set_time_zone("America/Los_Angeles");
  return tenant;
}

v1::Interaction At(int64_t micros, v1::Kind kind) {
  v1::Interaction interaction;
  interaction.set_interaction_id(absl::StrCat("id-", micros));
  interaction.set_kind(kind);
  *interaction.mutable_occurred_time() = base::ToProto(micros);
  return interaction;
}

v1::Interaction Call(int64_t micros, v1::Outcome outcome) {
  v1::Interaction call = At(micros, v1::KIND_CALL);
  call.set_direction(v1::DIRECTION_OUTBOUND);
  call.set_outcome(outcome);
  return call;
}

v1::Interaction Trade(int64_t micros, v1::Kind kind, const char* currency,
                      int64_t amount) {
  v1::Interaction trade = At(micros, kind);
  trade.mutable_amount()->set_currency_code(currency);
  trade.mutable_amount()->set_amount_micros(amount);
  return trade;
}

v1::Interaction Returned(int64_t micros, int items) {
  v1::Interaction returned = At(micros, v1::KIND_RETURN);
  for (int i = 0; i < items; ++i) {
    returned.add_items()->set_sku(absl::StrCat(micros, "-", i));
  }
  return returned;
}

template <typename... Interactions>
v1::ActivitySummary SumOf(const Interactions&... interactions) {
  v1::ActivitySummary sum;
  (Add(SummaryOf(interactions, LosAngeles()), sum), ...);
  return sum;
}

Gaps Take(const v1::Interaction& interaction, v1::ActivitySummary& sum) {
  return Remove(SummaryOf(interaction, LosAngeles()), sum);
}

int64_t First(const v1::ActivitySummary& sum) {
  return base::ToMicros(sum.counts(0).first_time());
}

int64_t Last(const v1::ActivitySummary& sum) {
  return base::ToMicros(sum.counts(0).last_time());
}

TEST(SummaryTest, CallsAreCountedByOutcomeAndNothingElseIs) {
  v1::Interaction note = At(5, v1::KIND_NOTE);
  note.set_outcome(v1::OUTCOME_FAILED);
  const v1::ActivitySummary sum =
      SumOf(Call(3, v1::OUTCOME_MISSED), Call(1, v1::OUTCOME_ANSWERED),
            Call(7, v1::OUTCOME_MISSED), note);
  ASSERT_THAT(sum.counts(), SizeIs(3));
  EXPECT_EQ(sum.counts(0).outcome(), v1::OUTCOME_ANSWERED);
  EXPECT_EQ(sum.counts(0).count(), 1);
  EXPECT_EQ(sum.counts(1).outcome(), v1::OUTCOME_MISSED);
  EXPECT_EQ(sum.counts(1).count(), 2);
  EXPECT_EQ(base::ToMicros(sum.counts(1).first_time()), 3);
  EXPECT_EQ(base::ToMicros(sum.counts(1).last_time()), 7);
  EXPECT_EQ(sum.counts(2).kind(), v1::KIND_NOTE);
  EXPECT_EQ(sum.counts(2).outcome(), v1::OUTCOME_UNSPECIFIED);
}

TEST(SummaryTest, TheOrderOfAddingDoesNotMatter) {
  const auto a = Call(3, v1::OUTCOME_MISSED);
  const auto b = Trade(2, v1::KIND_PURCHASE, "USD", 5);
  const auto c = Returned(1, 3);
  const auto d = Returned(9, 30);
  EXPECT_EQ(SumOf(a, b, c, d).SerializeAsString(),
            SumOf(d, c, b, a).SerializeAsString());
}

TEST(SummaryTest, RemovingTheLastOneLeavesNothing) {
  v1::Interaction mail = Trade(2, v1::KIND_PURCHASE, "USD", 5);
  mail.set_purpose(v1::PURPOSE_MARKETING);
  mail.set_direction(v1::DIRECTION_OUTBOUND);
  v1::ActivitySummary sum = SumOf(mail);
  Take(mail, sum);
  EXPECT_THAT(sum.counts(), IsEmpty());
  EXPECT_THAT(sum.purposes(), IsEmpty());
  EXPECT_THAT(sum.sales(), IsEmpty());
  EXPECT_THAT(sum.marketing().days(), IsEmpty());
}

TEST(SummaryTest, RemovingSaysWhichTimesHaveToBeLookedUp) {
  const auto first = Call(1, v1::OUTCOME_MISSED);
  const auto middle = Call(2, v1::OUTCOME_MISSED);
  const auto last = Call(3, v1::OUTCOME_MISSED);
  v1::ActivitySummary sum = SumOf(first, middle, last);
  Gaps gaps = Take(middle, sum);
  EXPECT_FALSE(gaps.first_time);
  EXPECT_FALSE(gaps.last_time);
  gaps = Take(first, sum);
  EXPECT_TRUE(gaps.first_time);
  EXPECT_FALSE(gaps.last_time);
  SetFirstTime(first, 3, sum);
  EXPECT_EQ(First(sum), 3);
  gaps = Take(last, sum);
  EXPECT_FALSE(gaps.first_time) << "there is none left";
  EXPECT_FALSE(gaps.last_time) << "there is none left";
}

TEST(SummaryTest, TheLastTimeIsLookedUpLikewise) {
  const auto first = Call(1, v1::OUTCOME_MISSED);
  const auto last = Call(3, v1::OUTCOME_MISSED);
  v1::ActivitySummary sum = SumOf(first, last);
  EXPECT_TRUE(Take(last, sum).last_time);
  SetLastTime(last, 1, sum);
  EXPECT_EQ(Last(sum), 1);
  SetLastTime(At(9, v1::KIND_NOTE), 9, sum);
  EXPECT_THAT(sum.counts(), SizeIs(1)) << "no count, nothing to set";
}

TEST(SummaryTest, SalesAreKeptByCurrency) {
  const auto back = Trade(4, v1::KIND_RETURN, "EUR", 30);
  const v1::ActivitySummary stored =
      SumOf(Trade(1, v1::KIND_PURCHASE, "USD", 5),
            Trade(2, v1::KIND_PURCHASE, "EUR", 70),
            Trade(3, v1::KIND_PURCHASE, "EUR", 20), back);
  v1::ActivitySummary sum = stored;
  Present(kToday, sum);
  ASSERT_THAT(sum.sales(), SizeIs(2));
  const v1::Sales& eur = sum.sales(0);
  EXPECT_EQ(eur.currency_code(), "EUR");
  EXPECT_EQ(eur.sold_micros(), 90);
  EXPECT_EQ(eur.returned_micros(), 30);
  EXPECT_EQ(eur.net_micros(), 60);
  EXPECT_EQ(eur.purchase_count(), 2);
  EXPECT_EQ(eur.return_count(), 1);
  EXPECT_EQ(sum.sales(1).net_micros(), 5);
  sum = stored;
  Take(back, sum);
  Present(kToday, sum);
  EXPECT_EQ(sum.sales(0).net_micros(), 90);
  EXPECT_EQ(sum.sales(0).return_count(), 0);
}

TEST(SummaryTest, APurchaseWithoutAnAmountHasNoSales) {
  EXPECT_THAT(SumOf(At(1, v1::KIND_PURCHASE)).sales(), IsEmpty());
}

TEST(SummaryTest, ReturnedItemsAreTheNewestTwenty) {
  const v1::ActivitySummary sum =
      SumOf(Returned(2, 15), Returned(3, 3), Returned(1, 15));
  ASSERT_THAT(sum.returned_items(), SizeIs(kMaxReturnedItems));
  EXPECT_EQ(sum.returned_items(0).item().sku(), "3-0");
  EXPECT_EQ(sum.returned_items(2).item().sku(), "3-2");
  EXPECT_EQ(sum.returned_items(3).item().sku(), "2-0");
  EXPECT_EQ(sum.returned_items(19).item().sku(), "1-1");
}

TEST(SummaryTest, RemovingAReturnDropsItsItemsAndAsksForOlderOnes) {
  const auto older = Returned(1, 15);
  const auto newer = Returned(2, 15);
  v1::ActivitySummary sum = SumOf(older, newer);
  EXPECT_TRUE(Take(newer, sum).returned_items);
  EXPECT_THAT(sum.returned_items(), SizeIs(5));
  SetReturnedItems({older}, sum);
  EXPECT_THAT(sum.returned_items(), SizeIs(15));
  EXPECT_FALSE(Take(older, sum).returned_items) << "the list was not full";
  EXPECT_THAT(sum.returned_items(), IsEmpty());
}

TEST(SummaryTest, OnlyAdsAndOutboundMarketingAreMarketing) {
  const auto with = [](v1::Kind kind, v1::Direction direction,
                       v1::Purpose purpose) {
    v1::Interaction interaction = At(1, kind);
    interaction.set_direction(direction);
    interaction.set_purpose(purpose);
    return SumOf(interaction).marketing().days_size();
  };
  EXPECT_EQ(with(v1::KIND_EMAIL, v1::DIRECTION_OUTBOUND, v1::PURPOSE_MARKETING),
            1);
  EXPECT_EQ(with(v1::KIND_EMAIL, v1::DIRECTION_INBOUND, v1::PURPOSE_MARKETING),
            0);
  EXPECT_EQ(with(v1::KIND_EMAIL, v1::DIRECTION_OUTBOUND, v1::PURPOSE_SALES), 0);
  EXPECT_EQ(
      with(v1::KIND_AD, v1::DIRECTION_UNSPECIFIED, v1::PURPOSE_UNSPECIFIED), 1);
}

struct ApproachCase {
  v1::Kind kind;
  v1::Outcome outcome;
  bool counts;
};

// Cases D5: what has reached nobody is no approach.
const ApproachCase kApproaches[] = {
    {v1::KIND_EMAIL, v1::OUTCOME_UNSPECIFIED, true},
    {v1::KIND_EMAIL, v1::OUTCOME_FAILED, false},
    {v1::KIND_MESSAGE, v1::OUTCOME_FAILED, false},
    {v1::KIND_AD, v1::OUTCOME_FAILED, false},
    {v1::KIND_CALL, v1::OUTCOME_FAILED, false},
    // Their phone has rung.
    {v1::KIND_CALL, v1::OUTCOME_MISSED, true},
    {v1::KIND_CALL, v1::OUTCOME_VOICEMAIL, true},
    {v1::KIND_CALL, v1::OUTCOME_ANSWERED, true},
};

TEST(SummaryTest, MarketingThatReachesNobodyIsNone) {
  for (const ApproachCase& one : kApproaches) {
    SCOPED_TRACE(absl::StrCat(v1::Kind_Name(one.kind), " ",
                              v1::Outcome_Name(one.outcome)));
    v1::Interaction interaction = At(1, one.kind);
    interaction.set_direction(v1::DIRECTION_OUTBOUND);
    interaction.set_purpose(v1::PURPOSE_MARKETING);
    interaction.set_outcome(one.outcome);
    const v1::ActivitySummary sum = SumOf(interaction);
    EXPECT_EQ(sum.marketing().days_size(), one.counts ? 1 : 0);
    EXPECT_EQ(sum.purposes_size(), 1) << "it has happened all the same";
  }
}

TEST(SummaryTest, MarketingDaysAreThoseOfTheTenantsZone) {
  const absl::Time midnight = absl::FromCivil(absl::CivilDay(2026, 6, 15),
                                              absl::FixedTimeZone(-7 * 3600));
  const auto before = At(absl::ToUnixMicros(midnight) - 1, v1::KIND_AD);
  const auto after = At(absl::ToUnixMicros(midnight), v1::KIND_AD);
  const v1::ActivitySummary sum = SumOf(before, after);
  ASSERT_THAT(sum.marketing().days(), SizeIs(2));
  EXPECT_EQ(base::FromProto(sum.marketing().days(0).date()),
            absl::CivilDay(2026, 6, 14));
  EXPECT_EQ(base::FromProto(sum.marketing().days(1).date()),
            absl::CivilDay(2026, 6, 15));
}

// An ad on each of the days that are so many days after kToday.
v1::ActivitySummary AdsOn(std::initializer_list<int> days) {
  v1::ActivitySummary sum;
  for (const int day : days) {
    auto* added = sum.mutable_marketing()->add_days();
    *added->mutable_date() = base::ToProto(kToday + day);
    added->set_count(1);
  }
  return sum;
}

TEST(SummaryTest, WindowsEndToday) {
  v1::ActivitySummary sum = AdsOn({-90, -89, -30, -29, -7, -6, 0, 1});
  Present(kToday, sum);
  EXPECT_EQ(sum.marketing().last_7_days(), 2);
  EXPECT_EQ(sum.marketing().last_30_days(), 4);
  EXPECT_EQ(sum.marketing().last_90_days(), 6);
  EXPECT_THAT(sum.marketing().days(), SizeIs(6));
}

TEST(SummaryTest, PruningKeepsWhatAWindowMayReach) {
  v1::ActivitySummary sum = AdsOn({-90, -89, 0, 1});
  Prune(kToday, sum);
  ASSERT_THAT(sum.marketing().days(), SizeIs(3));
  EXPECT_EQ(base::FromProto(sum.marketing().days(0).date()), kToday - 89);
}

TEST(SummaryTest, LastCalledIsTheLastOutboundCallWhateverTheOutcome) {
  v1::Interaction inbound = Call(9, v1::OUTCOME_ANSWERED);
  inbound.set_direction(v1::DIRECTION_INBOUND);
  v1::ActivitySummary sum =
      SumOf(Call(5, v1::OUTCOME_MISSED), Call(3, v1::OUTCOME_ANSWERED), inbound,
            At(8, v1::KIND_EMAIL));
  Present(kToday, sum);
  EXPECT_EQ(base::ToMicros(sum.last_called_time()), 5);
  v1::ActivitySummary never = SumOf(inbound);
  Present(kToday, never);
  EXPECT_FALSE(never.has_last_called_time());
}

TEST(SummaryTest, AGroupIsTheSumOfItsMembers) {
  v1::ActivitySummary group = SumOf(Call(5, v1::OUTCOME_MISSED));
  Add(SumOf(Call(9, v1::OUTCOME_MISSED), Trade(1, v1::KIND_PURCHASE, "USD", 5)),
      group);
  EXPECT_EQ(group.counts(0).count(), 2);
  EXPECT_EQ(First(group), 5);
  EXPECT_EQ(Last(group), 9);
  EXPECT_EQ(group.sales(0).sold_micros(), 5);
}

}  // namespace
}  // namespace kith::interactions
