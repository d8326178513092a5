#include "identity-svc/identity_store.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/feed/outbox.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "identity-svc/claim_plan.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_candidates.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/keyed_query.h"
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
  KITH_ASSIGN_OR_RETURN(auto identities, SelectIdentities(tx, keys.front()));
  std::vector<v1::Identity> held;
  for (auto& [key, identity] : identities) held.push_back(std::move(identity));
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

absl::Status Write(const Tx& tx, const HoldingChange& change) {
  if (change.old_start_micros.has_value()) {
    return ChangeHolding(tx, change.identity_key, change.holding,
                         *change.old_start_micros);
  }
  return change.holding.end_micros.has_value()
             ? EndHolding(tx, change.identity_key, change.holding)
             : InsertHolding(tx, change.identity_key, change.holding);
}

// Writes what a claim changes, and tells the feed.
absl::Status Carry(const Tx& tx, const std::vector<HoldingChange>& changes,
                   std::map<std::string, LockedIdentity>& locked) {
  std::vector<changes::v1::Change> noted;
  for (const HoldingChange& change : changes) {
    KITH_RETURN_IF_ERROR(Write(tx, change));
    KITH_ASSIGN_OR_RETURN(
        noted.emplace_back(),
        MakeHoldingChange(tx, locked[change.identity_key], change.holding));
  }
  return feed::AddChanges(tx, std::move(noted));
}

absl::StatusOr<v1::ClaimIdentitiesResponse> Answer(
    const Tx& tx, const v1::ClaimIdentitiesRequest& request, ClaimPlan plan) {
  for (int i = 0; i < request.values_size(); ++i) {
    *plan.response.mutable_values(i)->mutable_value() = request.values(i);
  }
  KITH_RETURN_IF_ERROR(AddCandidates(tx, plan.response));
  return std::move(plan.response);
}

// The value with the newest of its holdings that `matches`. NOT_FOUND where
// there is none.
template <typename Matches>
absl::StatusOr<v1::Identity> WithHolding(const Tx& tx, const std::string& key,
                                         Matches matches) {
  KITH_ASSIGN_OR_RETURN(const StoredValues stored, Select(tx, {key}));
  if (const auto it = stored.find(key); it != stored.end()) {
    const Holdings& holdings = it->second.holdings;
    const auto holding =
        std::find_if(holdings.rbegin(), holdings.rend(), matches);
    if (holding != holdings.rend()) {
      v1::Identity identity = it->second.identity;
      Show(*holding, identity);
      return identity;
    }
  }
  return absl::NotFoundError("value: the contact does not hold it");
}

// Does the work of a request, unless it was done before; answers what tells its
// result from others. The value's row is locked, so that of two copies of the
// request the second sees what the first has done.
absl::StatusOr<std::string> Once(
    const Tx& tx, const mysql::IdempotencyKey& request,
    absl::FunctionRef<absl::StatusOr<std::string>()> work) {
  KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                        mysql::FindRequest(tx, request));
  if (known.has_value()) return *known;
  KITH_ASSIGN_OR_RETURN(const std::string result, work());
  KITH_RETURN_IF_ERROR(mysql::AddRequest(tx, request, result));
  return result;
}

// The ids of a customer: the contact that a request names, and its group. None
// where it only asks for what it has done before.
template <typename Request>
absl::flat_hash_set<Uuid> IdsOf(const Request& request) {
  absl::flat_hash_set<Uuid> ids;
  if (!request.contact_id().empty()) {
    ids.insert(*Uuid::Parse(request.contact_id()));
  }
  for (const std::string& id : request.member_ids()) {
    ids.insert(*Uuid::Parse(id));
  }
  return ids;
}

// The key of a request, without the fields that may differ in a retry.
mysql::IdempotencyKey KeyOf(const Tx& tx, v1::LinkIdentityRequest request) {
  request.clear_member_ids();
  request.clear_absent_contact_ids();
  return mysql::KeyOf(tx, request);
}
mysql::IdempotencyKey KeyOf(const Tx& tx, v1::UnlinkIdentityRequest request) {
  request.clear_member_ids();
  request.clear_absent_contact_ids();
  return mysql::KeyOf(tx, request);
}

// True if the request says that the holder is no contact.
template <typename Request>
bool IsNamedAbsent(const Request& request, const Holding& holding) {
  return absl::c_any_of(request.absent_contact_ids(),
                        [&](const std::string& id) {
                          return Uuid::Parse(id) == holding.contact_id;
                        });
}

// True if the request says so, and the holding is not of a touch that still
// makes its contact.
template <typename Request>
absl::StatusOr<bool> IsAbsent(const Tx& tx, const std::string& key,
                              const Request& request, const Holding& holding) {
  if (!IsNamedAbsent(request, holding)) return false;
  KITH_ASSIGN_OR_RETURN(const int64_t create_micros,
                        SelectCreateMicros(tx, key));
  return !MayBeInTheMaking(holding, create_micros, absl::ToUnixMicros(tx.now));
}

