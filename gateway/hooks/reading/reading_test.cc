#include "gateway/hooks/reading/reading.h"

#include <string>

#include "gateway/hooks/hook_fixture.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

config::v1::Connector ReaderOf(config::v1::HookBody body) {
  config::v1::Connector connector;
  connector.set_body(body);
  (*connector.mutable_settings())["topic"] = "lead";
  return connector;
}

Json FormRoot(const v1::HookRequest& request) {
  return ReadHook(ReaderOf(config::v1::HOOK_BODY_FORM), request, kHookTime)
      .value();
}

TEST(ReadingTest, AFormIsTextsAndLists) {
  const Json root = FormRoot(FormPost("a=1&b=x&b=y&c="));
  EXPECT_EQ(root["body"], Json::parse(R"({"a":"1","b":["x","y"],"c":""})"));
  EXPECT_EQ(root["received_time"], "2026-11-30T12:00:00Z");
  EXPECT_EQ(root["received_micros"], 1'796'040'000'000'000);
  EXPECT_EQ(root["setting"]["topic"], "lead");
  EXPECT_EQ(root["header"]["content-type"],
            "application/x-www-form-urlencoded");
}

TEST(ReadingTest, TheQueryIsBesideTheForm) {
  v1::HookRequest request = FormPost("a=1");
  request.set_target("/hooks/a?utm_source=ads&a=2");
  const Json root = FormRoot(request);
  EXPECT_EQ(root["body"]["a"], "1");
  EXPECT_EQ(root["query"]["a"], "2");
  EXPECT_EQ(root["query"]["utm_source"], "ads");
}

TEST(ReadingTest, OfAGetTheQueryIsTheForm) {
  v1::HookRequest request = FormPost("ignored=1");
  request.set_method("GET");
  request.set_target("/hooks/a?number1=555&first_name=Ada");
  EXPECT_EQ(FormRoot(request)["body"],
            Json::parse(R"({"number1":"555","first_name":"Ada"})"));
}

TEST(ReadingTest, BytesThatAreNotUtf8AreWindows1252) {
  EXPECT_EQ(FormRoot(FormPost("name=M%FCller"))["body"]["name"],
            "M\xC3\xBCller");
  EXPECT_EQ(FormRoot(FormPost("name=M%C3%BCller"))["body"]["name"],
            "M\xC3\xBCller");
}

std::string FormFault(const v1::HookRequest& request) {
  return std::string(
      ReadHook(ReaderOf(config::v1::HOOK_BODY_FORM), request, kHookTime)
          .status()
          .message());
}

TEST(ReadingTest, AFormInACharsetThatNobodyHereReadsIsAFault) {
  const std::string fault =
      "the form is in another character set, want UTF-8 or "
      "windows-1252";
  const std::string yamada = "name=%8ER%93c";
  v1::HookRequest request = FormPost(yamada);
  request.set_target("/hooks/a?encoding=Shift_JIS");
  EXPECT_EQ(FormFault(request), fault);
  EXPECT_EQ(FormFault(FormPost("_charset_=shift_jis&" + yamada)), fault);
  EXPECT_EQ(FormFault(FormPost(yamada + "&encoding=SHIFT_JIS")), fault);
  EXPECT_EQ(FormFault(HookPost(
                "/hooks/a",
                {{"content-type",
                  "application/x-www-form-urlencoded; charset=shift_jis"}},
                yamada)),
            fault);
  request.set_body("n%8Eame=x");
  EXPECT_EQ(FormFault(request), fault);
  // ISO-2022-JP is bytes of ASCII behind an escape.
  EXPECT_EQ(FormFault(FormPost("_charset_=iso-2022-jp&name=%1B%24B%3B3")),
            "the form is in another character set, want UTF-8 or windows-1252");
}

TEST(ReadingTest, AFormInAnyCharsetMayHavePlainText) {
  v1::HookRequest request = FormPost("name=Yamada&text=a%0D%0Ab%09c");
  request.set_target("/hooks/a?encoding=Shift_JIS");
  EXPECT_EQ(FormRoot(request)["body"]["name"], "Yamada");
  // What a form may mean by "encoding" beside charsets is its own business.
  for (const char* encoding :
       {"UTF-8", "iso-8859-1", "windows-1252", "h264", ""}) {
    request = FormPost("name=M%C3%BCller");
    request.set_target("/hooks/a?encoding=" + std::string(encoding));
    EXPECT_EQ(FormRoot(request)["body"]["name"], "M\xC3\xBCller") << encoding;
  }
}

absl::StatusOr<Json> JsonRoot(const std::string& body) {
  return ReadHook(ReaderOf(config::v1::HOOK_BODY_JSON), JsonPost(body),
                  kHookTime);
}

TEST(ReadingTest, JsonIsReadStrictly) {
  EXPECT_EQ(JsonRoot(R"({"a": [1, null, true]})").value()["body"],
            Json::parse(R"({"a":[1,null,true]})"));
  for (const char* body : {"", "{", "{'a':1}", R"({"a":1,})", R"({"a":1} x)",
                           R"({"a":1,"a":2})", "{\"a\":\"\xE4\"}"}) {
    EXPECT_FALSE(JsonRoot(body).ok()) << body;
  }
}

TEST(ReadingTest, DeepJsonIsRefusedAtOnce) {
  EXPECT_TRUE(JsonRoot(std::string(64, '[') + std::string(64, ']')).ok());
  EXPECT_FALSE(JsonRoot(std::string(65, '[') + std::string(65, ']')).ok());
  EXPECT_FALSE(JsonRoot(std::string(1 << 20, '[')).ok());
}

TEST(ReadingTest, WhatAnyPageMaySendIsNoHook) {
  const auto refused = [](config::v1::HookBody body, const std::string& type) {
    return !CheckBodyType(body, HookPost("/a", {{"content-type", type}}, "x"))
                .ok();
  };
  EXPECT_TRUE(refused(config::v1::HOOK_BODY_JSON, "text/plain"));
  EXPECT_TRUE(
      refused(config::v1::HOOK_BODY_JSON, "application/x-www-form-urlencoded"));
  EXPECT_FALSE(
      refused(config::v1::HOOK_BODY_JSON, "Application/JSON; charset=utf-8"));
  EXPECT_FALSE(refused(config::v1::HOOK_BODY_JSON, "application/x+json"));
  EXPECT_TRUE(refused(config::v1::HOOK_BODY_FORM, "text/plain"));
  EXPECT_TRUE(refused(config::v1::HOOK_BODY_FORM, ""));
  EXPECT_FALSE(
      refused(config::v1::HOOK_BODY_FORM, "multipart/form-data; boundary=x"));
}

}  // namespace
}  // namespace kith::gateway
