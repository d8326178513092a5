#ifndef KITH_IDENTITY_SVC_QUARANTINE_DAILY_GAINS_H_
#define KITH_IDENTITY_SVC_QUARANTINE_DAILY_GAINS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "kith/config/v1/config.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The limit of the values that touches give to one contact within a day.

// What a day is for limits: the 24 hours before a touch arrives.
constexpr int64_t kLimitDayMicros = 86'400'000'000;

// Returns true if `micros` is within the day that ends now.
bool IsWithinDay(int64_t micros, int64_t now_micros);

// Values of one channel that a contact may get within a day, if the tenant does
// not say.
constexpr int kNewValuesPerDay = 20;

// Those that the tenant allows.
int NewValuesPerDay(const config::v1::Tenant& tenant);

// Numbers of values.
using ValuesByChannel = std::map<v1::Channel, int>;

// Returns how many of the values, which a contact holds, became known within
// the day. `created_micros` has when they did, by key. A pure function.
ValuesByChannel GainedWithinDay(
    absl::Span<const v1::Identity> held,
    const absl::flat_hash_map<std::string, int64_t>& created_micros,
    int64_t now_micros);

// Counts the values that one touch gives to its contact. For one thread.
class DailyGains {
 public:
  // The contact has `gained` within the day already.
  DailyGains(ValuesByChannel gained, int per_day);

  // Returns true if the contact may get the value, and counts it. A value that
  // the touch names again is answered the same, and counts once.
  bool Add(const v1::Identity& identity);

 private:
  ValuesByChannel gained_;
  const int per_day_;
  std::map<std::string, bool> answered_;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_QUARANTINE_DAILY_GAINS_H_
