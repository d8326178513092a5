#include "gateway/visits/visit_facts.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

constexpr absl::Time kArrived = absl::FromUnixSeconds(1'790'000'000);
constexpr char kPhone[] =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 "
    "Safari/604.1";

config::v1::VisitRules RulesOfShop() {
  config::v1::VisitRules rules;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(origins: "https://shop.example.com" country_header: "x-country"
         affiliate_parameters: "aff")",
      &rules));
  return rules;
}

internal::v1::VisitBeacon SomeBeacon() {
  internal::v1::VisitBeacon beacon;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(visit: "0123456789abcdef0123456789abcdef" revision: 9 ms: 61500
         begun: 1789999938000
         page: "https://shop.example.com/p?utm_source=news&gclid=Cj0&aff=p7"
         referrer: "https://www.google.com/" pages: 3
         exit: "https://shop.example.com/cart?session=secret"
         clicks { key: "price" value: 1 } clicks { key: "call" value: 2 }
         conversions: "signup" conversions: "order" first_page_submit: true)",
      &beacon));
  return beacon;
}

VisitFacts FactsFrom(const internal::v1::VisitBeacon& beacon,
                     const edge::Headers& headers = {{"user-agent", kPhone}}) {
  auto facts = FactsOf(beacon, "visitor-1", headers, RulesOfShop(), kArrived);
  EXPECT_TRUE(facts.has_value());
  return *std::move(facts);
}

v1::RecordTouchRequest TouchFrom(const VisitFacts& facts) {
  return VisitTouch(facts, facts.attribution, facts.attribution);
}

