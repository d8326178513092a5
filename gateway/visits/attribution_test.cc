#include "gateway/visits/attribution.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using contacts::v1::Attribution;

config::v1::VisitRules ShopRules() {
  config::v1::VisitRules rules;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(origins: "https://shop.example.com"
         origins: "https://blog.example.com"
         no_last_touch_hosts: "pay.example"
         affiliate_parameters: "aff"
         affiliate_parameters: "ref")",
      &rules));
  return rules;
}

Attribution Came(const std::string& query, const std::string& referrer = "") {
  return AttributionOf(
      *ReadAddress(absl::StrCat("https://shop.example.com/p", query)),
      ReadAddress(referrer), ShopRules());
}

std::string Words(const Attribution& touch) {
  return absl::StrCat(touch.utm_source(), " / ", touch.utm_medium(), " / ",
                      touch.utm_campaign(), " / ", touch.affiliate());
}

struct ArrivalRow {
  const char* query;
  const char* referrer;
  const char* wanted;
};

constexpr ArrivalRow kArrivals[] = {
    // Nowhere.
    {"", "", "direct / none /  / "},
    {"?q=1", "", "direct / none /  / "},
    {"", "https://shop.example.com/other", "direct / none /  / "},
    {"", "https://www.shop.example.com/", "direct / none /  / "},
    {"", "https://blog.example.com/post", "direct / none /  / "},
    {"", "android-app://com.google.android.gm/", "direct / none /  / "},
    // A campaign, which nothing else fills in.
    {"?utm_source=news&utm_medium=email&utm_campaign=spring", "",
     "news / email / spring / "},
    {"?utm_source=news", "https://www.google.com/", "news /  /  / "},
    {"?utm_campaign=spring", "https://t.co/x", " /  / spring / "},
    {"?utm_source=news&gclid=1", "https://www.google.com/", "news /  /  / "},
    {"?utm_source=&utm_medium=", "", "direct / none /  / "},
    // An ad.
    {"?gclid=Cj0KCQ", "https://www.google.com/", "google / cpc /  / "},
    {"?wbraid=1", "", "google / cpc /  / "},
    {"?msclkid=1", "https://www.bing.com/", "bing / cpc /  / "},
    {"?fbclid=1", "https://l.facebook.com/", "facebook / social /  / "},
    {"?gclid=", "", "direct / none /  / "},
    // An affiliate, whom a campaign of the same link does not hide.
    {"?aff=partner7", "", "partner7 / affiliate /  / partner7"},
    {"?ref=r9&aff=partner7", "", "partner7 / affiliate /  / partner7"},
    {"?ref=r9", "https://reviews.example.net/", "r9 / affiliate /  / r9"},
    {"?aff=p&utm_source=news", "", "news /  /  / p"},
    {"?aff=p&gclid=1", "", "google / cpc /  / p"},
    {"?affiliate=p", "", "direct / none /  / "},
    // A search.
    {"", "https://www.google.com/", "google / organic /  / "},
    {"", "https://www.google.co.uk/", "google / organic /  / "},
    {"", "https://google.de", "google / organic /  / "},
    {"", "https://cn.bing.com/search", "bing / organic /  / "},
    {"", "https://r.search.yahoo.com/x", "yahoo / organic /  / "},
    {"", "https://yandex.ru/", "yandex / organic /  / "},
    {"", "https://duckduckgo.com/", "duckduckgo / organic /  / "},
    {"", "https://search.brave.com/", "brave / organic /  / "},
    // No search, though the name is there.
    {"", "https://mail.google.com/", "mail.google.com / referral /  / "},
    {"", "https://mail.yahoo.com/", "mail.yahoo.com / referral /  / "},
    {"", "https://google.evil.example/",
     "google.evil.example / referral /  / "},
    {"", "https://notgoogle.com/", "notgoogle.com / referral /  / "},
    {"", "https://google.foo.com/", "google.foo.com / referral /  / "},
    // A network.
    {"", "https://m.facebook.com/", "facebook / social /  / "},
    {"", "https://t.co/abc", "twitter / social /  / "},
    {"", "https://lnkd.in/x", "linkedin / social /  / "},
    {"", "https://notfacebook.com/", "notfacebook.com / referral /  / "},
    {"", "https://bigt.co/", "bigt.co / referral /  / "},
    // Another site.
    {"", "https://www.news.example.org/a?b=c",
     "news.example.org / referral /  / "},
    {"", "https://pay.example/done", "pay.example / referral /  / "},
};

TEST(AttributionTest, WhereVisitorsComeFrom) {
  for (const ArrivalRow& row : kArrivals) {
    EXPECT_EQ(Words(Came(row.query, row.referrer)), row.wanted)
        << row.query << " from " << row.referrer;
  }
}

TEST(AttributionTest, ThePagesAreKeptWithoutTheirQueries) {
  const Attribution touch = Came("?utm_source=news&email=ada@example.com#top",
                                 "https://news.example.org/list?user=7");
  EXPECT_EQ(touch.landing_page(), "https://shop.example.com/p");
  EXPECT_EQ(touch.referrer(), "https://news.example.org/list");
  EXPECT_FALSE(touch.has_touch_time());
}

TEST(AttributionTest, NeitherDirectNorExcludedSitesAreALastTouch) {
  const config::v1::VisitRules rules = ShopRules();
  EXPECT_TRUE(IsDirect(Came("")));
  EXPECT_FALSE(IsDirect(Came("?utm_source=direct&utm_medium=mail")));
  EXPECT_FALSE(CanBeLast(Came(""), rules));
  EXPECT_FALSE(CanBeLast(Came("", "https://pay.example/"), rules));
  EXPECT_FALSE(CanBeLast(Came("", "https://eu.pay.example/"), rules));
  EXPECT_TRUE(CanBeLast(Came("", "https://notpay.example/"), rules));
  EXPECT_TRUE(CanBeLast(Came("", "https://www.google.com/"), rules));
  EXPECT_TRUE(CanBeLast(Came("?utm_source=x", "https://pay.example/"), rules));
}

TEST(AttributionTest, TheLastTouchIsTakenWholeFromOneVisit) {
  const Attribution direct = Came("");
  const Attribution pay = Came("", "https://pay.example/");
  const Attribution news = Came("?utm_source=news");
  const Attribution ad = Came("?gclid=1&aff=p");
  const auto last = [](const std::vector<Attribution>& visits) {
    return Words(LastTouch(visits, ShopRules()));
  };
  EXPECT_EQ(last({direct}), Words(direct));
  EXPECT_EQ(last({pay}), Words(pay));
  EXPECT_EQ(last({pay, direct}), Words(direct));
  EXPECT_EQ(last({ad, news}), Words(ad));
  // A source without a medium gets none of an older visit.
  EXPECT_EQ(last({direct, pay, news, ad}), "news /  /  / ");
  EXPECT_EQ(last({news, direct, ad}), Words(news));
}

}  // namespace
}  // namespace kith::gateway
