#include "identity-svc/reread/reread_store.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/feed/outbox.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "identity-svc/consent/consent_move.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/locked_identity.h"

namespace kith::identity {
namespace {

using mysql::Tx;

// An identity and its other key, under their locks.
struct Places {
  StoredValue stored;
  IdentityState state;
  IdentityState other_state;
  Holdings there;
  Rereading plan = Rereading::kUnchanged;
};

// Returns nullopt if the identity is not what was read again.
absl::StatusOr<std::optional<Places>> LockPlaces(const Tx& tx,
                                                 const Reread& reread) {
  const std::string& key = reread.identity.identity_key();
  const std::string other = OtherKey(reread.identity, reread.today);
  std::set<std::string> keys = {key};
  if (!other.empty()) keys.insert(other);
  std::map<std::string, IdentityState> states;
  for (const std::string& each : keys) {
    KITH_ASSIGN_OR_RETURN(states[each], LockIdentity(tx, each));
  }
  KITH_ASSIGN_OR_RETURN(const auto identities, SelectIdentities(tx, {key}));
  const auto identity = identities.find(key);
  if (identity == identities.end() || states[key].rules >= kReadingRules ||
      identity->second.value() != reread.identity.value()) {
    return std::nullopt;
  }
  Places places;
  places.state = states[key];
  places.other_state = states[other];
  places.stored.identity = identity->second;
  KITH_ASSIGN_OR_RETURN(places.stored.holdings, SelectHoldingsOf(tx, key));
  if (!other.empty()) {
    KITH_ASSIGN_OR_RETURN(places.there, SelectHoldingsOf(tx, other));
  }
  places.plan = PlanRereading(places.stored, reread.today, places.there);
  return places;
}

absl::StatusOr<std::optional<Rereading>> UnderLocks(
    const Tx& tx, const Reread& reread,
    absl::FunctionRef<absl::Status(const Places&)> work) {
  std::optional<Rereading> plan;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    plan.reset();
    KITH_ASSIGN_OR_RETURN(const std::optional<Places> places,
                          LockPlaces(tx, reread));
    if (!places.has_value()) return absl::OkStatus();
    KITH_RETURN_IF_ERROR(work(*places));
    plan = places->plan;
    return absl::OkStatus();
  }));
  return plan;
}

// Writes the row of the reading's key, whether it is there or not.
absl::Status WriteOther(const Tx& tx, const Reread& reread,
                        const IdentityState& state, const std::string& alias_of,
                        int64_t create_micros) {
  const v1::Identity& identity = reread.today.identity;
  if (!state.exists()) KITH_RETURN_IF_ERROR(InsertIdentity(tx, identity));
  return RewriteIdentity(tx, identity, alias_of, create_micros,
                         state.is_vacant());
}

// Adds that the open holding has ended under the identity's key.
absl::Status MakeLeaving(const Tx& tx, const Places& places, Holding open,
                         std::vector<changes::v1::Change>& changes) {
  LockedIdentity locked{.identity = places.stored.identity,
                        .version = places.state.version};
  open.end_micros = absl::ToUnixMicros(tx.now);
  return MakeHoldingChanges(tx, locked, open, changes);
}

// Adds that it has begun under the reading's key.
absl::Status MakeArriving(const Tx& tx, const Reread& reread,
                          const Places& places, const Holding& open,
                          std::vector<changes::v1::Change>& changes) {
  LockedIdentity locked{.identity = reread.today.identity,
                        .version = places.other_state.version,
                        .added = !places.other_state.exists()};
  return MakeHoldingChanges(tx, locked, open, changes);
}

absl::Status MoveHoldings(const Tx& tx, const Reread& reread,
                          const Places& places) {
  const v1::Identity& from = places.stored.identity;
  const std::string& to = reread.today.identity.identity_key();
  KITH_ASSIGN_OR_RETURN(const int64_t create_micros,
                        SelectCreateMicros(tx, from.identity_key()));
  KITH_RETURN_IF_ERROR(
      WriteOther(tx, reread, places.other_state, "", create_micros));
  for (const Holding& holding : places.stored.holdings) {
    KITH_RETURN_IF_ERROR(DeleteHolding(tx, from.identity_key(), holding));
    KITH_RETURN_IF_ERROR(InsertHolding(tx, to, holding));
    if (!holding.end_micros.has_value()) continue;
    KITH_RETURN_IF_ERROR(EndHolding(tx, to, holding));
  }
  if (const Holding* const open = OpenHolding(places.stored.holdings)) {
    std::vector<changes::v1::Change> changes;
    KITH_RETURN_IF_ERROR(MakeLeaving(tx, places, *open, changes));
    KITH_RETURN_IF_ERROR(MakeArriving(tx, reread, places, *open, changes));
    KITH_RETURN_IF_ERROR(feed::AddChanges(tx, std::move(changes)));
  }
  return VacateIdentity(tx, from);
}

