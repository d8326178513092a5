#include "gateway/visits/visitor_cookie.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kThisVisit[] = "0123456789abcdef0123456789abcdef";
constexpr char kOldVisitor[] = "fedcba9876543210fedcba9876543210";

internal::v1::VisitBeacon BeaconOfVisit() {
  internal::v1::VisitBeacon beacon;
  beacon.set_visit(kThisVisit);
  return beacon;
}

edge::Headers CookieHeader(const std::string& value) {
  return {{"cookie", absl::StrCat("a=b; __Host-kith_visitor=", value)}};
}

TEST(VisitorCookieTest, ANewVisitorHasTheIdOfItsVisit) {
  const VisitorId id = VisitorOf({}, BeaconOfVisit(), {});
  EXPECT_EQ(id.visitor, kThisVisit);
  EXPECT_THAT(id.set_cookie, StartsWith(absl::StrCat(
                                 "__Host-kith_visitor=", kThisVisit, ";")));
}

TEST(VisitorCookieTest, TheCookieIsFirstPartyAndOutOfReachOfScripts) {
  const std::string cookie = VisitorOf({}, BeaconOfVisit(), {}).set_cookie;
  for (const char* const part :
       {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"}) {
    EXPECT_THAT(cookie, HasSubstr(part));
  }
  EXPECT_THAT(cookie, Not(HasSubstr("Domain")));
  // 13 months.
  EXPECT_THAT(cookie, HasSubstr("; Max-Age=34214400;"));
}

TEST(VisitorCookieTest, AKnownVisitorKeepsTheCookieAsItIs) {
  const VisitorId id =
      VisitorOf(CookieHeader(kOldVisitor), BeaconOfVisit(), {});
  EXPECT_EQ(id.visitor, kOldVisitor);
  EXPECT_EQ(id.set_cookie, "");
}

TEST(VisitorCookieTest, ACookieThatIsNoneOfOursIsReplaced) {
  const VisitorId id = VisitorOf(CookieHeader("admin"), BeaconOfVisit(), {});
  EXPECT_EQ(id.visitor, kThisVisit);
  EXPECT_THAT(id.set_cookie, HasSubstr(kThisVisit));
}

TEST(VisitorCookieTest, WhoWantsPrivacyHasNoCookie) {
  internal::v1::VisitBeacon beacon = BeaconOfVisit();
  EXPECT_FALSE(WantsPrivacy({{"sec-gpc", "0"}}, beacon));
  EXPECT_TRUE(WantsPrivacy({{"sec-gpc", "1"}}, beacon));
  EXPECT_EQ(VisitorOf({{"sec-gpc", "1"}}, beacon, {}).set_cookie, "");
  beacon.set_gpc(true);
  EXPECT_TRUE(WantsPrivacy({}, beacon));
  EXPECT_EQ(VisitorOf({}, beacon, {}).set_cookie, "");
  EXPECT_EQ(VisitorOf({}, beacon, {}).visitor, kThisVisit);
}

TEST(VisitorCookieTest, APageOrATenantMayWantNone) {
  internal::v1::VisitBeacon beacon = BeaconOfVisit();
  beacon.set_no_cookie(true);
  EXPECT_EQ(VisitorOf({}, beacon, {}).set_cookie, "");
  config::v1::VisitRules rules;
  rules.set_no_cookies(true);
  EXPECT_EQ(VisitorOf({}, BeaconOfVisit(), rules).set_cookie, "");
}

TEST(VisitorCookieTest, AnOlderCookieIsNeitherReadNorKeptThen) {
  internal::v1::VisitBeacon beacon = BeaconOfVisit();
  beacon.set_gpc(true);
  const VisitorId id = VisitorOf(CookieHeader(kOldVisitor), beacon, {});
  EXPECT_EQ(id.visitor, kThisVisit);
  EXPECT_THAT(id.set_cookie, HasSubstr("__Host-kith_visitor=; "));
  EXPECT_THAT(id.set_cookie, HasSubstr("Max-Age=0"));
}

TEST(VisitorCookieTest, NoOtherSiteGivesAVisitorACookie) {
  for (const char* const site : {"cross-site", "same-site", "none"}) {
    const VisitorId id =
        VisitorOf({{"sec-fetch-site", site}}, BeaconOfVisit(), {});
    EXPECT_EQ(id.visitor, kThisVisit) << site;
    EXPECT_EQ(id.set_cookie, "") << site;
  }
  EXPECT_NE(VisitorOf({{"sec-fetch-site", "same-origin"}}, BeaconOfVisit(), {})
                .set_cookie,
            "");
}

}  // namespace
}  // namespace kith::gateway
