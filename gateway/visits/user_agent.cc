#include "gateway/visits/user_agent.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace kith::gateway {
namespace {

// Filters and previews of mail programs and messengers, in lower case.
constexpr absl::string_view kScanners[] = {
    "barracuda",        "bingpreview",     "cloudmark",      "facebookexternal",
    "googleimageproxy", "linkedinbot",     "mimecast",       "proofpoint",
    "safelinks",        "skypeuripreview", "slack-imgproxy", "slackbot",
    "telegrambot",      "twitterbot",      "whatsapp",       "discordbot",
    "yahoomailproxy"};

// Crawlers, monitors and libraries whose names do not end in "bot".
constexpr absl::string_view kBots[] = {"headlesschrome",
                                       "phantomjs",
                                       "puppeteer",
                                       "playwright",
                                       "selenium",
                                       "lighthouse",
                                       "pagespeed",
                                       "pingdom",
                                       "uptimerobot",
                                       "statuscake",
                                       "gtmetrix",
                                       "curl/",
                                       "wget/",
                                       "python-requests",
                                       "python-urllib",
                                       "aiohttp",
                                       "httpx",
                                       "go-http-client",
                                       "okhttp/",
                                       "java/",
                                       "apache-httpclient",
                                       "libwww-perl",
                                       "node-fetch",
                                       "axios/",
                                       "postmanruntime",
                                       "scrapy",
                                       "slurp",
                                       "mediapartners-google",
                                       "adsbot",
                                       "google-inspectiontool",
                                       "googleother",
                                       "bytespider",
                                       "yandeximages",
                                       "baiduspider",
                                       "archive.org_bot",
                                       "ia_archiver",
                                       "feedfetcher",
                                       "claude-web",
                                       "chatgpt-user",
                                       "perplexity-user",
                                       "facebookcatalog",
                                       "meta-externalagent"};

constexpr absl::string_view kEndings[] = {"bot", "crawler", "spider"};

// Makers of phones whose names end like those of crawlers.
constexpr absl::string_view kPhones[] = {"cubot"};

bool IsLetter(char c) { return absl::ascii_isalpha(c); }

// Returns the first word that ends in "bot", "crawler" or "spider" and is no
// phone's; empty if there is none.
absl::string_view CrawlerIn(absl::string_view agent) {
  for (size_t begin = 0; begin < agent.size();) {
    size_t end = begin;
    while (end < agent.size() && IsLetter(agent[end])) ++end;
    const absl::string_view word = agent.substr(begin, end - begin);
    for (const absl::string_view ending : kEndings) {
      if (!absl::EndsWith(word, ending)) continue;
      bool is_phone = false;
      for (const absl::string_view phone : kPhones) is_phone |= word == phone;
      if (!is_phone) return ending;
    }
    begin = end + 1;
  }
  return "";
}

Verdict Because(Visitor visitor, absl::string_view word) {
  return {visitor, absl::StrCat("user agent: ", absl::StripSuffix(word, "/"))};
}

}  // namespace

Verdict VerdictOf(absl::string_view user_agent, absl::string_view purpose,
                  bool robot) {
  const std::string agent = absl::AsciiStrToLower(user_agent);
  for (const absl::string_view word : kScanners) {
    if (absl::StrContains(agent, word)) return Because(Visitor::kScanner, word);
  }
  for (const absl::string_view word : kBots) {
    if (absl::StrContains(agent, word)) return Because(Visitor::kBot, word);
  }
  const absl::string_view crawler = CrawlerIn(agent);
  if (!crawler.empty()) return Because(Visitor::kBot, crawler);
  if (agent.empty()) return {Visitor::kBot, "no user agent"};
  if (robot) return {Visitor::kBot, "driven by a program"};
  if (absl::StrContains(purpose, "prefetch")) {
    return {Visitor::kScanner, "prefetched"};
  }
  return {};
}

absl::string_view NameOf(Visitor visitor) {
  switch (visitor) {
    case Visitor::kBot:
      return "bot";
    case Visitor::kScanner:
      return "scanner";
    default:
      return "human";
  }
}

absl::string_view DeviceOf(absl::string_view user_agent) {
  const auto has = [&](absl::string_view word) {
    return absl::StrContains(user_agent, word);
  };
  if (has("iPad") || has("Tablet") || has("Silk/") || has("Kindle")) {
    return "tablet";
  }
  // Android says Mobile on phones alone.
  if (has("Android")) return has("Mobile") ? "phone" : "tablet";
  if (has("iPhone") || has("iPod") || has("Mobile") || has("Windows Phone")) {
    return "phone";
  }
  if (has("Windows NT") || has("Macintosh") || has("X11;") || has("CrOS")) {
    return "desktop";
  }
  return "other";
}

}  // namespace kith::gateway
