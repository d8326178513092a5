#ifndef KITH_IDENTITY_SVC_CLAIM_PLAN_H_
#define KITH_IDENTITY_SVC_CLAIM_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "identity-svc/holding.h"
#include "identity-svc/touch_owner.h"
#include "identity-svc/values/value_reading.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The rules that decide which contact gets the values of a touch. Pure
// functions: IdentityStore reads, plans and writes the plan.

// A touch that claims its values.
struct TouchClaim {
  // In the order of the request; the first is the value that the touch arrived
  // by.
  std::vector<Reading> readings;
  base::Uuid proposed_contact_id;
  int64_t event_micros = 0;
  int64_t now_micros = 0;
  config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
  // The id of the API key.
  std::string source;
  // Contacts that are identified although they may hold VISITOR values alone.
  absl::flat_hash_set<base::Uuid> identified;
  // If set, nobody else gets a value, nor this contact unless the touch belongs
  // to it by a value that it holds.
  std::optional<base::Uuid> only_contact = {};
};

// What is stored about a value.
struct StoredValue {
  // Its row in `identities`.
  v1::Identity identity;
  Holdings holdings;
};

// Stored values by identity key; values that are not stored are missing.
using StoredValues = std::map<std::string, StoredValue>;

// The result of planning a claim.
struct ClaimPlan {
  // Has a value for each reading, in order. The value as typed is not set.
  v1::ClaimIdentitiesResponse response;
  std::vector<HoldingChange> changes;
};

// Returns the values that are not placeholders, each once, by rising key. Of
// several spellings of a value the first one counts.
std::vector<v1::Identity> IdentitiesOf(const TouchClaim& claim);

// Returns those of them that count, and that the claim may write: all but a
// second id of one system, and for an unauthenticated claim only the first of
// them.
std::vector<v1::Identity> WritableIdentitiesOf(const TouchClaim& claim);

// Returns the contacts whose HolderFacts PlanClaim needs, in order: none if the
// claim gives no value to anybody, and takes none.
std::vector<base::Uuid> HoldersInQuestion(const TouchClaim& claim,
                                          const StoredValues& stored);

// Returns the facts about a contact that holds `identities` now.
HolderFacts FactsOf(const TouchClaim& claim, const base::Uuid& contact,
                    absl::Span<const v1::Identity> identities);

// Decides which contact the touch belongs to, what to answer and what to write.
//
// - If nobody holds a value at the time of the event, the holder of the next
//   holding after it counts as the holder; if the touch belongs to that
//   contact, that holding then begins with the event. If there is no later
//   holding, the touch's contact gets the value.
// - A verified claim takes a value from the open holding of an unauthenticated
//   one: the touch's contact gets it from now on, and events of any time before
//   are the contact's, as that holding becomes void. A browser's is not void,
//   but ends with the event. Likewise a claim that is at least
//   reported ends that of an anonymous visitor, if it names a stronger value of
//   the contact. A guest keeps the browser, which is NOT_CLAIMED then: the two
//   may be one customer. Such a claim that comes again is answered the former
//   holder again, since its touch may have been cut off.
// - A claim of the holder's raises the assurance of what only a form has said.
// - A shared value never decides and never changes. The touch belongs to its
//   stand-in contact if no other value counts.
ClaimPlan PlanClaim(const TouchClaim& claim, const StoredValues& stored,
                    const FactsByHolder& facts);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CLAIM_PLAN_H_
