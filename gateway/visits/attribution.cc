#include "gateway/visits/attribution.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace kith::gateway {
namespace {

using contacts::v1::Attribution;
using edge::FindParameter;

constexpr char kDirect[] = "direct";
constexpr char kNoMedium[] = "none";
constexpr char kReferral[] = "referral";

struct KnownSource {
  absl::string_view key;
  absl::string_view source;
  absl::string_view medium;
};

// The parameters that ad systems add to the links of their ads. Facebook adds
// its own to all links.
constexpr KnownSource kClickIds[] = {
    {"gclid", "google", "cpc"},       {"wbraid", "google", "cpc"},
    {"gbraid", "google", "cpc"},      {"dclid", "google", "display"},
    {"msclkid", "bing", "cpc"},       {"yclid", "yandex", "cpc"},
    {"ttclid", "tiktok", "cpc"},      {"twclid", "twitter", "cpc"},
    {"li_fat_id", "linkedin", "cpc"}, {"fbclid", "facebook", "social"}};

// Domains, with all hosts below them.
constexpr KnownSource kDomains[] = {{"duckduckgo.com", "duckduckgo", "organic"},
                                    {"ecosia.org", "ecosia", "organic"},
                                    {"qwant.com", "qwant", "organic"},
                                    {"startpage.com", "startpage", "organic"},
                                    {"search.brave.com", "brave", "organic"},
                                    {"baidu.com", "baidu", "organic"},
                                    {"search.seznam.cz", "seznam", "organic"},
                                    {"search.naver.com", "naver", "organic"},
                                    {"kagi.com", "kagi", "organic"},
                                    {"facebook.com", "facebook", "social"},
                                    {"instagram.com", "instagram", "social"},
                                    {"linkedin.com", "linkedin", "social"},
                                    {"lnkd.in", "linkedin", "social"},
                                    {"twitter.com", "twitter", "social"},
                                    {"t.co", "twitter", "social"},
                                    {"x.com", "twitter", "social"},
                                    {"youtube.com", "youtube", "social"},
                                    {"reddit.com", "reddit", "social"},
                                    {"pinterest.com", "pinterest", "social"},
                                    {"tiktok.com", "tiktok", "social"}};

// Search engines with a host for each country, "google.co.uk".
constexpr absl::string_view kCountryEngines[] = {"google", "bing", "yahoo",
                                                 "yandex"};

// Hosts of theirs that are no search.
constexpr absl::string_view kOtherUses[] = {"mail",  "accounts", "docs",
                                            "drive", "groups",   "login"};

constexpr absl::string_view kSecondLevels[] = {"ac", "co",  "com", "edu",
                                               "ne", "net", "or",  "org"};

bool IsWithin(absl::string_view host, absl::string_view domain) {
  return host == domain || (absl::EndsWith(host, domain) &&
                            host[host.size() - domain.size() - 1] == '.');
}

// Returns the name of the search engine that has the host; empty if none has.
// "google.example.com" is somebody else's.
absl::string_view EngineOf(absl::string_view host) {
  const std::vector<absl::string_view> labels = absl::StrSplit(host, '.');
  const auto name = absl::c_find_first_of(labels, kCountryEngines);
  const auto behind = std::distance(name, labels.end());
  if (behind != 2 && behind != 3) return "";
  if (behind == 3 && !absl::c_linear_search(kSecondLevels, *(name + 1))) {
    return "";
  }
  const bool other_use =
      std::any_of(labels.begin(), name, [](absl::string_view label) {
        return absl::c_linear_search(kOtherUses, label);
      });
  return other_use ? "" : *name;
}

Attribution AttributionWith(absl::string_view source,
                            absl::string_view medium) {
  Attribution made;
  made.set_utm_source(std::string(source));
  made.set_utm_medium(std::string(medium));
  return made;
}

// By 1.
std::optional<Attribution> ByCampaign(const edge::Query& query) {
  Attribution made = AttributionWith(FindParameter(query, "utm_source"),
                                     FindParameter(query, "utm_medium"));
  made.set_utm_campaign(std::string(FindParameter(query, "utm_campaign")));
  if (made.ByteSizeLong() == 0) return std::nullopt;
  return made;
}

// By 2.
std::optional<Attribution> ByClickId(const edge::Query& query) {
  for (const KnownSource& known : kClickIds) {
    if (FindParameter(query, known.key).empty()) continue;
    return AttributionWith(known.source, known.medium);
  }
  return std::nullopt;
}

absl::string_view AffiliateOf(const edge::Query& query,
                              const config::v1::VisitRules& rules) {
  for (const std::string& name : rules.affiliate_parameters()) {
    const absl::string_view value = FindParameter(query, name);
    if (!value.empty()) return value;
  }
  return "";
}

bool IsTenantsPage(const PageAddress& page,
                   const config::v1::VisitRules& rules) {
  return absl::c_any_of(rules.origins(), [&](const std::string& origin) {
    const auto own = ReadAddress(origin);
    return own.has_value() && own->host == page.host;
  });
}

// By 4 or 5.
Attribution ByReferrer(const PageAddress& page,
                       const std::optional<PageAddress>& referrer,
                       const config::v1::VisitRules& rules) {
  if (!referrer.has_value() || referrer->host == page.host ||
      IsTenantsPage(*referrer, rules)) {
    return AttributionWith(kDirect, kNoMedium);
  }
  for (const KnownSource& known : kDomains) {
    if (IsWithin(referrer->host, known.key)) {
      return AttributionWith(known.source, known.medium);
    }
  }
  const absl::string_view engine = EngineOf(referrer->host);
  return engine.empty() ? AttributionWith(referrer->host, kReferral)
                        : AttributionWith(engine, "organic");
}

}  // namespace

Attribution AttributionOf(const PageAddress& page,
                          const std::optional<PageAddress>& referrer,
                          const config::v1::VisitRules& rules) {
  const absl::string_view affiliate = AffiliateOf(page.query, rules);
  std::optional<Attribution> made = ByCampaign(page.query);
  if (!made.has_value()) made = ByClickId(page.query);
  if (!made.has_value() && !affiliate.empty()) {
    made = AttributionWith(affiliate, "affiliate");
  }
  if (!made.has_value()) made = ByReferrer(page, referrer, rules);
  made->set_affiliate(std::string(affiliate));
  made->set_landing_page(page.place);
  if (referrer.has_value()) made->set_referrer(referrer->place);
  return *std::move(made);
}

bool IsDirect(const Attribution& attribution) {
  return attribution.utm_source() == kDirect &&
         attribution.utm_medium() == kNoMedium;
}

bool CanBeLast(const Attribution& attribution,
               const config::v1::VisitRules& rules) {
  if (IsDirect(attribution)) return false;
  // A link that names its campaign says where it was, whatever the page.
  if (attribution.utm_medium() != kReferral) return true;
  return absl::c_none_of(rules.no_last_touch_hosts(),
                         [&](const std::string& host) {
                           return IsWithin(attribution.utm_source(), host);
                         });
}

Attribution LastTouch(const std::vector<Attribution>& visits,
                      const config::v1::VisitRules& rules) {
  auto last = absl::c_find_if(visits, [&](const Attribution& visit) {
    return CanBeLast(visit, rules);
  });
  if (last == visits.end()) last = absl::c_find_if(visits, IsDirect);
  return last == visits.end() ? visits.front() : *last;
}

}  // namespace kith::gateway
