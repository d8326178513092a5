#include "gateway/edge/codecs/json_guard.h"

#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Nested(int depth, const char* open, const char* close) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += open;
  for (int i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(JsonGuardTest, TakesJson) {
  for (const char* good : {"{}", "[]", "1", "null", R"("a")",
                           R"({"a":[1,-2.5e3,"x\u20ac",true,{"b":null}]})"}) {
    EXPECT_TRUE(CheckJson(good).ok()) << good;
  }
}

TEST(JsonGuardTest, RefusesWhatProtobufWouldTake) {
  for (const char* bad :
       {"", "{", R"({"tex)", "{a:1}", "{'a':1}", R"({"a":1,})", "[1,]",
        R"({"a":1} x)", R"({"a":NaN})", "{\"a\":\"\x01\"}", "{\"a\":\"\xC3\"}",
        R"({"a":"\ud800"})"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckJson(bad))) << bad;
  }
}

TEST(JsonGuardTest, RefusesAKeyTwiceInOneObject) {
  for (const char* bad : {R"({"a":1,"a":1})", R"({"a":1,"\u0061":2})",
                          R"({"a":[{"b":{"c":1},"d":2,"b":{}}]})"}) {
    const absl::Status status = CheckJson(bad);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bad;
    EXPECT_THAT(std::string(status.message()), HasSubstr("a key twice"));
  }
  EXPECT_TRUE(CheckJson(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})").ok());
}

TEST(JsonGuardTest, RefusesWhatStandsBehindANul) {
  for (const std::string& bad :
       {std::string("{}\0[[", 5), std::string("{}\0", 3),
        std::string("\xEF\xBB\xBF{}")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckJson(bad)));
    EXPECT_TRUE(absl::IsInvalidArgument(KeysOfJson(bad).status()));
  }
}

TEST(JsonGuardTest, RefusesWhatIsTooDeep) {
  EXPECT_TRUE(CheckJson(Nested(kMaxJsonDepth, "[", "]")).ok());
  EXPECT_TRUE(
      absl::IsInvalidArgument(CheckJson(Nested(kMaxJsonDepth + 1, "[", "]"))));
  EXPECT_TRUE(CheckJson(R"({"a":")" + std::string(1000, '[') + "\"}").ok());
}

TEST(JsonGuardTest, RefusesADeepTextAtOnce) {
  const absl::Time start = absl::Now();
  EXPECT_FALSE(CheckJson(Nested(100'000, "[", "")).ok());
  EXPECT_FALSE(CheckJson(Nested(100'000, "{\"a\":", "")).ok());
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(50));
}

TEST(JsonGuardTest, KeysAreThoseOfTheObjectItself) {
  EXPECT_THAT(*KeysOfJson(R"({"a":{"b":1},"c":[{"d":1}],"b":2})"),
              ElementsAre("a", "c", "b"));
  EXPECT_FALSE(KeysOfJson(R"([{"a":1}])").ok());
}

}  // namespace
}  // namespace kith::edge
