#include "gateway/hooks/reading/text_steps.h"

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

config::v1::TextStep StepOf(const std::string& text) {
  config::v1::TextStep step;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &step))
      << text;
  return step;
}

absl::TimeZone Vienna() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Vienna", &zone));
  return zone;
}

// The text after a step, or "fault: " and why there is none.
std::string After(const std::string& step, const std::string& text) {
  const auto result = ApplyStep(StepOf(step), text, Vienna());
  return result.ok() ? *result
                     : "fault: " + std::string(result.status().message());
}

TEST(TextStepsTest, TakesParts) {
  EXPECT_EQ(After("strip_prefix: 'whatsapp:'", "whatsapp:+431"), "+431");
  EXPECT_EQ(After("strip_prefix: 'whatsapp:'", "+431"), "+431");
  EXPECT_EQ(After("before: ';'", "text/plain; a=b"), "text/plain");
  EXPECT_EQ(After("before: ';'", "text/plain"), "text/plain");
  EXPECT_EQ(After("after: '='", "a=b=c"), "b=c");
  EXPECT_EQ(After("after: '='", "abc"), "");
  EXPECT_EQ(After("text_case: TEXT_CASE_LOWER", "ABC"), "abc");
  EXPECT_EQ(After("text_case: TEXT_CASE_UPPER", "eur"), "EUR");
  EXPECT_EQ(After("at_most: 2", "\xC3\xA4\xC3\xB6\xC3\xBC"),
            "\xC3\xA4\xC3\xB6");
  EXPECT_EQ(After("at_most: 9", "abc"), "abc");
}

TEST(TextStepsTest, MapsTexts) {
  const std::string map = "map { texts { key: 'busy' value: 'MISSED' } ";
  EXPECT_EQ(After(map + "}", "busy"), "MISSED");
  EXPECT_EQ(After(map + "}", "Busy"), "");
  EXPECT_EQ(After(map + "otherwise: 'ANSWERED' }", "x"), "ANSWERED");
}

TEST(TextStepsTest, ReadsTimesOfEachForm) {
  const std::string noon = "2026-11-30T12:00:00Z";
  EXPECT_EQ(After("time { named: NAMED_TIME_FORMAT_RFC3339 }",
                  "2026-11-30T13:00:00+01:00"),
            noon);
  EXPECT_EQ(After("time { named: NAMED_TIME_FORMAT_RFC2822 }",
                  "Mon, 30 Nov 2026 12:00:00 +0000"),
            noon);
  EXPECT_EQ(After("time { named: NAMED_TIME_FORMAT_RFC2822 }",
                  "30 Nov 2026 13:00:00 +0100 (CET)"),
            noon);
  EXPECT_EQ(After("time { named: NAMED_TIME_FORMAT_RFC2822 }",
                  "Mon, 30 Nov 2026 12:00:00 GMT"),
            noon);
  EXPECT_EQ(
      After("time { named: NAMED_TIME_FORMAT_UNIX_SECONDS }", "1796040000"),
      noon);
  EXPECT_EQ(
      After("time { named: NAMED_TIME_FORMAT_UNIX_SECONDS }", "1796040000.5"),
      "2026-11-30T12:00:00.5Z");
  EXPECT_EQ(After("time { named: NAMED_TIME_FORMAT_UNIX_MILLISECONDS }",
                  "1796040000001"),
            "2026-11-30T12:00:00.001Z");
}

TEST(TextStepsTest, APatternIsInTheZoneOfTheTenant) {
  const std::string pattern = "time { pattern: '%Y-%m-%d %H:%M:%E*S' ";
  EXPECT_EQ(After(pattern + "}", "2026-11-30 13:00:00.250"),
            "2026-11-30T12:00:00.25Z");
  EXPECT_EQ(
      After(pattern + "zone: 'America/New_York' }", "2026-11-30 07:00:00"),
      "2026-11-30T12:00:00Z");
  // In summer Vienna is two hours ahead.
  EXPECT_EQ(After(pattern + "}", "2026-07-01 14:00:00"),
            "2026-07-01T12:00:00Z");
}

TEST(TextStepsTest, WhatIsNoTimeIsAFault) {
  EXPECT_EQ(After("time { named: NAMED_TIME_FORMAT_RFC3339 }", "noon"),
            "fault: is no time since 1970 in the form RFC3339");
  EXPECT_EQ(After("time { pattern: '%Y' }", "x"),
            "fault: is no time since 1970 in the form \"%Y\"");
  for (const char* text : {"-1", "nan", "inf", "1e300", "x", "253402300800"}) {
    EXPECT_EQ(After("time { named: NAMED_TIME_FORMAT_UNIX_SECONDS }", text)
                  .substr(0, 6),
              "fault:")
        << text;
  }
  EXPECT_EQ(
      After("time { named: NAMED_TIME_FORMAT_RFC3339 }", "infinite-future")
          .substr(0, 6),
      "fault:");
}

TEST(TextStepsTest, FindsAHeaderOfAMail) {
  const std::string headers =
      "Received: by mx\r\n\twith SMTP\r\nMessage-ID: <a@x>\r\n"
      "References: <b@x>\r\n <c@x>\nSubject: message-id: <no@x>\r\n";
  EXPECT_EQ(After("mail_header: 'message-id'", headers), "<a@x>");
  EXPECT_EQ(After("mail_header: 'References'", headers), "<b@x> <c@x>");
  EXPECT_EQ(After("mail_header: 'In-Reply-To'", headers), "");
}

}  // namespace
}  // namespace kith::gateway
