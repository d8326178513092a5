#include "identity-svc/quarantine/quarantine_store.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/request_context.h"
#include "common/base/times.h"
#include "common/feed/outbox.h"
#include "common/mysql/transaction.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"
#include "identity-svc/holding.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/quarantine/companion_row.h"
#include "identity-svc/quarantine/quarantine_row.h"
#include "identity-svc/values/value_reading.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::identity {
namespace {

using mysql::Tx;

prometheus::Counter& Quarantines(bool by_person) {
  return ops::Counter("kith_identity_quarantines_total",
                      "Channel values that were quarantined, by who did it.",
                      {{"by", by_person ? "person" : "companions"}});
}

// Adds a change of the value to the feed, under its next version.
absl::Status TellFeed(const Tx& tx, LockedIdentity& locked,
                      changes::v1::Change change) {
  ++locked.version;
  const std::string& key = locked.identity.identity_key();
  KITH_RETURN_IF_ERROR(MoveVersion(tx, key, locked.version));
  change.set_owner(key);
  change.set_owner_version(locked.version);
  return feed::AddChanges(tx, {std::move(change)});
}

// Quarantines the value, which `identity` tells then.
absl::Status Begin(const Tx& tx, LockedIdentity& locked,
                   v1::Quarantine quarantine, v1::Identity& identity) {
  const std::string& key = locked.identity.identity_key();
  *quarantine.mutable_start_time() = base::ToProto(tx.now);
  KITH_RETURN_IF_ERROR(WriteQuarantine(tx, key, quarantine));
  KITH_RETURN_IF_ERROR(DeleteCompanions(tx, key));
  changes::v1::Change change;
  changes::v1::IdentityQuarantined& begun =
      *change.mutable_identity_quarantined();
  begun.set_channel(identity.channel());
  begun.set_contact_id(identity.contact_id());
  begun.set_companion_count(quarantine.companion_count());
  *identity.mutable_quarantine() = std::move(quarantine);
  return TellFeed(tx, locked, std::move(change));
}

// Ends the quarantine of the value, which `identity` tells then.
absl::Status End(const Tx& tx, LockedIdentity& locked,
                 const std::string& reason, v1::Identity& identity) {
  v1::Quarantine& quarantine = *identity.mutable_quarantine();
  *quarantine.mutable_end_time() = base::ToProto(tx.now);
  quarantine.set_end_reason(reason);
  quarantine.set_released_by(tx.context.principal->key_id);
  KITH_RETURN_IF_ERROR(
      WriteQuarantine(tx, locked.identity.identity_key(), quarantine));
  changes::v1::Change change;
  changes::v1::IdentityReleased& ended = *change.mutable_identity_released();
  ended.set_channel(identity.channel());
  ended.set_contact_id(identity.contact_id());
  return TellFeed(tx, locked, std::move(change));
}

// Returns the value with its holder, if it has one. NOT_FOUND if nobody has
// ever held it.
absl::StatusOr<v1::Identity> SelectEverHeld(const Tx& tx,
                                            const std::string& key) {
  KITH_ASSIGN_OR_RETURN(auto identities, SelectIdentities(tx, {key}));
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  const auto found = identities.find(key);
  if (found == identities.end() || holdings.empty()) {
    return absl::NotFoundError("value: no contact has ever held it");
  }
  if (const Holding* const open = OpenHolding(holdings)) {
    Show(*open, found->second);
  }
  return std::move(found->second);
}

// Has `work` change a value under its lock. Returns the value as it left it.
absl::StatusOr<v1::Identity> UnderLock(
    const Tx& tx, const v1::ChannelValue& value,
    absl::FunctionRef<absl::Status(LockedIdentity&, v1::Identity&)> work) {
  const Reading reading = Read(value, *tx.context.principal->tenant);
  if (!reading.refusal.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("value: ", reading.refusal));
  }
  v1::Identity identity;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(LockedIdentity locked, Lock(tx, reading.identity));
    KITH_ASSIGN_OR_RETURN(identity,
                          SelectEverHeld(tx, locked.identity.identity_key()));
    return work(locked, identity);
  }));
  return identity;
}

v1::Quarantine ByCompanions(int count) {
  v1::Quarantine quarantine;
  quarantine.set_companion_count(count);
  quarantine.set_reason(
      absl::StrCat("it came beside values of ", count, " others within a day"));
  return quarantine;
}

std::vector<std::string> KeysOf(
    const std::map<std::string, Companions>& companions) {
  std::vector<std::string> keys;
  keys.reserve(companions.size());
  for (const auto& [key, others] : companions) keys.push_back(key);
  return keys;
}

