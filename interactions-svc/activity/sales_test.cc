#include "interactions-svc/activity/sales.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
// 10^15 micros, as in cases D3, and the greatest amount.
constexpr int64_t kThousandMillion = 1'000'000'000'000'000;
constexpr int64_t kGreatest = 9'000'000'000'000'000'000;

v1::Interaction Trade(v1::Kind kind, int64_t micros) {
  v1::Interaction trade;
  trade.set_kind(kind);
  trade.mutable_amount()->set_currency_code("VND");
  trade.mutable_amount()->set_amount_micros(micros);
  return trade;
}

TEST(SalesTest, WhatAFormSaysIsNoSale) {
  for (const v1::Kind kind : {v1::KIND_PURCHASE, v1::KIND_RETURN}) {
    v1::Interaction trade = Trade(kind, 5);
    trade.set_assurance(config::v1::ASSURANCE_UNAUTHENTICATED);
    EXPECT_FALSE(SalesOf(trade).has_value());
    trade.set_assurance(config::v1::ASSURANCE_REPORTED);
    EXPECT_TRUE(SalesOf(trade).has_value());
    // Of before assurances were stored.
    trade.clear_assurance();
    EXPECT_TRUE(SalesOf(trade).has_value());
  }
}

// So many trades of one amount each.
struct Trades {
  v1::Kind kind;
  int64_t micros;
  int64_t count;
};

struct SumCase {
  const char* name;
  std::vector<Trades> trades;
  int64_t sold;
  int64_t returned;
  int64_t net;
  bool saturated;
};

const SumCase kSums[] = {
    {"Small",
     {{v1::KIND_PURCHASE, 5, 3}, {v1::KIND_RETURN, 4, 1}},
     15,
     4,
     11,
     false},
    {"Nothing", {}, 0, 0, 0, false},
    {"ReturnsAlone", {{v1::KIND_RETURN, 7, 1}}, 0, 7, -7, false},
    // sodadata/soda-core#738: the sum of integers wraps round.
    {"TheLastThatFits",
     {{v1::KIND_PURCHASE, kThousandMillion, 9'223}},
     9'223 * kThousandMillion,
     0,
     9'223 * kThousandMillion,
     false},
    {"TheFirstThatDoesNot",
     {{v1::KIND_PURCHASE, kThousandMillion, 9'224}},
     kMax,
     0,
     kMax,
     true},
    {"ManyOfTheGreatest",
     {{v1::KIND_PURCHASE, kGreatest, 1'000}},
     kMax,
     0,
     kMax,
     true},
    {"BothBeyondAndStillADifference",
     {{v1::KIND_PURCHASE, kGreatest, 1'000},
      {v1::KIND_RETURN, kGreatest, 999},
      {v1::KIND_RETURN, kGreatest - 1, 1}},
     kMax,
     kMax,
     1,
     true},
    {"ReturnsBeyond", {{v1::KIND_RETURN, kGreatest, 2}}, 0, kMax, kMin, true},
};

TEST(SalesTest, SumsSaturateAndSaySo) {
  for (const SumCase& one : kSums) {
    SCOPED_TRACE(one.name);
    v1::Sales sum;
    for (const Trades& trades : one.trades) {
      const v1::Sales each = *SalesOf(Trade(trades.kind, trades.micros));
      for (int64_t i = 0; i < trades.count; ++i) CountSales(each, 1, sum);
    }
    PresentSales(sum);
    EXPECT_EQ(sum.sold_micros(), one.sold);
    EXPECT_EQ(sum.returned_micros(), one.returned);
    EXPECT_EQ(sum.net_micros(), one.net);
    EXPECT_EQ(sum.saturated(), one.saturated);
    EXPECT_EQ(sum.sold_carry(), 0);
    EXPECT_EQ(sum.returned_carry(), 0);
  }
}

TEST(SalesTest, AMistakenAmountCanBeTakenAwayAgain) {
  v1::Sales sum = *SalesOf(Trade(v1::KIND_PURCHASE, 12));
  const v1::Sales mistake = *SalesOf(Trade(v1::KIND_PURCHASE, kGreatest));
  for (const int64_t sign : {1, 1, 1, -1, -1, -1}) {
    CountSales(mistake, sign, sum);
  }
  PresentSales(sum);
  EXPECT_EQ(sum.sold_micros(), 12);
  EXPECT_EQ(sum.purchase_count(), 1);
  EXPECT_FALSE(sum.saturated());
}

TEST(SalesTest, ASumStoredWithoutACarryIsReadAsItIs) {
  v1::Sales before;
  before.set_sold_micros(kMax);
  CountSales(*SalesOf(Trade(v1::KIND_RETURN, kMax - 5)), 1, before);
  PresentSales(before);
  EXPECT_EQ(before.sold_micros(), kMax);
  EXPECT_EQ(before.net_micros(), 5);
  EXPECT_FALSE(before.saturated());
}

struct AmountCase {
  const char* name;
  // Of the interaction, and of its items; -1: none.
  int64_t amount;
  std::vector<int64_t> items;
  // -1: it has no sales.
  int64_t counted;
};

// Cases D5.
const AmountCase kAmounts[] = {
    {"ItemsAlone", -1, {20, 30}, 50},
    {"ItemsWithoutAmounts", -1, {-1, -1}, -1},
    {"SomeItemsWithoutAmounts", -1, {-1, 30}, 30},
    {"NothingAtAll", -1, {}, -1},
    // With shipping, or a rebate: what was paid counts.
    {"TheAmountWins", 45, {20, 30}, 45},
    {"FreeOfCharge", 0, {20}, 0},
    {"FreeItems", -1, {0}, 0},
    {"ItemsBeyondInt64", -1, {kGreatest, kGreatest}, kMax},
};

TEST(SalesTest, WithoutAnAmountTheItemsCount) {
  for (const AmountCase& one : kAmounts) {
    SCOPED_TRACE(one.name);
    v1::Interaction purchase = Trade(v1::KIND_PURCHASE, one.amount);
    if (one.amount < 0) purchase.clear_amount();
    for (const int64_t micros : one.items) {
      v1::Item& item = *purchase.add_items();
      if (micros < 0) continue;
      item.mutable_amount()->set_currency_code("VND");
      item.mutable_amount()->set_amount_micros(micros);
    }
    std::optional<v1::Sales> sales = SalesOf(purchase);
    ASSERT_EQ(sales.has_value(), one.counted >= 0);
    if (!sales.has_value()) continue;
    PresentSales(*sales);
    EXPECT_EQ(sales->sold_micros(), one.counted);
    EXPECT_EQ(sales->currency_code(), "VND");
    EXPECT_EQ(sales->purchase_count(), 1);
  }
}

}  // namespace
}  // namespace kith::interactions
