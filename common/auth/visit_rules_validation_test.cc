#include "common/auth/visit_rules_validation.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace kith::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kShop[] = "origins: 'https://shop.example.com' ";

std::vector<std::string> FaultsOfVisitRules(const std::string& text) {
  config::v1::VisitRules rules;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rules));
  return FaultsOf(rules);
}

TEST(VisitRulesValidationTest, AnOriginIsAllThatIsNeeded) {
  EXPECT_THAT(FaultsOfVisitRules(kShop), IsEmpty());
  EXPECT_THAT(FaultsOfVisitRules("origins: 'http://127.0.0.1:8080'"),
              IsEmpty());
  EXPECT_THAT(FaultsOfVisitRules("no_cookies: true"),
              ElementsAre("visits.origins: none, want 1 or more"));
}

TEST(VisitRulesValidationTest, OriginsAreThoseThatBrowsersSend) {
  for (const char* const bad :
       {"shop.example.com", "https://shop.example.com/", "https://",
        "https://Shop.example.com", "ftp://shop.example.com",
        "https://a@b.example", "https://*.example.com"}) {
    EXPECT_THAT(FaultsOfVisitRules(absl::StrCat("origins: '", bad, "'")),
                ElementsAre(HasSubstr("visits.origins[0], want")))
        << bad;
  }
}

TEST(VisitRulesValidationTest, OtherFieldsHaveTheirForms) {
  struct Row {
    const char* good;
    const char* bad;
  };
  for (const Row& row :
       {Row{"no_last_touch_hosts: 'pay.example.com'",
            "no_last_touch_hosts: 'https://pay.example.com'"},
        Row{"affiliate_parameters: 'Aff_id'", "affiliate_parameters: 'a b'"},
        Row{"country_header: 'cf-ipcountry'",
            "country_header: 'CF-IPCountry'"}}) {
    EXPECT_THAT(FaultsOfVisitRules(absl::StrCat(kShop, row.good)), IsEmpty())
        << row.good;
    EXPECT_THAT(FaultsOfVisitRules(absl::StrCat(kShop, row.bad)),
                ElementsAre(HasSubstr("want")))
        << row.bad;
  }
}

TEST(VisitRulesValidationTest, ListsAreBounded) {
  struct Row {
    const char* each;
    int most;
  };
  for (const Row& row : {Row{"origins: 'https://a.example' ", 99},
                         Row{"no_last_touch_hosts: 'a.example' ", 100},
                         Row{"affiliate_parameters: 'a' ", 10}}) {
    std::string rules = kShop;
    for (int i = 0; i < row.most; ++i) absl::StrAppend(&rules, row.each);
    EXPECT_THAT(FaultsOfVisitRules(rules), IsEmpty()) << row.each;
    absl::StrAppend(&rules, row.each);
    EXPECT_THAT(FaultsOfVisitRules(rules),
                ElementsAre(HasSubstr("want at most")))
        << row.each;
  }
}

}  // namespace
}  // namespace kith::auth
