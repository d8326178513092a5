#include "gateway/edge/codecs/target.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(TargetTest, QueryIsDecodedAndThePathIsNot) {
  const auto target = ParseTarget(
      "/v1/customers%2F:lookup?q=%28415%29%20555-2671&a+b=c%2Bd&e&f=g=h&&");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->path, "/v1/customers%2F:lookup");
  EXPECT_THAT(target->query,
              ElementsAre(Pair("q", "(415) 555-2671"), Pair("a b", "c+d"),
                          Pair("e", ""), Pair("f", "g=h")));
  EXPECT_EQ(FindParameter(target->query, "a b"), "c+d");
  EXPECT_EQ(FindParameter(target->query, "none"), "");
}

TEST(TargetTest, PathAloneHasNoQuery) {
  EXPECT_THAT(ParseTarget("/")->query, IsEmpty());
  EXPECT_THAT(ParseTarget("/a?")->query, IsEmpty());
}

TEST(TargetTest, RefusesOtherFormsAndBadCharacters) {
  for (const char* bad :
       {"", "*", "http://example.com", "example.com:443", "/a b", "/a#b",
        "/a\x7f", "/caf\xC3\xA9", "/a\\b", "/?a=%", "/?a=%4", "/?%zz=1"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseTarget(bad).status())) << bad;
  }
}

TEST(TargetTest, ThePathOfAnAbsoluteFormIsBehindItsHost) {
  const auto target = ParseTarget("https://a.example:80/v1/ids?a=/b");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->path, "/v1/ids");
  EXPECT_EQ(FindParameter(target->query, "a"), "/b");
  for (const char* bad :
       {"http://a.example?next=/v1/ids", "http://a b/v1/ids", "ftp://a/b"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseTarget(bad).status())) << bad;
  }
}

TEST(TargetTest, DecodesAllButASlashIfAsked) {
  EXPECT_EQ(*PercentDecode("a%2Fb%20c"), "a/b c");
  EXPECT_EQ(*PercentDecode("a%2fb%20c", Keep::kSlash), "a%2fb c");
  EXPECT_EQ(*PercentDecode("%00"), std::string(1, '\0'));
  EXPECT_FALSE(PercentDecode("%4g").ok());
}

}  // namespace
}  // namespace kith::edge
