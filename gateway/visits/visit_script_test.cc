#include "gateway/visits/visit_script.h"

#include <string>

#include "gateway/edge/codecs/gzip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

// Every page of a tenant loads it.
constexpr size_t kMostPacked = 2048;

TEST(VisitScriptTest, ItIsSmall) {
  ASSERT_THAT(VisitScripts(), ElementsAre(Pair("visit", Not(IsEmpty()))));
  EXPECT_LE(edge::Gzip(VisitScripts()[0].second).size(), kMostPacked);
}

// It needs no leave of a page's policy but its own address.
TEST(VisitScriptTest, ItRunsNoTextAndSetsNoCookie) {
  const std::string& script = VisitScripts()[0].second;
  for (const char* const none :
       {"eval(", "Function(", "innerHTML", ".cookie", "localStorage",
        "XMLHttpRequest", "application/json", "import "}) {
    EXPECT_THAT(script, Not(HasSubstr(none)));
  }
  EXPECT_THAT(script, HasSubstr("keepalive: true"));
  EXPECT_THAT(script, HasSubstr("sendBeacon"));
  EXPECT_THAT(script, HasSubstr("globalPrivacyControl"));
}

}  // namespace
}  // namespace kith::gateway
