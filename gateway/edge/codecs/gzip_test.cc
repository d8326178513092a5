#include "gateway/edge/codecs/gzip.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

TEST(GzipTest, GivesBackWhatWasPacked) {
  for (const size_t size : {0, 1, 1023, 1024, 1025, 100'000}) {
    std::string text;
    for (size_t i = 0; text.size() < size; ++i) absl::StrAppend(&text, i, ",");
    text.resize(size);
    EXPECT_EQ(*Gunzip(Gzip(text), size), text) << size;
  }
}

TEST(GzipTest, ReadsSeveralMembers) {
  EXPECT_EQ(*Gunzip(Gzip("one ") + Gzip("two"), 100), "one two");
}

TEST(GzipTest, RefusesMoreThanTheLimitAtOnce) {
  const std::string bomb = Gzip(std::string(30 << 20, ' '));
  ASSERT_LT(bomb.size(), 200'000);
  EXPECT_TRUE(absl::IsResourceExhausted(Gunzip(bomb, 4 << 20).status()));
  EXPECT_TRUE(absl::IsResourceExhausted(Gunzip(Gzip("12345"), 4).status()));
  EXPECT_TRUE(
      absl::IsResourceExhausted(Gunzip(Gzip("123") + Gzip("45"), 4).status()));
}

TEST(GzipTest, RefusesWhatIsNoGzip) {
  const std::string good = Gzip("a text of some length");
  EXPECT_TRUE(absl::IsInvalidArgument(Gunzip("plain", 100).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Gunzip("", 100).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Gunzip(good + "x", 100).status()));
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(Gunzip(good.substr(0, size), 100).status()))
        << size;
  }
}

}  // namespace
}  // namespace kith::edge
