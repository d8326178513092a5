#include "identity-svc/identity_store.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "identity-svc/claim_plan.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_candidates.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/locked_identity.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

TouchClaim MakeClaim(const Tx& tx, const v1::ClaimIdentitiesRequest& request) {
  TouchClaim claim;
  for (const v1::ChannelValue& value : request.values()) {
    claim.readings.push_back(Read(value, *tx.context.principal->tenant));
  }
  claim.proposed_contact_id = *Uuid::Parse(request.proposed_contact_id());
  claim.now_micros = absl::ToUnixMicros(tx.now);
  claim.event_micros = request.has_event_time()
                           ? base::ToMicros(request.event_time())
                           : claim.now_micros;
  claim.assurance = tx.context.principal->assurance;
  claim.source = tx.context.principal->key_id;
  for (const std::string& id : request.identified_contact_ids()) {
    claim.identified.insert(*Uuid::Parse(id));
  }
  if (!request.only_contact_id().empty()) {
    claim.only_contact = *Uuid::Parse(request.only_contact_id());
  }
  return claim;
}

absl::StatusOr<StoredValues> Select(const Tx& tx,
                                    const std::vector<std::string>& keys,
                                    Aliases* aliases = nullptr) {
  KITH_ASSIGN_OR_RETURN(auto identities, SelectIdentities(tx, keys, aliases));
  KITH_ASSIGN_OR_RETURN(auto holdings, SelectHoldings(tx, keys));
  StoredValues stored;
  for (auto& [key, identity] : identities) {
    stored[key] = {.identity = std::move(identity),
                   .holdings = std::move(holdings[key])};
  }
  return stored;
}

// Reads what is stored of the claim's values. Has readings whose key is an
// alias mean the identity that it stands for.
absl::StatusOr<StoredValues> SelectMeant(const Tx& tx, TouchClaim& claim) {
  std::vector<std::string> keys;
  for (const v1::Identity& identity : IdentitiesOf(claim)) {
    keys.push_back(identity.identity_key());
  }
  Aliases aliases;
  KITH_ASSIGN_OR_RETURN(StoredValues stored, Select(tx, keys, &aliases));
  if (aliases.empty()) return stored;
  keys.clear();
  for (const auto& [alias, key] : aliases) keys.push_back(key);
  KITH_ASSIGN_OR_RETURN(StoredValues meant, Select(tx, keys));
  for (Reading& reading : claim.readings) {
    const auto alias = aliases.find(reading.identity.identity_key());
    if (alias == aliases.end() || !meant.contains(alias->second) ||
        !stored[alias->first].holdings.empty()) {
      continue;
    }
    reading.identity.set_identity_key(alias->second);
  }
  stored.merge(meant);
  return stored;
}

// More than any rule about a contact's values counts.
constexpr int32_t kValuesRead = 500;

absl::StatusOr<HolderFacts> SelectFacts(const Tx& tx, const TouchClaim& claim,
                                        const Uuid& contact) {
  KITH_ASSIGN_OR_RETURN(const auto keys,
                        SelectKeysOfContacts(tx, {{contact, ""}}, kValuesRead));
  KITH_ASSIGN_OR_RETURN(StoredValues values, Select(tx, keys.front()));
  std::vector<v1::Identity> held;
  for (auto& [key, value] : values) {
    // What the contact only shares says nothing about it.
    const Holding* const open = OpenHolding(value.holdings);
    if (open == nullptr || open->contact_id != contact) continue;
    held.push_back(std::move(value.identity));
  }
  return FactsOf(claim, contact, held);
}

// Plans the claim by what is stored now. With `locked`, in a transaction, what
// it has read of the holders stays so until the end.
absl::StatusOr<ClaimPlan> Plan(const Tx& tx, TouchClaim claim, bool locked) {
  KITH_ASSIGN_OR_RETURN(const StoredValues stored, SelectMeant(tx, claim));
  FactsByHolder facts;
  for (const Uuid& holder : HoldersInQuestion(claim, stored)) {
    if (locked) {
      KITH_RETURN_IF_ERROR(LockKeysOfContact(tx, holder, kValuesRead));
    }
    KITH_ASSIGN_OR_RETURN(facts[holder], SelectFacts(tx, claim, holder));
  }
  return PlanClaim(claim, stored, facts);
}

absl::StatusOr<v1::ClaimIdentitiesResponse> Answer(
    const Tx& tx, const v1::ClaimIdentitiesRequest& request, ClaimPlan plan) {
  for (int i = 0; i < request.values_size(); ++i) {
    *plan.response.mutable_values(i)->mutable_value() = request.values(i);
  }
  KITH_RETURN_IF_ERROR(AddCandidates(tx, plan.response));
  return std::move(plan.response);
}

}  // namespace

absl::StatusOr<v1::ClaimIdentitiesResponse> IdentityStore::Claim(
    const Tx& tx, const v1::ClaimIdentitiesRequest& request) const {
  const TouchClaim claim = MakeClaim(tx, request);
  // Most values are held already and stay as they are: no transaction.
  KITH_ASSIGN_OR_RETURN(ClaimPlan plan, Plan(tx, claim, false));
  if (plan.changes.empty()) return Answer(tx, request, std::move(plan));
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    std::map<std::string, LockedIdentity> locked;
    for (const v1::Identity& identity : WritableIdentitiesOf(claim)) {
      KITH_ASSIGN_OR_RETURN(LockedIdentity one, LockOrInsert(tx, identity));
      locked[one.identity.identity_key()] = std::move(one);
    }
    KITH_ASSIGN_OR_RETURN(plan, Plan(tx, claim, true));
    return WriteChanges(tx, plan.changes, locked);
  }));
  return Answer(tx, request, std::move(plan));
}

}  // namespace kith::identity
