#include "gateway/hooks/answers.h"

#include <string>

#include "gateway/hooks/hook_fixture.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using config::v1::AnswerRule;

AnswerRule RedirectTo(const std::string& more) {
  return HookProto<AnswerRule>(
      "redirect { address { path: 'body.retURL' } hosts: 'www.shop.example' " +
      more + " }");
}

// Where a form that names this address leads; empty if nowhere.
std::string LocationOf(const AnswerRule& rule, const std::string& address) {
  const Json root = {{"body", {{"retURL", address}}}};
  const v1::HookAnswer answer = MakeAnswer(rule, &root, kHookEntry);
  EXPECT_EQ(answer.status(), answer.location().empty() ? 204 : 303);
  return answer.location();
}

TEST(AnswersTest, SendsAPersonToAnAllowedHost) {
  const AnswerRule rule = RedirectTo("");
  EXPECT_EQ(LocationOf(rule, "https://www.shop.example/thanks?a=1#top"),
            "https://www.shop.example/thanks?a=1#top");
  EXPECT_EQ(LocationOf(rule, "https://WWW.shop.example"),
            "https://WWW.shop.example");
}

TEST(AnswersTest, NoFormLeadsToAnotherHost) {
  const AnswerRule rule = RedirectTo("");
  for (const char* address : {"",
                              "http://www.shop.example/",
                              "//www.shop.example/",
                              "https://evil.example/",
                              "https://www.shop.example.evil.example/",
                              "https://evil.example/www.shop.example",
                              "https://evil.example#www.shop.example",
                              "https://www.shop.example@evil.example/",
                              "https://www.shop.example:444/",
                              "https://shop.example/",
                              "https:/www.shop.example/",
                              "https:///www.shop.example/",
                              "https://evil.example\\www.shop.example/",
                              "https://www.shop.example\\.evil.example/",
                              "https://www.shop.example/\r\nset-cookie: a=b",
                              "https://www.shop.example/ x",
                              "https:evil.example",
                              "https:\\\\www.shop.example/",
                              "https://www.shop.example:x@evil.example/",
                              "https://www.shop.example%40evil.example/",
                              "https://www.shop.example%2Fevil.example/",
                              "https://www.shop.example;.evil.example/",
                              "https://www.shop.example./",
                              "https://www.shop.ex\xC3\xA4mple/",
                              "https://www.shop.example\xEF\xBC\x8F/",
                              "HTTPS://evil.example/",
                              "data:text/html,x",
                              "javascript:alert(1)",
                              " https://www.shop.example/",
                              "https://www.shop.example\t/",
                              "/thanks",
                              "https://[::1]/"}) {
    EXPECT_EQ(LocationOf(rule, address), "") << address;
  }
  EXPECT_EQ(
      LocationOf(rule, "https://www.shop.example/" + std::string(2'000, 'a')),
      "");
}

TEST(AnswersTest, OtherwiseAPersonIsSentToTheTenantsPage) {
  const AnswerRule rule =
      RedirectTo("otherwise: 'https://www.shop.example/thanks'");
  EXPECT_EQ(LocationOf(rule, "https://evil.example/"),
            "https://www.shop.example/thanks");
  // Also if the form could not be read.
  EXPECT_EQ(MakeAnswer(rule, nullptr, kHookEntry).location(),
            "https://www.shop.example/thanks");
}

TEST(AnswersTest, ParametersAreAddedToTheQuery) {
  const AnswerRule rule = RedirectTo(
      "parameters { key: 'F9errCode' value: '0' } "
      "parameters { key: 'F9errDesc' value: '' } "
      "parameters { key: 'r' value: '{receipt} &' }");
  const std::string added =
      "F9errCode=0&F9errDesc=&r=" + std::string(kHookEntry) + "%20%26";
  EXPECT_EQ(LocationOf(rule, "https://www.shop.example/a#b"),
            "https://www.shop.example/a?" + added + "#b");
  EXPECT_EQ(LocationOf(rule, "https://www.shop.example/a?x=1"),
            "https://www.shop.example/a?x=1&" + added);
}

TEST(AnswersTest, ABodyHasTheReceipt) {
  const v1::HookAnswer answer = MakeAnswer(
      HookProto<AnswerRule>(
          R"(content_type: 'application/json' body: '{"id":"{receipt}"}')"),
      nullptr, kHookEntry);
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.content_type(), "application/json");
  EXPECT_EQ(answer.body(), "{\"id\":\"" + std::string(kHookEntry) + "\"}");
}

TEST(AnswersTest, TheStatusIsTheTenants) {
  EXPECT_EQ(MakeAnswer({}, nullptr, kHookEntry).status(), 204);
  EXPECT_EQ(
      MakeAnswer(HookProto<AnswerRule>("status: 202"), nullptr, kHookEntry)
          .status(),
      202);
}

}  // namespace
}  // namespace kith::gateway
