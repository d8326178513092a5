#include "gateway/hooks/mapping/money.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

int64_t Micros(const std::string& amount, const std::string& currency,
               bool minor_units) {
  const auto money = ReadMoney(amount, currency, minor_units);
  return money.ok() ? money->amount_micros() : -1;
}

TEST(MoneyTest, ReadsAmountsExactly) {
  EXPECT_EQ(Micros("12.50", "EUR", false), 12'500'000);
  EXPECT_EQ(Micros("0.000001", "EUR", false), 1);
  EXPECT_EQ(Micros("0", "EUR", false), 0);
  EXPECT_EQ(Micros(" 7. ", "EUR", false), 7'000'000);
  // A double would have 20.29 as 20.28999...
  EXPECT_EQ(Micros("20.29", "USD", false), 20'290'000);
  EXPECT_EQ(Micros("900719925474.099301", "USD", false),
            900'719'925'474'099'301);
}

TEST(MoneyTest, MinorUnitsAreThoseOfTheCurrency) {
  EXPECT_EQ(Micros("1250", "eur", true), 12'500'000);
  EXPECT_EQ(Micros("1250", "JPY", true), 1'250'000'000);
  EXPECT_EQ(Micros("1250", "KWD", true), 1'250'000);
  EXPECT_EQ(ReadMoney("1", "eur", true)->currency_code(), "EUR");
}

TEST(MoneyTest, RefusesWhatIsNoAmount) {
  for (const char* amount :
       {"", "-1", "+1", "1,50", "1e3", "0x10", "1.2.3", "1.0000001", ".5",
        "abc", "9000000000001", "99999999999999999999"}) {
    EXPECT_EQ(Micros(amount, "EUR", false), -1) << amount;
  }
  EXPECT_EQ(Micros("1", "EURO", false), -1);
  EXPECT_EQ(Micros("1", "E1R", false), -1);
  EXPECT_EQ(Micros("1", "", false), -1);
  EXPECT_EQ(ReadMoney("-1", "EUR", false).status().message(),
            "amount: want digits with at most 6 of them behind a point");
}

}  // namespace
}  // namespace kith::gateway