// Gives the value to the contact of the request, where nobody holds it. Answers
// the bytes of the holder, who is one of its `ids`.
absl::StatusOr<std::string> Hold(const Tx& tx, LockedIdentity& locked,
                                 const v1::LinkIdentityRequest& request,
                                 const absl::flat_hash_set<Uuid>& ids) {
  if (ids.empty()) return mysql::NothingToRepeatError();
  const std::string& key = locked.identity.identity_key();
  KITH_ASSIGN_OR_RETURN(Holdings holdings, SelectHoldingsOf(tx, key));
  if (const Holding* const open = OpenHolding(holdings); open != nullptr) {
    if (ids.contains(open->contact_id)) {
      Holding known = *open;
      if (RaiseAssurance(tx.context.principal->assurance,
                         tx.context.principal->key_id, known)) {
        KITH_RETURN_IF_ERROR(ChangeHolding(tx, key, known, known.start_micros));
        KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, known));
      }
      return std::string(known.contact_id.bytes());
    }
    KITH_ASSIGN_OR_RETURN(const bool absent, IsAbsent(tx, key, request, *open));
    if (!absent) {
      return absl::AlreadyExistsError(absl::StrCat(
          "value: held by the contact ", open->contact_id.ToString()));
    }
    KITH_ASSIGN_OR_RETURN(holdings.back(), EndHoldingNow(tx, locked, *open));
  }
  const Holding begun{
      .contact_id = *Uuid::Parse(request.contact_id()),
      .start_micros = StartOfNext(holdings, absl::ToUnixMicros(tx.now)),
      .end_micros = std::nullopt,
      .assurance = tx.context.principal->assurance,
      .source = tx.context.principal->key_id};
  KITH_RETURN_IF_ERROR(InsertHolding(tx, key, begun));
  KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, begun));
  return std::string(begun.contact_id.bytes());
}

std::string EndOf(const Holding& holding) {
  return holding.end_micros.has_value() ? absl::StrCat(*holding.end_micros)
                                        : "";
}

// Ends the holding of the value by one of `ids`; answers EndOf it.
absl::StatusOr<std::string> End(const Tx& tx, LockedIdentity& locked,
                                const v1::UnlinkIdentityRequest& request,
                                const absl::flat_hash_set<Uuid>& ids) {
  if (ids.empty()) return mysql::NothingToRepeatError();
  const std::string& key = locked.identity.identity_key();
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  const Holding* const open = OpenHolding(holdings);
  if (open == nullptr || !ids.contains(open->contact_id)) {
    return absl::NotFoundError("value: the contact does not hold it");
  }
  KITH_ASSIGN_OR_RETURN(const bool absent, IsAbsent(tx, key, request, *open));
  if (IsNamedAbsent(request, *open) && !absent) {
    return absl::NotFoundError(
        "value: its holder has no contact yet, which a touch may be making");
  }
  KITH_ASSIGN_OR_RETURN(const Holding ended, EndHoldingNow(tx, locked, *open));
  return EndOf(ended);
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
    return Carry(tx, plan.changes, locked);
  }));
  return Answer(tx, request, std::move(plan));
}

absl::StatusOr<v1::LinkIdentityResponse> IdentityStore::Link(
    const Tx& tx, const v1::LinkIdentityRequest& request) const {
  const Reading reading = Read(request.value(), *tx.context.principal->tenant);
  if (!reading.refusal.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("value: ", reading.refusal));
  }
  mysql::IdempotencyKey log = KeyOf(tx, request);
  // Without a request_id nothing is stored: a repeat finds its own holding.
  log.request_id = request.request_id();
  const absl::flat_hash_set<Uuid> ids = IdsOf(request);
  v1::LinkIdentityResponse response;
  v1::Identity& identity = *response.mutable_identity();
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(LockedIdentity locked,
                          LockOrInsert(tx, reading.identity));
    const std::string& key = locked.identity.identity_key();
    KITH_ASSIGN_OR_RETURN(const std::string holder, Once(tx, log, [&] {
                            return Hold(tx, locked, request, ids);
                          }));
    KITH_ASSIGN_OR_RETURN(identity,
                          WithHolding(tx, key, [&](const Holding& holding) {
                            return holding.contact_id.bytes() == holder;
                          }));
    return absl::OkStatus();
  }));
  KITH_RETURN_IF_ERROR(AddCandidates(tx, response));
  return response;
}

absl::StatusOr<v1::UnlinkIdentityResponse> IdentityStore::Unlink(
    const Tx& tx, const v1::UnlinkIdentityRequest& request) const {
  const absl::flat_hash_set<Uuid> ids = IdsOf(request);
  const Reading reading = Read(request.value(), *tx.context.principal->tenant);
  const mysql::IdempotencyKey log = KeyOf(tx, request);
  v1::UnlinkIdentityResponse response;
  v1::Identity& identity = *response.mutable_identity();
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(LockedIdentity locked, Lock(tx, reading.identity));
    const std::string& key = locked.identity.identity_key();
    // The holding is known again by its end, which no other has.
    KITH_ASSIGN_OR_RETURN(const std::string end, Once(tx, log, [&] {
                            return End(tx, locked, request, ids);
                          }));
    KITH_ASSIGN_OR_RETURN(identity,
                          WithHolding(tx, key, [&](const Holding& holding) {
                            return EndOf(holding) == end;
                          }));
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace kith::identity
