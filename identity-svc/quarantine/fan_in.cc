#include "identity-svc/quarantine/fan_in.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "identity-svc/quarantine/daily_gains.h"

namespace kith::identity {
namespace {

using base::Uuid;

// Whether the value is one person's, as far as its channel tells: one browser
// is used by several, and one person has many.
bool IsOfPerson(const v1::Identity& identity) {
  switch (identity.channel()) {
    case v1::CHANNEL_VISITOR:
      return false;
    case v1::CHANNEL_PHONE:
      return absl::StartsWith(identity.normalized_value(), "+");
    default:
      return true;
  }
}

// Whether the value means one person: neither refused nor quarantined nor
// shared.
bool IsEvidence(const v1::ClaimedValue& value) {
  return value.has_identity() && !IsQuarantined(value.identity()) &&
         value.identity().stand_in_contact_id().empty();
}

bool HasCompanions(const v1::ClaimedValue& value, bool by_form) {
  if (!IsEvidence(value) || value.identity().contact_id().empty()) return false;
  return !by_form ||
         value.identity().assurance() == config::v1::ASSURANCE_UNAUTHENTICATED;
}

std::string CompanionBytes(const v1::Identity& identity) {
  const auto holder = Uuid::Parse(identity.contact_id());
  if (holder.has_value()) return std::string(holder->bytes());
  return absl::HexStringToBytes(identity.identity_key());
}

}  // namespace

int CompanionsPerDay(const config::v1::Tenant& tenant) {
  const config::v1::IdentityLimits& limits = tenant.identity_limits();
  return limits.has_companions_per_day() ? limits.companions_per_day()
                                         : kCompanionsPerDay;
}

bool IsQuarantined(const v1::Identity& identity) {
  return identity.has_quarantine() && !identity.quarantine().has_end_time();
}

std::string InWords(const v1::Quarantine& quarantine) {
  return absl::StrCat("quarantined: ", quarantine.reason());
}

std::string QuarantinedInWords(const v1::Identity& identity) {
  return IsQuarantined(identity)
             ? absl::StrCat("; ", InWords(identity.quarantine()))
             : "";
}

std::map<std::string, Companions> CompanionsOf(
    const v1::ClaimIdentitiesResponse& claimed, bool by_form) {
  std::map<std::string, Companions> found;
  for (const v1::ClaimedValue& value : claimed.values()) {
    if (!HasCompanions(value, by_form)) continue;
    const v1::Identity& own = value.identity();
    Companions companions;
    for (const v1::ClaimedValue& other : claimed.values()) {
      const v1::Identity& identity = other.identity();
      if (IsEvidence(other) && IsOfPerson(identity) &&
          identity.contact_id() != own.contact_id()) {
        companions.insert(CompanionBytes(identity));
      }
    }
    if (!companions.empty()) found[own.identity_key()] = companions;
  }
  return found;
}

FanIn CountCompanions(const SeenCompanions& seen, const Companions& companions,
                      int64_t now_micros, int per_day) {
  FanIn fan_in;
  const auto is_new = [&](const std::string& companion) {
    const auto it = seen.find(companion);
    return it == seen.end() || !IsWithinDay(it->second, now_micros);
  };
  for (const auto& [companion, micros] : seen) {
    if (IsWithinDay(micros, now_micros)) {
      ++fan_in.count;
    } else {
      fan_in.any_old = true;
    }
  }
  for (const std::string& companion : companions) {
    if (fan_in.count > per_day) break;
    if (!is_new(companion)) continue;
    fan_in.added.insert(companion);
    ++fan_in.count;
  }
  fan_in.too_many = fan_in.count > per_day;
  return fan_in;
}

}  // namespace kith::identity
