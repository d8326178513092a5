#include "common/base/times.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace kith::base {
namespace {

google::protobuf::Timestamp Stamp(int64_t seconds, int32_t nanos) {
  google::protobuf::Timestamp proto;
  proto.set_seconds(seconds);
  proto.set_nanos(nanos);
  return proto;
}

TEST(TimesTest, NanosAreNeverNegative) {
  const auto proto = ToProto(int64_t{-1});
  EXPECT_EQ(proto.seconds(), -1);
  EXPECT_EQ(proto.nanos(), 999'999'000);
  EXPECT_EQ(ToMicros(proto), -1);
}

TEST(TimesTest, MicrosComeBackFromAMessage) {
  for (const int64_t micros :
       {int64_t{0}, int64_t{1}, int64_t{-999'999}, int64_t{-1'000'000},
        int64_t{-1'000'001}, int64_t{1'781'524'800'123'456},
        int64_t{-62'135'596'800'000'000}, int64_t{253'402'300'799'999'999}}) {
    EXPECT_EQ(ToMicros(ToProto(micros)), micros);
    EXPECT_TRUE(IsValid(ToProto(micros))) << micros;
  }
}

TEST(TimesTest, TimesComeBackFromAMessage) {
  const absl::Time time =
      absl::FromUnixSeconds(-86'400) + absl::Microseconds(7);
  EXPECT_EQ(FromProto(ToProto(time)), time);
}

TEST(TimesTest, WhatIsBelowAMicrosecondIsCut) {
  EXPECT_EQ(ToMicros(Stamp(1, 1'999)), 1'000'001);
  EXPECT_EQ(ToProto(absl::FromUnixNanos(1'999)).nanos(), 1'000);
  EXPECT_EQ(FromProto(Stamp(0, 999)), absl::UnixEpoch());
}

TEST(TimesTest, DaysComeBackFromAMessage) {
  const google::type::Date leap_day = ToProto(absl::CivilDay(2024, 2, 29));
  EXPECT_EQ(leap_day.year(), 2024);
  EXPECT_EQ(leap_day.month(), 2);
  EXPECT_EQ(leap_day.day(), 29);
  EXPECT_EQ(FromProto(leap_day), absl::CivilDay(2024, 2, 29));
}

TEST(TimesTest, OnlyTheYears1To9999AreValid) {
  EXPECT_TRUE(IsValid(Stamp(-62'135'596'800, 0)));
  EXPECT_FALSE(IsValid(Stamp(-62'135'596'801, 999'999'999)));
  EXPECT_TRUE(IsValid(Stamp(253'402'300'799, 999'999'999)));
  EXPECT_FALSE(IsValid(Stamp(253'402'300'800, 0)));
}

TEST(TimesTest, OnlyNanosOfOneSecondAreValid) {
  EXPECT_TRUE(IsValid(Stamp(0, 999'999'999)));
  EXPECT_FALSE(IsValid(Stamp(0, 1'000'000'000)));
  EXPECT_FALSE(IsValid(Stamp(0, -1)));
}

}  // namespace
}  // namespace kith::base
