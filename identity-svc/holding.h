#ifndef KITH_IDENTITY_SVC_HOLDING_H_
#define KITH_IDENTITY_SVC_HOLDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/uuid.h"
#include "kith/config/v1/config.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Start of an identity's first holding: the first microsecond that a Timestamp
// can hold. So an event from before the value was first seen, which is reported
// late, finds the holder.
constexpr int64_t kFromEver = -62'135'596'800'000'000;

// A period in which a contact holds a value: a row of `holdings`.
struct Holding {
  base::Uuid contact_id;
  int64_t start_micros = kFromEver;
  // The first microsecond after the period; nullopt while the holding is open.
  std::optional<int64_t> end_micros;
  config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
  // The id of the API key that made the holding.
  std::string source;
};

// The holdings of one identity by rising start. They never overlap.
using Holdings = std::vector<Holding>;

// Returns the holding that an event at `micros` belongs to: the one at that
// time, else the next one after it. Null if all holdings had ended before.
const Holding* HolderOfEvent(const Holdings& holdings, int64_t micros);

// Returns the holding at `micros`, or null.
const Holding* HolderAt(const Holdings& holdings, int64_t micros);

// Returns the holding that has not ended, or null.
const Holding* OpenHolding(const Holdings& holdings);

// Returns the start of a new holding for an event at `micros`. All `holdings`
// must have ended.
int64_t StartOfNext(const Holdings& holdings, int64_t micros);

// Sets the fields of `identity` that describe its holding.
void Show(const Holding& holding, v1::Identity& identity);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_HOLDING_H_
