#include "identity-svc/quarantine/daily_gains.h"

#include <utility>

namespace kith::identity {

bool IsWithinDay(int64_t micros, int64_t now_micros) {
  return micros > now_micros - kLimitDayMicros;
}

int NewValuesPerDay(const config::v1::Tenant& tenant) {
  const config::v1::IdentityLimits& limits = tenant.identity_limits();
  return limits.has_new_values_per_day() ? limits.new_values_per_day()
                                         : kNewValuesPerDay;
}

ValuesByChannel GainedWithinDay(
    absl::Span<const v1::Identity> held,
    const absl::flat_hash_map<std::string, int64_t>& created_micros,
    int64_t now_micros) {
  ValuesByChannel gained;
  for (const v1::Identity& identity : held) {
    const auto created = created_micros.find(identity.identity_key());
    if (created != created_micros.end() &&
        IsWithinDay(created->second, now_micros)) {
      ++gained[identity.channel()];
    }
  }
  return gained;
}

DailyGains::DailyGains(ValuesByChannel gained, int per_day)
    : gained_(std::move(gained)), per_day_(per_day) {}

bool DailyGains::Add(const v1::Identity& identity) {
  const auto [answer, is_new] =
      answered_.try_emplace(identity.identity_key(), false);
  if (is_new) answer->second = ++gained_[identity.channel()] <= per_day_;
  return answer->second;
}

}  // namespace kith::identity
