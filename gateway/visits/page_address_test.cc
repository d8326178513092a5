#include "gateway/visits/page_address.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

TEST(PageAddressTest, AnAddressIsTakenApart) {
  const auto page = ReadAddress(
      "https://www.Shop.example.com:8443/a/b?utm_source=news&x=1#part");
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->host, "shop.example.com");
  EXPECT_EQ(page->origin, "https://www.shop.example.com:8443");
  EXPECT_EQ(page->place, "https://www.shop.example.com:8443/a/b");
  EXPECT_THAT(page->query,
              ElementsAre(Pair("utm_source", "news"), Pair("x", "1")));
}

TEST(PageAddressTest, AnAddressWithoutAPathIsThatOfTheFirstPage) {
  EXPECT_EQ(ReadAddress("https://a.example")->place, "https://a.example/");
  const auto page = ReadAddress("https://a.example?q=1");
  EXPECT_EQ(page->place, "https://a.example/");
  EXPECT_THAT(page->query, ElementsAre(Pair("q", "1")));
  EXPECT_EQ(ReadAddress("http://[::1]:80/x")->host, "[::1]");
}

// What may name a person is not kept.
TEST(PageAddressTest, ThePlaceHasNothingBehindThePath) {
  for (const char* const text :
       {"https://a.example/reset?token=secret&email=ada@example.com",
        "https://a.example/reset#secret", "https://a.example/reset?#?x"}) {
    EXPECT_EQ(ReadAddress(text)->place, "https://a.example/reset") << text;
  }
}

TEST(PageAddressTest, OtherTextsAreNone) {
  for (const char* const text :
       {"", "shop.example.com", "/path", "//shop.example.com/",
        "javascript:alert(1)", "android-app://com.google.android.gm/",
        "file:///etc/passwd", "https://", "https:///path",
        "https://user:password@shop.example.com/"}) {
    EXPECT_FALSE(ReadAddress(text).has_value()) << text;
  }
}

TEST(PageAddressTest, ParametersAreDecoded) {
  const auto page = ReadAddress(
      "https://a.example/?utm_campaign=fr%C3%BChling+2026&a=b=c&flag&"
      "open=x|y&half=50%&bytes=%ff");
  EXPECT_THAT(page->query, ElementsAre(Pair("utm_campaign", "frühling 2026"),
                                       Pair("a", "b=c"), Pair("flag", ""),
                                       Pair("open", "x|y"), Pair("half", "50%"),
                                       // Not UTF-8: it could not be stored.
                                       Pair("bytes", "%ff")));
}

TEST(PageAddressTest, BytesThatAreNoUtf8StayEncoded) {
  for (const char* const bytes :
       {"%c3", "%c0%af", "%ed%a0%80", "%f4%90%80%80", "%f5%80%80%80", "%80",
        "%e2%82", "%c3%28", "%e0%80%80", "%f0%80%80%80"}) {
    const auto page = ReadAddress(absl::StrCat("https://a.example/?q=", bytes));
    EXPECT_THAT(page->query, ElementsAre(Pair("q", bytes)));
  }
  EXPECT_THAT(ReadAddress("https://a.example/?q=%e2%82%ac%f0%9f%98%80")->query,
              ElementsAre(Pair("q", "€😀")));
}

TEST(PageAddressTest, ParametersAreBounded) {
  std::string text = "https://a.example/?";
  for (int i = 0; i < 200; ++i) absl::StrAppend(&text, "p", i, "=1&");
  EXPECT_THAT(ReadAddress(text)->query, SizeIs(100));
  const auto page =
      ReadAddress(absl::StrCat("https://a.example/?q=", std::string(600, 'x')));
  EXPECT_EQ(page->query[0].second, std::string(500, 'x'));
  // Between characters.
  std::string euros;
  for (int i = 0; i < 600; ++i) euros += "%e2%82%ac";
  EXPECT_THAT(ReadAddress(absl::StrCat("https://a.example/?q=", euros))
                  ->query[0]
                  .second,
              SizeIs(1500));
}

}  // namespace
}  // namespace kith::gateway