absl::Status JoinHoldings(const Tx& tx, const Reread& reread,
                          const Places& places) {
  const v1::Identity& from = places.stored.identity;
  const std::string& to = reread.today.identity.identity_key();
  const Holding& open = *OpenHolding(places.stored.holdings);
  KITH_RETURN_IF_ERROR(DeleteHolding(tx, from.identity_key(), open));
  std::vector<changes::v1::Change> changes;
  KITH_RETURN_IF_ERROR(MakeLeaving(tx, places, open, changes));
  KITH_RETURN_IF_ERROR(WriteRules(tx, to));
  if (OpenHolding(places.there) == nullptr) {
    Holding begun = open;
    begun.start_micros = StartOfNext(places.there, open.start_micros);
    KITH_RETURN_IF_ERROR(InsertHolding(tx, to, begun));
    KITH_RETURN_IF_ERROR(MakeArriving(tx, reread, places, begun, changes));
  }
  KITH_RETURN_IF_ERROR(feed::AddChanges(tx, std::move(changes)));
  return places.stored.holdings.size() == 1
             ? VacateIdentity(tx, from)
             : WriteRules(tx, from.identity_key());
}

absl::Status Refuse(const Tx& tx, const Places& places) {
  LockedIdentity locked{.identity = places.stored.identity,
                        .version = places.state.version};
  if (const Holding* const open = OpenHolding(places.stored.holdings)) {
    KITH_RETURN_IF_ERROR(EndHoldingNow(tx, locked, *open).status());
  }
  return WriteRules(tx, locked.identity.identity_key());
}

absl::Status CarryOut(const Tx& tx, const Reread& reread,
                      const Places& places) {
  switch (places.plan) {
    case Rereading::kMoves:
      return MoveHoldings(tx, reread, places);
    case Rereading::kJoins:
      return JoinHoldings(tx, reread, places);
    case Rereading::kRefused:
      return Refuse(tx, places);
    case Rereading::kCollides:
      return absl::OkStatus();
    case Rereading::kUnchanged:
    case Rereading::kPast:
      break;
  }
  return WriteRules(tx, places.stored.identity.identity_key());
}

}  // namespace

absl::StatusOr<std::optional<Rereading>> AddAlias(const Tx& tx,
                                                  const Reread& reread) {
  return UnderLocks(tx, reread, [&](const Places& places) -> absl::Status {
    const std::string& key = places.stored.identity.identity_key();
    if (places.plan != Rereading::kMoves ||
        places.other_state.alias_of == key) {
      return absl::OkStatus();
    }
    return WriteOther(tx, reread, places.other_state, key,
                      absl::ToUnixMicros(tx.now));
  });
}

absl::StatusOr<std::optional<Rereading>> MoveToReading(
    const Tx& tx, const Reread& reread, const SuppressionKey& key) {
  return UnderLocks(tx, reread, [&](const Places& places) -> absl::Status {
    KITH_RETURN_IF_ERROR(CarryOut(tx, reread, places));
    if (places.plan != Rereading::kMoves && places.plan != Rereading::kJoins) {
      return absl::OkStatus();
    }
    std::set<base::Uuid> holders;
    for (const Holding& holding : places.stored.holdings) {
      holders.insert(holding.contact_id);
      for (const internal::v1::Sharer& sharer :
           holding.details.sharing().sharers()) {
        holders.insert(base::Uuid::FromBytes(sharer.contact_id()));
      }
    }
    return MoveConsents(tx, key, reread.identity.identity_key(),
                        reread.today.identity.identity_key(), holders);
  });
}

absl::Status DropAlias(const Tx& tx, const v1::Identity& alias) {
  return mysql::Transact(tx, [&]() -> absl::Status {
    const std::string& key = alias.identity_key();
    KITH_ASSIGN_OR_RETURN(const IdentityState state, LockIdentity(tx, key));
    if (state.alias_of.empty() || state.rules >= kReadingRules) {
      return absl::OkStatus();
    }
    KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
    return holdings.empty() ? VacateIdentity(tx, alias) : WriteRules(tx, key);
  });
}

}  // namespace kith::identity