// Tells the claimed values with this key.
void Tell(const v1::Identity& quarantined,
          v1::ClaimIdentitiesResponse& claimed) {
  for (v1::ClaimedValue& value : *claimed.mutable_values()) {
    if (value.identity().identity_key() != quarantined.identity_key()) continue;
    value.set_outcome(v1::CLAIM_OUTCOME_QUARANTINED);
    value.set_reason(InWords(quarantined.quarantine()));
    *value.mutable_identity()->mutable_quarantine() = quarantined.quarantine();
  }
}

// The value as the claim answers it.
const v1::Identity& IdentityIn(const v1::ClaimIdentitiesResponse& claimed,
                               const std::string& key) {
  for (const v1::ClaimedValue& value : claimed.values()) {
    if (value.identity().identity_key() == key) return value.identity();
  }
  return v1::Identity::default_instance();
}

}  // namespace

absl::StatusOr<v1::Identity> QuarantineByPerson(
    const Tx& tx, const v1::QuarantineIdentityRequest& request) {
  bool begun = false;
  auto identity = UnderLock(
      tx, request.value(),
      [&](LockedIdentity& locked, v1::Identity& value) -> absl::Status {
        begun = !IsQuarantined(value);
        if (!begun) return absl::OkStatus();
        v1::Quarantine quarantine;
        quarantine.set_reason(request.reason());
        quarantine.set_quarantined_by(tx.context.principal->key_id);
        return Begin(tx, locked, std::move(quarantine), value);
      });
  if (identity.ok()) CountQuarantines(begun ? 1 : 0, /*by_person=*/true);
  return identity;
}

absl::StatusOr<v1::Identity> Release(
    const Tx& tx, const v1::ReleaseIdentityRequest& request) {
  return UnderLock(
      tx, request.value(),
      [&](LockedIdentity& locked, v1::Identity& value) -> absl::Status {
        const std::string& key = locked.identity.identity_key();
        if (IsQuarantined(value)) {
          return End(tx, locked, request.reason(), value);
        }
        KITH_ASSIGN_OR_RETURN(auto last, SelectQuarantine(tx, key));
        if (last.has_value()) *value.mutable_quarantine() = *std::move(last);
        return absl::OkStatus();
      });
}

std::map<std::string, Companions> CompanionsIn(
    const Tx& tx, const v1::ClaimIdentitiesResponse& claimed) {
  if (CompanionsPerDay(*tx.context.principal->tenant) == 0) return {};
  return CompanionsOf(claimed, base::IsByForm(tx.context.principal->assurance));
}

absl::StatusOr<bool> HasNewCompanions(
    const Tx& tx, const std::map<std::string, Companions>& companions) {
  if (companions.empty()) return false;
  KITH_ASSIGN_OR_RETURN(auto seen, SelectCompanions(tx, KeysOf(companions)));
  const int per_day = CompanionsPerDay(*tx.context.principal->tenant);
  const int64_t now = absl::ToUnixMicros(tx.now);
  for (const auto& [key, others] : companions) {
    if (CountCompanions(seen[key], others, now, per_day).is_news()) return true;
  }
  return false;
}

absl::StatusOr<int> NoteCompanions(
    const Tx& tx, std::map<std::string, LockedIdentity>& locked,
    v1::ClaimIdentitiesResponse& claimed) {
  auto companions = CompanionsIn(tx, claimed);
  std::erase_if(companions,
                [&](const auto& one) { return !locked.contains(one.first); });
  if (companions.empty()) return 0;
  KITH_ASSIGN_OR_RETURN(auto seen, SelectCompanions(tx, KeysOf(companions)));
  const int per_day = CompanionsPerDay(*tx.context.principal->tenant);
  int quarantined = 0;
  for (const auto& [key, others] : companions) {
    const FanIn fan_in =
        CountCompanions(seen[key], others, absl::ToUnixMicros(tx.now), per_day);
    if (!fan_in.is_news()) continue;
    if (!fan_in.too_many) {
      KITH_RETURN_IF_ERROR(WriteCompanions(tx, key, fan_in));
      continue;
    }
    v1::Identity identity = IdentityIn(claimed, key);
    KITH_RETURN_IF_ERROR(
        Begin(tx, locked[key], ByCompanions(fan_in.count), identity));
    Tell(identity, claimed);
    ++quarantined;
  }
  return quarantined;
}

void CountQuarantines(int count, bool by_person) {
  Quarantines(by_person).Increment(count);
}

void RegisterQuarantineMetrics() {
  CountQuarantines(0, /*by_person=*/true);
  CountQuarantines(0, /*by_person=*/false);
}

}  // namespace kith::identity
