#include "tests/bench/hooks/hook_requests.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::bench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr absl::Time kSeen = absl::FromUnixSeconds(1'790'000'000);

std::string BodyOfRequest(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

TEST(HookRequestsTest, AFormAndATouchOfOneNumberAreTheSameLead) {
  const std::string form = FormRequest("/hooks/a", 7);
  EXPECT_THAT(form, StartsWith("POST /hooks/a HTTP/1.1\r\n"));
  EXPECT_THAT(BodyOfRequest(form), HasSubstr("email=lead-7@example.com&"));
  EXPECT_THAT(BodyOfRequest(form), Not(HasSubstr(" ")));
  EXPECT_THAT(form,
              HasSubstr(absl::StrCat(
                  "content-length: ", BodyOfRequest(form).size(), "\r\n")));
  const auto touch = LeadTouch(7);
  EXPECT_EQ(touch.identities(0).value(), "lead-7@example.com");
  EXPECT_EQ(LeadValue(7).value(), "lead-7@example.com");
  EXPECT_EQ(touch.interaction().external_id(), "lead-7");
}

// Else the limit of one address would be what is measured.
TEST(HookRequestsTest, EachNumberHasAnAddressOfItsOwn) {
  EXPECT_THAT(FormRequest("/", 0), HasSubstr("x-forwarded-for: 10.0.0.0\r\n"));
  EXPECT_THAT(FormRequest("/", 0x10203),
              HasSubstr("x-forwarded-for: 10.1.2.3\r\n"));
}

TEST(HookRequestsTest, TheBeaconsOfAVisitFollowEachOther) {
  EXPECT_EQ(VisitOfBeacon(3), VisitOfBeacon(0));
  EXPECT_NE(VisitOfBeacon(4), VisitOfBeacon(3));
  EXPECT_EQ(VisitOfBeacon(4).size(), 32U);
  const std::string first = BeaconRequest("/k/a/visit", 4, kSeen);
  const std::string last = BeaconRequest("/k/a/visit", 7, kSeen);
  EXPECT_THAT(BodyOfRequest(first), HasSubstr(R"("revision":1,)"));
  EXPECT_THAT(BodyOfRequest(last), HasSubstr(R"("revision":4,)"));
  EXPECT_THAT(BodyOfRequest(last), HasSubstr(R"("begun":1789999996000,)"));
  for (const std::string& beacon : {first, last}) {
    EXPECT_THAT(BodyOfRequest(beacon), HasSubstr(VisitOfBeacon(4)));
    EXPECT_THAT(beacon, HasSubstr("x-forwarded-for: 10.0.0.1\r\n"));
  }
}

}  // namespace
}  // namespace kith::bench
