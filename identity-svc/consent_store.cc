#include "identity-svc/consent_store.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/feed/outbox.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "identity-svc/consent/consent_admission.h"
#include "identity-svc/consent/consent_fold.h"
#include "identity-svc/consent/consent_row.h"
#include "identity-svc/consent/suppression_row.h"
#include "identity-svc/holding.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/keyed_query.h"
#include "identity-svc/locked_identity.h"
#include "identity-svc/sharing/sharing.h"
#include "identity-svc/values/value_reading.h"
#include "kith/changes/v1/change.pb.h"
#include "kith/internal/v1/holdings.pb.h"

namespace kith::identity {
namespace {

using base::Uuid;
using internal::v1::ConsentPosition;
using mysql::Tx;

// Most values that a refusal for a channel or for all suppresses. Those beyond
// it are stopped as long as the contact is there.
constexpr int32_t kMaxSuppressed = 500;

// A record on its way into the tables.
struct Recording {
  v1::Consent record;
  // The ids of the customer.
  std::set<Uuid> ids;
  // Whose record it is.
  Uuid owner = {};
  // The contact of `ids` that holds the value; empty if none does.
  std::string holder = {};
  // Several people share the value.
  bool is_shared = false;
};

std::set<Uuid> IdsOfCustomer(const v1::RecordConsentRequest& request) {
  std::set<Uuid> ids;
  if (!request.contact_id().empty()) {
    ids.insert(*Uuid::Parse(request.contact_id()));
  }
  for (const std::string& id : request.member_ids()) {
    ids.insert(*Uuid::Parse(id));
  }
  return ids;
}

// The record as the request says it, with who says it.
absl::StatusOr<v1::Consent> RecordOf(const Tx& tx,
                                     const v1::RecordConsentRequest& request) {
  v1::Consent record = request.consent();
  record.clear_consent_id();
  record.clear_contact_id();
  record.clear_recorded_time();
  record.set_assurance(tx.context.principal->assurance);
  record.set_recorded_by(tx.context.principal->key_id);
  if (request.has_value()) {
    const Reading reading =
        Read(request.value(), *tx.context.principal->tenant);
    if (!reading.refusal.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("value: ", reading.refusal));
    }
    record.set_identity_key(reading.identity.identity_key());
    record.set_channel(reading.identity.channel());
  }
  KITH_RETURN_IF_ERROR(CheckCaller(record));
  return record;
}

// The SHA-256 by which a record of a source is told from another with its
// external id. Who holds a value may change between two attempts.
std::string ContentFingerprint(v1::RecordConsentRequest request) {
  request.clear_member_ids();
  request.clear_request_id();
  request.clear_forwarded();
  if (request.has_value() || !request.consent().identity_key().empty()) {
    request.clear_contact_id();
  }
  return base::Fingerprint(request);
}

mysql::IdempotencyKey LogKeyOf(const Tx& tx, v1::RecordConsentRequest request) {
  request.clear_member_ids();
  mysql::IdempotencyKey log = mysql::KeyOf(tx, request);
  // The external id makes a repeat safe by itself.
  if (!request.consent().external_id().empty()) {
    log.request_id = request.request_id();
  }
  return log;
}

// Returns the record of an earlier request like this one.
absl::StatusOr<std::optional<v1::Consent>> FindKnown(
    const Tx& tx, const v1::Consent& record, const std::string& fingerprint,
    const mysql::IdempotencyKey& log) {
  if (!record.external_id().empty()) {
    KITH_ASSIGN_OR_RETURN(
        const auto key,
        SelectConsentKey(tx, record.source(), record.external_id()));
    if (key.has_value() && key->fingerprint != fingerprint) {
      return absl::AlreadyExistsError(
          absl::StrCat("consent.external_id: stored with other content as ",
                       Uuid::FromBytes(key->position.consent_id()).ToString()));
    }
    if (key.has_value()) return SelectConsent(tx, key->position);
  }
  KITH_ASSIGN_OR_RETURN(const std::optional<std::string> result,
                        mysql::FindRequest(tx, log));
  if (!result.has_value()) return std::nullopt;
  ConsentPosition position;
  position.ParseFromString(*result);
  return SelectConsent(tx, position);
}

absl::Status CheckProof(const v1::Consent& record) {
  const std::string& proven = record.confirmation().identity_key();
  if (proven.empty() || proven == record.identity_key()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "consent.confirmation.identity_key: another channel value than that of "
      "the record, want the same");
}

// Returns true if the record says that it was said, or proven, before the
// contact had the value: then somebody else may have said it.
bool IsFromBefore(const v1::Consent& record, int64_t start_micros) {
  const auto is_before = [&](const google::protobuf::Timestamp& time) {
    return base::ToMicros(time) < start_micros;
  };
  return (record.has_captured_time() && is_before(record.captured_time())) ||
         (record.has_confirmation() &&
          is_before(record.confirmation().confirmed_time()));
}

// Returns the period in which a contact of the customer shares the value, that
// of the named one if it does; null if none does.
const internal::v1::Sharer* SharerOf(const Holding& holding,
                                     const Recording& recording) {
  const internal::v1::Sharing& sharing = holding.details.sharing();
  if (Shares(sharing, recording.owner)) {
    return FindSharer(sharing, recording.owner);
  }
  const auto it = absl::c_find_if(
      recording.ids, [&](const Uuid& id) { return Shares(sharing, id); });
  return it == recording.ids.end() ? nullptr : FindSharer(sharing, *it);
}

// Finds whose the record is by the open holding of its value: the contact of
// the customer that holds or shares the value. Returns true if that contact
// held it when it was said, or has confirmed what it shares: of a shared value
// only the stand-in grants and is asked, and each lifts his or her own refusal.
bool FindHolder(const Holding& open, Recording& recording) {
  recording.is_shared = IsShared(open);
  if (recording.ids.contains(open.contact_id)) {
    if (IsFromBefore(recording.record, open.start_micros)) return false;
    recording.owner = open.contact_id;
    recording.holder = open.contact_id.ToString();
    return true;
  }
  const internal::v1::Sharer* const sharer = SharerOf(open, recording);
  if (sharer == nullptr ||
      IsFromBefore(recording.record, sharer->start_micros())) {
    return false;
  }
  recording.owner = Uuid::FromBytes(sharer->contact_id());
  return IsConfirmation(recording.record);
}

// Locks the identity of the record, if it is for one, and finds whose the
// record is.
absl::Status FindOwner(const Tx& tx, const v1::RecordConsentRequest& request,
                       Recording& recording) {
  v1::Consent& record = recording.record;
  recording.owner = *Uuid::Parse(request.contact_id());
  if (record.identity_key().empty()) return absl::OkStatus();
  v1::Identity identity;
  identity.set_identity_key(record.identity_key());
  KITH_ASSIGN_OR_RETURN(const LockedIdentity locked, Lock(tx, identity));
  const std::string& key = locked.identity.identity_key();
  record.set_identity_key(key);
  KITH_RETURN_IF_ERROR(CheckProof(record));
  if (record.has_confirmation()) {
    record.mutable_confirmation()->set_identity_key(key);
  }
  KITH_ASSIGN_OR_RETURN(const auto identities, SelectIdentities(tx, {key}));
  if (const auto it = identities.find(key); it != identities.end()) {
    record.set_channel(it->second.channel());
  }
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  const Holding* const open = OpenHolding(holdings);
  return CheckHeld(record, open != nullptr && FindHolder(*open, recording));
}

// Returns the keys of the values that the record suppresses or confirms: its
// own, or for a refusal without a value those that the customer holds.
absl::StatusOr<std::vector<std::string>> CoveredKeys(
    const Tx& tx, const Recording& recording) {
  const v1::Consent& record = recording.record;
  std::vector<std::string> keys;
  if (!record.identity_key().empty()) keys.push_back(record.identity_key());
  if (!keys.empty() || record.state() != v1::CONSENT_STATE_REFUSED) return keys;
  std::vector<KeysSeek> seeks;
  for (const Uuid& id : recording.ids) seeks.push_back({id, ""});
  KITH_ASSIGN_OR_RETURN(const auto found,
                        SelectKeysOfContacts(tx, seeks, kMaxSuppressed));
  for (const auto& some : found) {
    keys.insert(keys.end(), some.begin(), some.end());
  }
  if (keys.size() > kMaxSuppressed) keys.resize(kMaxSuppressed);
  if (record.channel() == v1::CHANNEL_UNSPECIFIED) return keys;
  KITH_ASSIGN_OR_RETURN(const auto identities, SelectIdentities(tx, keys));
  std::erase_if(keys, [&](const std::string& key) {
    const auto it = identities.find(key);
    return it == identities.end() || it->second.channel() != record.channel();
  });
  return keys;
}

// Returns FAILED_PRECONDITION if a refusal of any contact of the customer, or
// of anybody who held the value, stops the grant. `own` has the record.
absl::Status CheckRefusals(const Tx& tx, const Recording& recording,
                           const internal::v1::ConsentStates& own,
                           const Suppressions& suppressions) {
  if (recording.record.state() != v1::CONSENT_STATE_GRANTED) {
    return absl::OkStatus();
  }
  std::vector<Uuid> others(recording.ids.begin(), recording.ids.end());
  std::erase(others, recording.owner);
  KITH_ASSIGN_OR_RETURN(std::vector<ContactConsents> contacts,
                        SelectConsentStates(tx, others));
  contacts.push_back({recording.owner.ToString(), own});
  NameCustomers({recording.ids.begin(), recording.ids.end()}, {}, contacts);
  return CheckNotRefused(recording.record,
                         {.contacts = contacts,
                          .holder = recording.holder,
                          .suppressions = suppressions,
                          .now_micros = absl::ToUnixMicros(tx.now),
                          .is_shared = recording.is_shared});
}

// Gives the record its place behind all others of its contact.
void Place(const Tx& tx, const internal::v1::ConsentStates& states,
           Recording& recording) {
  v1::Consent& record = recording.record;
  record.set_contact_id(recording.owner.ToString());
  record.set_consent_id(Uuid::Make(tx.now).ToString());
  const int64_t micros =
      std::max(absl::ToUnixMicros(tx.now), states.recorded_micros() + 1);
  *record.mutable_recorded_time() = base::ToProto(micros);
  if (!record.has_captured_time()) {
    *record.mutable_captured_time() = record.recorded_time();
  }
}

// Adds the record to the suppressions of all values that it covers. Returns
// those of the last one: a grant covers one at most.
absl::StatusOr<Suppressions> Suppress(const Tx& tx, const SuppressionKey& key,
                                      const Recording& recording) {
  KITH_ASSIGN_OR_RETURN(const std::vector<std::string> keys,
                        CoveredKeys(tx, recording));
  std::set<std::string> hashes;
  for (const std::string& each : keys) {
    hashes.insert(key.Hash(tx.tenant_id(), each));
  }
  Suppressions suppressions;
  for (const std::string& hash : hashes) {
    KITH_ASSIGN_OR_RETURN(suppressions, LockSuppressions(tx, hash));
    const Suppression* changed =
        AddToSuppressions(recording.record, suppressions);
    if (changed == nullptr) continue;
    KITH_RETURN_IF_ERROR(WriteSuppression(tx, hash, recording.owner, *changed));
  }
  return suppressions;
}

// Adds the record to the feed. The time of recording rises under the lock of
// the contact's states, so it is the version.
absl::Status AddConsentChange(const Tx& tx, const v1::Consent& record) {
  changes::v1::Change change;
  change.set_owner(record.contact_id());
  change.set_owner_version(base::ToMicros(record.recorded_time()));
  changes::v1::ConsentRecorded& recorded = *change.mutable_consent_recorded();
  recorded.set_consent_id(record.consent_id());
  recorded.set_purpose(record.purpose());
  recorded.set_state(record.state());
  return feed::AddChanges(tx, {std::move(change)});
}

absl::Status Write(const Tx& tx, const SuppressionKey& key,
                   Recording& recording) {
  KITH_ASSIGN_OR_RETURN(LockedConsents locked,
                        LockConsentStates(tx, recording.owner));
  if (IsFull(locked.states, recording.record)) {
    return absl::FailedPreconditionError(
        absl::StrCat("consent.topic: the contact has ", kMaxConsentEntries,
                     " scopes, purposes and topics, want no more"));
  }
  Place(tx, locked.states, recording);
  AddToStates(recording.record, locked.states);
  KITH_ASSIGN_OR_RETURN(const Suppressions suppressions,
                        Suppress(tx, key, recording));
  KITH_RETURN_IF_ERROR(
      CheckRefusals(tx, recording, locked.states, suppressions));
  KITH_RETURN_IF_ERROR(WriteConsentStates(tx, recording.owner, locked));
  KITH_RETURN_IF_ERROR(InsertConsent(tx, recording.record));
  return AddConsentChange(tx, recording.record);
}

}  // namespace

absl::StatusOr<v1::Consent> ConsentStore::Record(
    const Tx& tx, const v1::RecordConsentRequest& request) const {
  KITH_ASSIGN_OR_RETURN(const v1::Consent wanted, RecordOf(tx, request));
  const std::string fingerprint = ContentFingerprint(request);
  const mysql::IdempotencyKey log = LogKeyOf(tx, request);
  v1::Consent response;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(std::optional<v1::Consent> known,
                          FindKnown(tx, wanted, fingerprint, log));
    if (known.has_value()) {
      response = *std::move(known);
      return absl::OkStatus();
    }
    if (request.contact_id().empty()) return mysql::NothingToRepeatError();
    Recording recording{.record = wanted, .ids = IdsOfCustomer(request)};
    KITH_RETURN_IF_ERROR(FindOwner(tx, request, recording));
    KITH_RETURN_IF_ERROR(Write(tx, key_, recording));
    response = recording.record;
    if (!response.external_id().empty()) {
      KITH_RETURN_IF_ERROR(InsertConsentKey(tx, response, fingerprint));
    }
    return mysql::AddRequest(tx, log, PositionOf(response).SerializeAsString());
  }));
  return response;
}

}  // namespace kith::identity
