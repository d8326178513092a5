#include "gateway/visits/beacon.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// As the script of visits writes it, with fields that are its own.
constexpr char kSent[] =
    R"({"visit":"0123456789abcdef0123456789abcdef","revision":7,)"
    R"("page":"https://shop.example.com/?utm_source=news",)"
    R"("referrer":"","pages":2,"clicks":{"call":2,"price":1},)"
    R"("conversions":["signup",""],"begun":1790000000000,"visitor":"x",)"
    R"("at":1790000012000,"ms":12000,"exit":"https://shop.example.com/b",)"
    R"("noCookie":false,"gpc":true,"robot":false,"firstPageSubmit":true})";

std::string With(const std::string& old, const std::string& text) {
  return absl::StrReplaceAll(kSent, {{old, text}});
}

TEST(BeaconTest, WhatTheScriptSendsIsRead) {
  const auto beacon = ReadBeacon(kSent);
  ASSERT_THAT(beacon, IsOk());
  EXPECT_EQ(beacon->visit(), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(beacon->revision(), 7);
  EXPECT_EQ(beacon->ms(), 12000);
  EXPECT_EQ(beacon->begun(), 1790000000000);
  EXPECT_EQ(beacon->page(), "https://shop.example.com/?utm_source=news");
  EXPECT_EQ(beacon->exit(), "https://shop.example.com/b");
  EXPECT_EQ(beacon->pages(), 2);
  EXPECT_THAT(beacon->clicks(),
              UnorderedElementsAre(Pair("call", 2), Pair("price", 1)));
  EXPECT_THAT(beacon->conversions(), ElementsAre("signup", ""));
  EXPECT_TRUE(beacon->first_page_submit());
  EXPECT_TRUE(beacon->gpc());
  EXPECT_FALSE(beacon->no_cookie());
  EXPECT_FALSE(beacon->robot());
}

TEST(BeaconTest, WhatIsNoneIsRefused) {
  for (const std::string& body :
       {std::string(), std::string("a=b"), std::string("[]"),
        std::string(R"({"visit":)"), std::string("null"),
        With(R"("pages":2)", R"("pages":"many")"),
        With(R"("clicks":{)", R"("clicks":[{)"), With("news", "\xff"),
        absl::StrCat(kSent, kSent)}) {
    EXPECT_THAT(ReadBeacon(body), StatusIs(StatusCode::kInvalidArgument))
        << body;
  }
}

TEST(BeaconTest, EachFieldIsBounded) {
  struct Row {
    std::string body;
    const char* field;
  };
  const std::string long_page(8200, 'p');
  const std::string long_name(41, 'n');
  for (const Row& row : {
           Row{With("0123456789abcdef0123456789abcdef", "1"), "visit"},
           Row{With("0123456789abcdef0123456789abcdef",
                    "0123456789ABCDEF0123456789ABCDEF"),
               "visit"},
           Row{With(R"("revision":7)", R"("revision":0)"), "revision"},
           Row{With(R"("revision":7)", R"("revision":9007199254740993)"),
               "revision"},
           Row{With(R"("ms":12000)", R"("ms":-1)"), "ms"},
           Row{With("news", long_page), "page"},
           Row{With(R"("referrer":"")",
                    absl::StrCat(R"("referrer":")", long_page, R"(")")),
               "referrer"},
           Row{With("com/b", absl::StrCat("com/", long_page)), "exit"},
           Row{With(R"("pages":2)", R"("pages":0)"), "pages"},
           Row{With(R"("pages":2)", R"("pages":100001)"), "pages"},
           Row{With(R"("call":2)", R"("call":0)"), "clicks"},
           Row{With(R"("call":2)", R"("call":100001)"), "clicks"},
           Row{With("call", long_name), "clicks"},
           Row{With("signup", long_name), "conversions"},
       }) {
    EXPECT_THAT(ReadBeacon(row.body),
                StatusIs(StatusCode::kInvalidArgument, row.field))
        << row.body;
  }
}

TEST(BeaconTest, ListsAreBounded) {
  std::string names = R"("signup")";
  std::string clicks = R"("call":2)";
  for (int i = 0; i < 8; ++i) absl::StrAppend(&names, R"(,"more")");
  for (int i = 0; i < 18; ++i) absl::StrAppend(&clicks, R"(,"c)", i, R"(":1)");
  EXPECT_THAT(ReadBeacon(With(R"("signup")", names)), IsOk());
  EXPECT_THAT(ReadBeacon(With(R"("call":2)", clicks)), IsOk());
  EXPECT_THAT(ReadBeacon(With(R"("signup")", names + R"(,"more")")),
              StatusIs(StatusCode::kInvalidArgument, "conversions"));
  EXPECT_THAT(ReadBeacon(With(R"("call":2)", clicks + R"(,"c18":1)")),
              StatusIs(StatusCode::kInvalidArgument, "clicks"));
}

TEST(BeaconTest, ABodyThatIsTooLongIsNotRead) {
  const std::string spaces(kMaxBeaconBytes, ' ');
  EXPECT_THAT(ReadBeacon(spaces + kSent),
              StatusIs(StatusCode::kInvalidArgument, "too long"));
}

// Anybody may send anything, and a page may show what is answered.
TEST(BeaconTest, AnErrorHasNothingOfTheBody) {
  for (const char* const field : {"visit", "page", "exit"}) {
    const auto refused = ReadBeacon(
        absl::StrCat(R"({"revision":1,"pages":1,")", field,
                     R"(":"ada@example.com)", std::string(9000, 'x'), "\"}"));
    EXPECT_THAT(refused, Not(IsOk()));
    EXPECT_THAT(std::string(refused.status().message()),
                Not(::testing::HasSubstr("ada")));
  }
}

}  // namespace
}  // namespace kith::gateway
