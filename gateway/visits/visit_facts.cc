#include "gateway/visits/visit_facts.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/api/visit_source.h"
#include "common/base/times.h"
#include "gateway/visits/attribution.h"
#include "gateway/visits/page_address.h"
#include "gateway/visits/visit_origin.h"
#include "gateway/visits/visitor_cookie.h"

namespace kith::gateway {
namespace {

using contacts::v1::Attribution;
using interactions::v1::Interaction;

constexpr absl::Duration kLongestVisit = absl::Hours(24);

// How far the clock of a visitor may be from ours.
constexpr absl::Duration kClockSkew = absl::Minutes(5);

constexpr absl::string_view kAdIds[] = {
    "gclid", "wbraid", "gbraid",    "dclid",  "msclkid",
    "yclid", "ttclid", "li_fat_id", "twclid", "fbclid"};

bool IsCountry(absl::string_view text) {
  return text.size() == 2 && absl::c_all_of(text, absl::ascii_isupper);
}

// By the clock of the visitor, which says the same in each beacon, so that the
// visit keeps its place in the timeline; else by what has passed since.
absl::Time BegunOf(const internal::v1::VisitBeacon& beacon, absl::Time now) {
  const absl::Time by_ours =
      now - std::min(absl::Milliseconds(beacon.ms()), kLongestVisit);
  const absl::Time by_theirs = absl::FromUnixMillis(beacon.begun());
  const bool agrees = by_theirs <= now && by_theirs >= by_ours - kClockSkew &&
                      by_theirs <= by_ours + kClockSkew;
  return agrees ? by_theirs : by_ours;
}

std::string ClickIdIn(const edge::Query& query) {
  for (const absl::string_view name : kAdIds) {
    const absl::string_view value = edge::FindParameter(query, name);
    if (!value.empty()) return absl::StrCat(name, "=", value);
  }
  return "";
}

// "call=2; price=1", in the order of the names.
std::string ClicksOf(const internal::v1::VisitBeacon& beacon) {
  const std::map<std::string, int32_t> clicks(beacon.clicks().begin(),
                                              beacon.clicks().end());
  return absl::StrJoin(clicks, "; ", absl::PairFormatter("="));
}

// The attributes that say what the visitor did.
void SetDeeds(const internal::v1::VisitBeacon& beacon,
              Interaction& interaction) {
  SetValue("pages", absl::StrCat(beacon.pages()), interaction);
  SetValue("seconds",
           absl::StrCat(std::min(beacon.ms() / 1000,
                                 absl::ToInt64Seconds(kLongestVisit))),
           interaction);
  SetValue("clicks", ClicksOf(beacon), interaction);
  if (beacon.first_page_submit()) {
    SetValue("first_page_submit", "true", interaction);
  }
  if (!beacon.conversions().empty()) {
    SetValue("converted", "true", interaction);
    SetValue("conversions", absl::StrJoin(beacon.conversions(), "; "),
             interaction);
  }
  if (const auto exit = ReadAddress(beacon.exit()); exit.has_value()) {
    SetValue("exit_page", exit->place, interaction);
  }
}

}  // namespace

std::optional<VisitFacts> FactsOf(const internal::v1::VisitBeacon& beacon,
                                  const std::string& visitor,
                                  const edge::Headers& headers,
                                  const config::v1::VisitRules& rules,
                                  absl::Time now) {
  const auto page = ReadAddress(beacon.page());
  if (!page.has_value() ||
      !absl::c_linear_search(rules.origins(), page->origin)) {
    return std::nullopt;
  }
  const absl::string_view agent = edge::FindHeader(headers, "user-agent");
  const absl::string_view country =
      rules.country_header().empty()
          ? absl::string_view()
          : edge::FindHeader(headers, rules.country_header());
  VisitFacts facts = {
      .beacon = beacon,
      .visitor = visitor,
      .begun = BegunOf(beacon, now),
      .attribution =
          AttributionOf(*page, ReadAddress(beacon.referrer()), rules),
      .verdict = VerdictOf(agent, edge::FindHeader(headers, "sec-purpose"),
                           beacon.robot()),
      .device = std::string(DeviceOf(agent)),
      .country = IsCountry(country) ? std::string(country) : "",
      .click_id = ClickIdIn(page->query),
      .wants_privacy = WantsPrivacy(headers, beacon)};
  *facts.attribution.mutable_touch_time() = base::ToProto(facts.begun);
  return facts;
}

v1::RecordTouchRequest VisitTouch(const VisitFacts& facts,
                                  const Attribution& first,
                                  const Attribution& last) {
  v1::RecordTouchRequest touch;
  identity::v1::ChannelValue& value = *touch.add_identities();
  value.set_channel(identity::v1::CHANNEL_VISITOR);
  value.set_value(facts.visitor);
  const bool human = facts.verdict.visitor == Visitor::kHuman;
  // Where a program came from is no lead's first touch.
  if (human) *touch.mutable_contact()->mutable_attribution() = first;
  Interaction& interaction = *touch.mutable_interaction();
  interaction.set_kind(interactions::v1::KIND_WEB_EVENT);
  interaction.set_topic(api::kVisitTopic);
  interaction.set_source(api::kVisitSource);
  interaction.set_external_id(facts.beacon.visit());
  interaction.set_source_revision(facts.beacon.revision());
  interaction.set_automated(!human);
  *interaction.mutable_occurred_time() = base::ToProto(facts.begun);
  SetTouch(kOwnTouch, facts.attribution, interaction);
  SetTouch(kFirstTouch, first, interaction);
  SetTouch(kLastTouch, last, interaction);
  SetValue("click_id", facts.click_id, interaction);
  SetDeeds(facts.beacon, interaction);
  SetValue("country", facts.country, interaction);
  SetValue("device", facts.device, interaction);
  SetValue("verdict", NameOf(facts.verdict.visitor), interaction);
  SetValue("verdict_reason", facts.verdict.reason, interaction);
  if (facts.wants_privacy) SetValue("gpc", "true", interaction);
  return touch;
}

std::optional<Attribution> AttributionOfVisit(const Interaction& interaction) {
  if (interaction.source() != api::kVisitSource || interaction.automated()) {
    return std::nullopt;
  }
  return TouchOf(kOwnTouch, interaction);
}

}  // namespace kith::gateway
