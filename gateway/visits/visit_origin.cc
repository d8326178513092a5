#include "gateway/visits/visit_origin.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/api/limits.h"
#include "common/api/visit_source.h"
#include "common/base/times.h"
#include "common/status/whole_characters.h"

namespace kith::gateway {
namespace {

using contacts::v1::Attribution;
using interactions::v1::Interaction;

// The attribute by which a form names its visit, as its hidden field.
constexpr char kVisitAttribute[] = "kith_visit";

// As the value of an attribute has.
constexpr size_t kMaxValue = 1000;

std::string ValueOfAttribute(absl::string_view prefix, absl::string_view name,
                             const Interaction& interaction) {
  const auto found = interaction.attributes().find(absl::StrCat(prefix, name));
  return found == interaction.attributes().end() ? "" : found->second;
}

}  // namespace

bool IsOfOrigin(absl::string_view key) {
  return absl::StartsWith(key, kFirstTouch) ||
         absl::StartsWith(key, kLastTouch);
}

bool IsVisitId(absl::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

void SetValue(absl::string_view key, absl::string_view value,
              Interaction& interaction) {
  if (value.empty()) return;
  (*interaction.mutable_attributes())[std::string(key)] =
      std::string(status::FirstCharacters(value, kMaxValue));
}

void SetTouch(absl::string_view prefix, const Attribution& attribution,
              Interaction& interaction) {
  const auto set = [&](absl::string_view name, absl::string_view value) {
    SetValue(absl::StrCat(prefix, name), value, interaction);
  };
  set("source", attribution.utm_source());
  set("medium", attribution.utm_medium());
  set("campaign", attribution.utm_campaign());
  set("affiliate", attribution.affiliate());
  set("landing_page", attribution.landing_page());
  set("referrer", attribution.referrer());
  if (!attribution.has_touch_time()) return;
  set("time", absl::FormatTime(absl::RFC3339_full,
                               base::FromProto(attribution.touch_time()),
                               absl::UTCTimeZone()));
}

Attribution TouchOf(absl::string_view prefix, const Interaction& interaction) {
  const auto value = [&](absl::string_view name) {
    return ValueOfAttribute(prefix, name, interaction);
  };
  Attribution touch;
  touch.set_utm_source(value("source"));
  touch.set_utm_medium(value("medium"));
  touch.set_utm_campaign(value("campaign"));
  touch.set_affiliate(value("affiliate"));
  touch.set_landing_page(value("landing_page"));
  touch.set_referrer(value("referrer"));
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, value("time"), &time, &error)) {
    *touch.mutable_touch_time() = base::ToProto(time);
  }
  return touch;
}

bool SaysOrigin(const Attribution& attribution) {
  Attribution timeless = attribution;
  timeless.clear_touch_time();
  return timeless.ByteSizeLong() > 0;
}

std::string VisitNamedBy(const v1::RecordTouchRequest& touch) {
  const Interaction& interaction = touch.interaction();
  if (!interaction.source().empty()) return "";
  std::string visit = ValueOfAttribute(kVisitAttribute, "", interaction);
  return IsVisitId(visit) ? visit : "";
}

interactions::v1::FindRecordingRequest FindVisitRequest(
    const std::string& visit_id) {
  interactions::v1::FindRecordingRequest find;
  Interaction& visit = *find.mutable_request()->mutable_interaction();
  visit.set_kind(interactions::v1::KIND_WEB_EVENT);
  visit.set_source(api::kVisitSource);
  visit.set_external_id(visit_id);
  // Lower than that of any beacon, so that the answer has what is stored.
  visit.set_source_revision(0);
  return find;
}

VisitOrigin OriginOf(const Interaction& visit) {
  if (visit.source() != api::kVisitSource || visit.automated()) return {};
  VisitOrigin origin = {.first = TouchOf(kFirstTouch, visit)};
  for (const auto& [key, value] : visit.attributes()) {
    if (IsOfOrigin(key)) origin.attributes.emplace(key, value);
  }
  return origin;
}

void AddOrigin(const VisitOrigin& origin, Interaction& interaction) {
  auto& attributes = *interaction.mutable_attributes();
  for (const auto& [key, value] : origin.attributes) {
    if (attributes.size() >= api::kMaxAttributes) return;
    attributes.insert({key, value});
  }
}

void ClearOrigin(Interaction& interaction) {
  auto& attributes = *interaction.mutable_attributes();
  for (auto each = attributes.begin(); each != attributes.end();) {
    each = IsOfOrigin(each->first) ? attributes.erase(each) : std::next(each);
  }
}

}  // namespace kith::gateway
