#include "identity-svc/identity_store.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/mysql/errors.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "identity-svc/claim_plan.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_candidates.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/locked_identity.h"
#include "identity-svc/quarantine/daily_gains.h"
#include "identity-svc/quarantine/fan_in.h"
#include "identity-svc/quarantine/quarantine_store.h"
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
  claim.new_values_per_day = NewValuesPerDay(*tx.context.principal->tenant);
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
                                    Aliases* aliases = nullptr,
                                    CreateTimes* created = nullptr) {
  KITH_ASSIGN_OR_RETURN(auto identities,
                        SelectIdentities(tx, keys, aliases, created));
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
  CreateTimes created;
  KITH_ASSIGN_OR_RETURN(StoredValues values,
                        Select(tx, keys.front(), nullptr, &created));
  std::vector<v1::Identity> held;
  for (auto& [key, value] : values) {
    // What the contact only shares says nothing about it.
    const Holding* const open = OpenHolding(value.holdings);
    if (open == nullptr || open->contact_id != contact) continue;
    held.push_back(std::move(value.identity));
  }
  HolderFacts facts = FactsOf(claim, contact, held);
  facts.gained = GainedWithinDay(held, created, claim.now_micros);
  return facts;
}

// What a claim would change, and which of its values are quarantined.
struct Planned {
  ClaimPlan plan;
  std::vector<bool> quarantined;
};

// Returns of each reading whether its value is quarantined; empty if none is.
std::vector<bool> QuarantinedOf(const TouchClaim& claim,
                                const StoredValues& stored) {
  std::vector<bool> quarantined;
  for (const Reading& reading : claim.readings) {
    const auto it = stored.find(reading.identity.identity_key());
    quarantined.push_back(it != stored.end() &&
                          IsQuarantined(it->second.identity));
  }
  if (!absl::c_linear_search(quarantined, true)) quarantined.clear();
  return quarantined;
}

// Plans the claim by what is stored now. With `locked`, in a transaction, what
// it has read of the holders stays so until the end.
absl::StatusOr<Planned> Plan(const Tx& tx, TouchClaim claim, bool locked) {
  KITH_ASSIGN_OR_RETURN(const StoredValues stored, SelectMeant(tx, claim));
  claim.quarantined = QuarantinedOf(claim, stored);
  FactsByHolder facts;
  for (const Uuid& holder : HoldersInQuestion(claim, stored)) {
    if (locked) {
      KITH_RETURN_IF_ERROR(LockKeysOfContact(tx, holder, kValuesRead));
    }
    KITH_ASSIGN_OR_RETURN(facts[holder], SelectFacts(tx, claim, holder));
  }
  return Planned{PlanClaim(claim, stored, facts), std::move(claim.quarantined)};
}

// Locks what the claim may write, but for what it leaves as it is by the limit
// of a day, and the values whose companions are counted, in the order of their
// keys. Inserts the first if they are new.
absl::StatusOr<std::map<std::string, LockedIdentity>> LockAll(
    const Tx& tx, const TouchClaim& claim,
    const std::map<std::string, Companions>& companions,
    const std::set<std::string>& beyond_limit) {
  // Those that are only counted have a row.
  std::map<std::string, std::pair<v1::Identity, bool>> wanted;
  for (const auto& [key, others] : companions) {
    wanted[key].first.set_identity_key(key);
  }
  for (v1::Identity& identity : WritableIdentitiesOf(claim)) {
    const std::string key = identity.identity_key();
    if (beyond_limit.contains(key)) continue;
    wanted[key] = {std::move(identity), true};
  }
  std::map<std::string, LockedIdentity> locked;
  for (const auto& [key, one] : wanted) {
    KITH_ASSIGN_OR_RETURN(LockedIdentity row, one.second
                                                  ? LockOrInsert(tx, one.first)
                                                  : Lock(tx, one.first));
    // Of an alias and what it stands for, both of which may be here, the one
    // that has all fields stays.
    const std::string meant = row.identity.identity_key();
    if (one.second || !locked.contains(meant)) locked[meant] = std::move(row);
  }
  return locked;
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
  TouchClaim claim = MakeClaim(tx, request);
  // Most values are held already and stay as they are: no transaction.
  KITH_ASSIGN_OR_RETURN(Planned planned, Plan(tx, claim, false));
  // What a correction names was counted with the first word, or is in doubt.
  const bool counts = !claim.only_contact.has_value();
  const auto companions = counts ? CompanionsIn(tx, planned.plan.response)
                                 : std::map<std::string, Companions>();
  bool writes = !planned.plan.changes.empty();
  if (!writes) {
    KITH_ASSIGN_OR_RETURN(writes, HasNewCompanions(tx, companions));
  }
  if (!writes) return Answer(tx, request, std::move(planned.plan));
  int quarantined = 0;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    claim.quarantined = planned.quarantined;
    const std::set<std::string> beyond_limit = planned.plan.beyond_limit;
    KITH_ASSIGN_OR_RETURN(auto locked,
                          LockAll(tx, claim, companions, beyond_limit));
    KITH_ASSIGN_OR_RETURN(planned, Plan(tx, claim, true));
    // Other values are to be locked if one was quarantined or released, or if
    // the contact has got others meanwhile.
    if (planned.quarantined != claim.quarantined ||
        planned.plan.beyond_limit != beyond_limit) {
      return mysql::LostRaceError();
    }
    KITH_RETURN_IF_ERROR(WriteChanges(tx, planned.plan.changes, locked));
    quarantined = 0;
    if (!counts) return absl::OkStatus();
    KITH_ASSIGN_OR_RETURN(quarantined,
                          NoteCompanions(tx, locked, planned.plan.response));
    return absl::OkStatus();
  }));
  CountQuarantines(quarantined, /*by_person=*/false);
  return Answer(tx, request, std::move(planned.plan));
}

}  // namespace kith::identity
