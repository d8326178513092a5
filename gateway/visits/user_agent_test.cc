#include "gateway/visits/user_agent.h"

#include <string>

#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

constexpr char kChromeOnWindows[] =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/120.0.0.0 Safari/537.36";

struct AgentRow {
  const char* agent;
  // "human desktop", or the reason.
  const char* wanted;
};

// As the makers publish them: developers.google.com/search/docs/crawling-
// indexing, www.bing.com/webmasters/help, api.slack.com/robots,
// developers.facebook.com/docs/sharing/webmasters,
// platform.openai.com/docs/bots and github.com/monperrus/crawler-user-agents;
// browsers by developer.mozilla.org (User-Agent).
constexpr AgentRow kAgents[] = {
    {kChromeOnWindows, "human desktop"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
     "(KHTML, like Gecko) Version/17.2 Safari/605.1.15",
     "human desktop"},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
     "human desktop"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) "
     "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 "
     "Safari/604.1",
     "human phone"},
    {"Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 "
     "(KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1",
     "human tablet"},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like "
     "Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
     "human phone"},
    {"Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, "
     "like Gecko) Chrome/120.0.0.0 Safari/537.36",
     "human tablet"},
    // A phone whose maker is called like a crawler.
    {"Mozilla/5.0 (Linux; Android 8.1.0; CUBOT_P20) AppleWebKit/537.36 "
     "(KHTML, like Gecko) Chrome/79.0.3945.93 Mobile Safari/537.36",
     "human phone"},
    {"Mozilla/5.0 (Linux; Android 7.0; CUBOT NOTE Plus) AppleWebKit/537.36 "
     "(KHTML, like Gecko) Chrome/68.0.3440.91 Mobile Safari/537.36",
     "human phone"},
    {"Mozilla/5.0 (compatible; Googlebot/2.1; "
     "+http://www.google.com/bot.html)",
     "user agent: bot"},
    {"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) "
     "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile "
     "Safari/537.36 (compatible; Googlebot/2.1; "
     "+http://www.google.com/bot.html)",
     "user agent: bot"},
    {"Mozilla/5.0 (compatible; bingbot/2.0; "
     "+http://www.bing.com/bingbot.htm)",
     "user agent: bot"},
    {"Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
     "user agent: bot"},
    {"Mozilla/5.0 (compatible; Baiduspider/2.0; "
     "+http://www.baidu.com/search/spider.html)",
     "user agent: baiduspider"},
    {"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
     "user agent: bot"},
    {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; "
     "GPTBot/1.0; +https://openai.com/gptbot)",
     "user agent: bot"},
    {"Mozilla/5.0 (compatible; Yahoo! Slurp; "
     "http://help.yahoo.com/help/us/ysearch/slurp)",
     "user agent: slurp"},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "HeadlessChrome/120.0.0.0 Safari/537.36",
     "user agent: headlesschrome"},
    {"curl/7.88.1", "user agent: curl"},
    {"python-requests/2.28.1", "user agent: python-requests"},
    {"Go-http-client/2.0", "user agent: go-http-client"},
    {"", "no user agent"},
    {"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
     "user agent: slackbot"},
    {"facebookexternalhit/1.1 "
     "(+http://www.facebook.com/externalhit_uatext.php)",
     "user agent: facebookexternal"},
    {"Twitterbot/1.0", "user agent: twitterbot"},
    {"LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient "
     "+http://www.linkedin.com)",
     "user agent: linkedinbot"},
    {"WhatsApp/2.23.20.0", "user agent: whatsapp"},
    {"TelegramBot (like TwitterBot)", "user agent: telegrambot"},
    {"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like "
     "Gecko) BingPreview/1.0b",
     "user agent: bingpreview"},
};

TEST(UserAgentTest, WhoOpensPages) {
  for (const AgentRow& row : kAgents) {
    const Verdict verdict = VerdictOf(row.agent, "", /*robot=*/false);
    const std::string told = verdict.visitor == Visitor::kHuman
                                 ? "human " + std::string(DeviceOf(row.agent))
                                 : verdict.reason;
    EXPECT_EQ(told, row.wanted) << row.agent;
  }
}

TEST(UserAgentTest, ScannersAreToldFromBots) {
  EXPECT_EQ(VerdictOf("Twitterbot/1.0", "", false).visitor, Visitor::kScanner);
  EXPECT_EQ(VerdictOf("curl/7.88.1", "", false).visitor, Visitor::kBot);
  EXPECT_EQ(NameOf(Visitor::kHuman), "human");
  EXPECT_EQ(NameOf(Visitor::kBot), "bot");
  EXPECT_EQ(NameOf(Visitor::kScanner), "scanner");
}

TEST(UserAgentTest, ABrowserMayTellThatNobodyLooks) {
  const Verdict driven = VerdictOf(kChromeOnWindows, "", /*robot=*/true);
  EXPECT_EQ(driven.visitor, Visitor::kBot);
  EXPECT_EQ(driven.reason, "driven by a program");
  const Verdict prefetched =
      VerdictOf(kChromeOnWindows, "prefetch;prerender", /*robot=*/false);
  EXPECT_EQ(prefetched.visitor, Visitor::kScanner);
  EXPECT_EQ(prefetched.reason, "prefetched");
}

// What anybody may write into the header does not come back.
TEST(UserAgentTest, AReasonHasKnownWordsAlone) {
  EXPECT_EQ(VerdictOf("ada@example.com bot", "", false).reason,
            "user agent: bot");
  EXPECT_EQ(VerdictOf("SecretCrawler/1", "", false).reason,
            "user agent: crawler");
  EXPECT_EQ(DeviceOf("ada@example.com"), "other");
}

}  // namespace
}  // namespace kith::gateway
