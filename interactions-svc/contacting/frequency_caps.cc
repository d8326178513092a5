#include "interactions-svc/contacting/frequency_caps.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/auth/scopes.h"
#include "common/base/times.h"
#include "common/ops/metrics.h"
#include "common/status/rpc_status.h"
#include "google/rpc/error_details.pb.h"
#include "interactions-svc/activity/interaction_fields.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using config::v1::FrequencyCap;

int64_t CountOn(const v1::MarketingDay& day, const FrequencyCap& cap) {
  if (cap.topic().empty()) return day.count();
  for (const v1::MarketingTopic& topic : day.topics()) {
    if (topic.topic() == cap.topic()) return topic.count();
  }
  return 0;
}

// The number from `first` on, on as many days as the cap says.
int64_t CountWithin(absl::CivilDay first, const FrequencyCap& cap,
                    const v1::MarketingTouches& marketing) {
  int64_t count = 0;
  for (const v1::MarketingDay& day : marketing.days()) {
    const absl::CivilDay date = base::FromProto(day.date());
    if (date >= first && date < first + cap.days()) count += CountOn(day, cap);
  }
  return count;
}

// The greatest number in any window with the day in it. One that ends with the
// day, or with a later one on which there is something, is among the greatest.
int64_t MostAround(absl::CivilDay day, const FrequencyCap& cap,
                   const v1::MarketingTouches& marketing) {
  int64_t most = CountWithin(day - cap.days() + 1, cap, marketing);
  for (const v1::MarketingDay& other : marketing.days()) {
    const absl::CivilDay last = base::FromProto(other.date());
    if (last <= day || last >= day + cap.days()) continue;
    most = std::max(most, CountWithin(last - cap.days() + 1, cap, marketing));
  }
  return most;
}

bool HasScope(const base::Principal& principal, const char* scope) {
  return principal.scopes.contains(scope);
}

}  // namespace

bool IsOwnAdvertising(const base::Principal& caller,
                      const v1::Interaction& interaction) {
  if (base::IsByForm(caller.assurance) || !interaction.source().empty()) {
    return false;
  }
  return interaction.kind() == v1::KIND_AD ||
         (interaction.direction() == v1::DIRECTION_OUTBOUND &&
          interaction.purpose() == v1::PURPOSE_MARKETING);
}

bool MayBeRefused(const base::Principal& caller,
                  const v1::Interaction& interaction) {
  return IsOwnAdvertising(caller, interaction) &&
         interaction.outcome() != v1::OUTCOME_OPT_OUT_ASKED;
}

absl::Status CheckAdvertiser(const base::RequestContext& context,
                             const v1::Interaction& interaction) {
  if (!IsOwnAdvertising(*context.principal, interaction) ||
      HasScope(*context.principal, auth::kAdvertiseScope) ||
      (context.forwarder != nullptr &&
       HasScope(*context.forwarder, auth::kAdvertiseScope))) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(absl::StrCat(
      "interaction: advertising without a source needs the scope ",
      auth::kAdvertiseScope,
      "; record it by the gateway, which asks for the customer's consent, with "
      "a key of its own that has the scope, or name the source that reports "
      "it"));
}

bool IsCapped(const base::Principal& caller,
              const v1::Interaction& interaction) {
  return !caller.tenant->contact().caps().empty() &&
         !base::IsByForm(caller.assurance) && IsMarketing(interaction);
}

std::set<Uuid> CappedGroup(const Uuid& contact_id,
                           const v1::RecordInteractionRequest& request) {
  std::set<Uuid> ids = {contact_id};
  for (const std::string& id : request.member_ids()) {
    ids.insert(*Uuid::Parse(id));
  }
  return ids;
}

std::vector<v1::ReachedCap> ReachedCaps(const config::v1::ContactRules& rules,
                                        absl::string_view topic,
                                        absl::CivilDay day,
                                        const v1::MarketingTouches& marketing) {
  std::vector<v1::ReachedCap> reached;
  for (const FrequencyCap& cap : rules.caps()) {
    if (!cap.topic().empty() && cap.topic() != topic) continue;
    const int64_t counted = MostAround(day, cap, marketing);
    if (counted < cap.count()) continue;
    v1::ReachedCap& added = reached.emplace_back();
    *added.mutable_cap() = cap;
    added.set_counted(counted);
  }
  return reached;
}

absl::Status CappedError(const v1::ReachedCap& reached) {
  const FrequencyCap& cap = reached.cap();
  return status::WithReason(
      kFrequencyCap,
      absl::FailedPreconditionError(absl::StrCat(
          "interaction.purpose: the customer was advertised to ",
          reached.counted(), " times on ", cap.days(), " days",
          cap.topic().empty() ? "" : absl::StrCat(", of ", cap.topic()),
          "; the cap is ", cap.count(), "; MayContact says more")));
}

void NoteCapped(const absl::Status& recorded) {
  if (!absl::IsFailedPrecondition(recorded)) return;
  const auto info = status::FindDetail<google::rpc::ErrorInfo>(recorded);
  if (!info.has_value() || info->reason() != kFrequencyCap) return;
  ops::Counter("kith_contacts_refused_total",
               "Own advertising that was not recorded, by the reason why the "
               "customer may not be contacted.",
               {{"reason", kFrequencyCap}})
      .Increment();
}

}  // namespace kith::interactions
