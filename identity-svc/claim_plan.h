#ifndef KITH_IDENTITY_SVC_CLAIM_PLAN_H_
#define KITH_IDENTITY_SVC_CLAIM_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/uuid.h"
#include "identity-svc/holding.h"
#include "identity-svc/values/value_reading.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The rules of who gets the values of one touch. Pure functions: the store
// reads, asks, and writes what the answer says.

// A touch that claims its values.
struct TouchClaim {
  // In the order of the request; the first is the one it arrived by.
  std::vector<Reading> readings;
  base::Uuid proposed_contact_id;
  int64_t event_micros = 0;
  int64_t now_micros = 0;
  config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
  // The id of the API key.
  std::string source;
};

// What is stored of a value.
struct StoredValue {
  // Its row in `identities`.
  v1::Identity identity;
  Holdings holdings;
};

// By identity key; what is not stored is not there.
using StoredValues = std::map<std::string, StoredValue>;

// One row of `holdings` to write.
struct HoldingChange {
  std::string identity_key;
  // As it is to be.
  Holding holding;
  // Where the row is there already and only its start moves back.
  std::optional<int64_t> old_start_micros;
};

// What comes of a claim.
struct ClaimPlan {
  // One value for each reading, without the value as typed.
  v1::ClaimResponse response;
  std::vector<HoldingChange> changes;
};

// All values that are no placeholders, each once, in the order of their keys;
// of several spellings the first.
std::vector<v1::Identity> IdentitiesOf(const TouchClaim& claim);

// Those among them that the claim may write: all, but of an unauthenticated
// one only the first value of the touch.
std::vector<v1::Identity> WritableIdentitiesOf(const TouchClaim& claim);

// Whom the touch belongs to, what is answered, and what is to be written. A
// value that nobody held at the time of the event goes to the contact; the
// holder of the next holding after it, where there is one, counts as its
// holder, and that holding then begins with the event.
ClaimPlan PlanClaim(const TouchClaim& claim, const StoredValues& stored);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CLAIM_PLAN_H_