TEST(VisitFactsTest, AVisitIsOneInteractionOfTheVisitor) {
  const v1::RecordTouchRequest touch = TouchFrom(FactsFrom(SomeBeacon()));
  ASSERT_EQ(touch.identities_size(), 1);
  EXPECT_EQ(touch.identities(0).channel(), identity::v1::CHANNEL_VISITOR);
  EXPECT_EQ(touch.identities(0).value(), "visitor-1");
  const interactions::v1::Interaction& visit = touch.interaction();
  EXPECT_EQ(visit.kind(), interactions::v1::KIND_WEB_EVENT);
  EXPECT_EQ(visit.topic(), "visit");
  EXPECT_EQ(visit.source(), "kith.visit");
  EXPECT_EQ(visit.external_id(), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(visit.source_revision(), 9);
  // It is no word of a customer, who waits for no answer.
  EXPECT_EQ(visit.direction(), interactions::v1::DIRECTION_UNSPECIFIED);
  EXPECT_FALSE(visit.automated());
}

TEST(VisitFactsTest, TheAttributesSayWhatTheVisitorDid) {
  const v1::RecordTouchRequest touch = TouchFrom(FactsFrom(SomeBeacon()));
  const auto& attributes = touch.interaction().attributes();
  const std::map<std::string, std::string> sorted(attributes.begin(),
                                                  attributes.end());
  EXPECT_THAT(sorted, IsSupersetOf(std::map<std::string, std::string>{
                          {"landing_page", "https://shop.example.com/p"},
                          {"referrer", "https://www.google.com/"},
                          {"source", "news"},
                          {"affiliate", "p7"},
                          {"first.source", "news"},
                          {"last.affiliate", "p7"},
                          {"click_id", "gclid=Cj0"},
                          {"pages", "3"},
                          {"seconds", "61"},
                          {"clicks", "call=2; price=1"},
                          {"first_page_submit", "true"},
                          {"converted", "true"},
                          {"conversions", "signup; order"},
                          {"exit_page", "https://shop.example.com/cart"},
                          {"device", "phone"},
                          {"verdict", "human"}}));
  EXPECT_THAT(sorted, Not(Contains(Key("verdict_reason"))));
  EXPECT_THAT(sorted, Not(Contains(Key("country"))));
  EXPECT_THAT(sorted, Not(Contains(Key("gpc"))));
}

TEST(VisitFactsTest, NeitherAddressNorUserAgentIsKept) {
  const std::string kept =
      TouchFrom(FactsFrom(SomeBeacon(), {{"user-agent", kPhone},
                                         {"x-forwarded-for", "192.0.2.7"},
                                         {"cookie", "a=secret-cookie"}}))
          .DebugString();
  for (const char* const part :
       {"iPhone", "Safari", "192.0.2.7", "secret", "session"}) {
    EXPECT_THAT(kept, Not(HasSubstr(part)));
  }
}

TEST(VisitFactsTest, ACountryIsWhatAProxySays) {
  const auto country = [](const char* said) {
    return FactsFrom(SomeBeacon(), {{"x-country", said}}).country;
  };
  EXPECT_EQ(country("DE"), "DE");
  for (const char* const other : {"", "de", "DEU", "D1", "192.0.2.7"}) {
    EXPECT_EQ(country(other), "") << other;
  }
}

// A page that is not of the tenant has sent it.
TEST(VisitFactsTest, AVisitBeginsOnAPageOfTheTenant) {
  internal::v1::VisitBeacon beacon = SomeBeacon();
  for (const char* const page :
       {"", "https://evil.example/", "https://shop.example.com.evil.example/",
        "http://shop.example.com/", "https://shop.example.com:444/"}) {
    beacon.set_page(page);
    EXPECT_FALSE(FactsOf(beacon, "v", {}, RulesOfShop(), kArrived).has_value())
        << page;
  }
}

TEST(VisitFactsTest, TheTimeIsTheVisitorsOwnIfItAgreesWithOurs) {
  internal::v1::VisitBeacon beacon = SomeBeacon();
  EXPECT_EQ(FactsFrom(beacon).begun, absl::FromUnixMillis(1'789'999'938'000));
  // So each beacon says the same, whenever it comes.
  beacon.set_ms(70'000);
  EXPECT_EQ(FactsFrom(beacon).begun, absl::FromUnixMillis(1'789'999'938'000));
  for (const int64_t begun :
       {int64_t{0}, int64_t{1'789'990'000'000}, int64_t{1'790'000'001'000}}) {
    beacon.set_begun(begun);
    EXPECT_EQ(FactsFrom(beacon).begun, kArrived - absl::Seconds(70)) << begun;
  }
  beacon.set_ms(int64_t{1} << 60);
  EXPECT_EQ(FactsFrom(beacon).begun, kArrived - absl::Hours(24));
}

TEST(VisitFactsTest, ProgramsAreMarkedAndNoFirstTouch) {
  const v1::RecordTouchRequest touch =
      TouchFrom(FactsFrom(SomeBeacon(), {{"user-agent", "Twitterbot/1.0"}}));
  EXPECT_TRUE(touch.interaction().automated());
  EXPECT_FALSE(touch.has_contact());
  EXPECT_THAT(touch.interaction().attributes(),
              Contains(Pair("verdict", "scanner")));
  EXPECT_THAT(touch.interaction().attributes(),
              Contains(Pair("verdict_reason", "user agent: twitterbot")));
  EXPECT_FALSE(AttributionOfVisit(touch.interaction()).has_value());
}

TEST(VisitFactsTest, TheFirstTouchIsThatOfTheContact) {
  const VisitFacts facts = FactsFrom(SomeBeacon());
  contacts::v1::Attribution first;
  first.set_utm_source("earlier");
  const v1::RecordTouchRequest touch =
      VisitTouch(facts, first, facts.attribution);
  EXPECT_EQ(touch.contact().attribution().utm_source(), "earlier");
  EXPECT_EQ(base::FromProto(facts.attribution.touch_time()), facts.begun);
  const auto own = AttributionOfVisit(touch.interaction());
  ASSERT_TRUE(own.has_value());
  EXPECT_EQ(own->utm_source(), "news");
}

// The store refuses what is longer.
TEST(VisitFactsTest, TheLongestBeaconFits) {
  internal::v1::VisitBeacon beacon = SomeBeacon();
  const std::string path(8'000, 'p');
  beacon.set_page(absl::StrCat("https://shop.example.com/", path,
                               "?utm_source=", std::string(150, 'u')));
  beacon.set_referrer(absl::StrCat("https://news.example/", path));
  beacon.set_exit(absl::StrCat("https://shop.example.com/", path));
  beacon.clear_clicks();
  beacon.clear_conversions();
  for (int i = 10; i < 30; ++i) {
    (*beacon.mutable_clicks())[absl::StrCat(i, std::string(38, 'c'))] = 99'999;
    if (i < 20) beacon.add_conversions(std::string(40, 'c'));
  }
  beacon.set_gpc(true);
  const v1::RecordTouchRequest touch =
      TouchFrom(FactsFrom(beacon, {{"x-country", "DE"}}));
  EXPECT_LE(touch.interaction().attributes_size(), 64);
  for (const auto& [key, value] : touch.interaction().attributes()) {
    EXPECT_LE(value.size(), 1'000U) << key;
  }
  EXPECT_THAT(touch.interaction().attributes(), Contains(Pair("gpc", "true")));
}

}  // namespace
}  // namespace kith::gateway
