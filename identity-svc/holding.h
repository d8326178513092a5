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

// The start of an identity's first holding: an event that is told late, from
// before the value was first seen, finds its holder. The first microsecond that
// a Timestamp can say.
constexpr int64_t kFromEver = -62'135'596'800'000'000;

// A time in which a contact holds a value: a row of `holdings`.
struct Holding {
  base::Uuid contact_id;
  int64_t start_micros = kFromEver;
  // The first microsecond after it; none while it is open.
  std::optional<int64_t> end_micros;
  config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
  // The id of the API key that said so.
  std::string source;
};

// The holdings of one identity, in the order of their starts; no two overlap.
using Holdings = std::vector<Holding>;

// Whom an event at `micros` belongs to: the holding of that time, else the
// next one after it. Null where all had ended before.
const Holding* HolderOfEvent(const Holdings& holdings, int64_t micros);

// The holding at `micros`, or null.
const Holding* HolderAt(const Holdings& holdings, int64_t micros);

// The holding that has not ended, or null.
const Holding* OpenHolding(const Holdings& holdings);

// Where a new holding begins that is opened for an event at `micros`, all
// others having ended before.
int64_t StartOfNext(const Holdings& holdings, int64_t micros);

// Writes the holding into the fields of `identity` that tell of it.
void Show(const Holding& holding, v1::Identity& identity);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_HOLDING_H_
