#include "identity-svc/consent/consent_row.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::identity {
namespace {

using base::Uuid;
using internal::v1::ConsentPosition;
using mysql::Tx;

const mysql::Statement kInsertConsent(
    "INSERT INTO consents "
    "(tenant_id, contact_id, recorded_micros, consent_id, details) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kSelectConsent(
    "SELECT details FROM consents WHERE tenant_id = ? AND contact_id = ? "
    "AND recorded_micros = ? AND consent_id = ?");

const mysql::Statement kSelectNewest(
    "SELECT details FROM consents WHERE tenant_id = ? AND contact_id = ? "
    "AND recorded_micros <= ? AND (recorded_micros < ? OR consent_id < ?) "
    "ORDER BY recorded_micros DESC, consent_id DESC LIMIT ?");

const mysql::Statement kSelectConsentKey(
    "SELECT contact_id, recorded_micros, consent_id, fingerprint "
    "FROM consent_keys "
    "WHERE tenant_id = ? AND source = ? AND external_id = ?");

const mysql::Statement kInsertConsentKey(
    "INSERT INTO consent_keys (tenant_id, source, external_id, contact_id, "
    "recorded_micros, consent_id, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kSelectStates(
    "SELECT contact_id, details FROM consent_states "
    "WHERE tenant_id = ? AND contact_id IN (:list)");

const mysql::Statement kLockStates(
    "SELECT details FROM consent_states "
    "WHERE tenant_id = ? AND contact_id = ? FOR UPDATE");

const mysql::Statement kInsertStates(
    "INSERT INTO consent_states "
    "(details, update_micros, tenant_id, contact_id) VALUES (?, ?, ?, ?)");

const mysql::Statement kUpdateStates(
    "UPDATE consent_states SET details = ?, update_micros = ? "
    "WHERE tenant_id = ? AND contact_id = ?");

v1::Consent ConsentFrom(const mysql::Row& row) {
  v1::Consent record;
  record.ParseFromString(row.Bytes(0));
  return record;
}

// The place before which all records are.
ConsentPosition Newest() {
  ConsentPosition position;
  position.set_recorded_micros(std::numeric_limits<int64_t>::max());
  position.set_consent_id(std::string(16, '\xff'));
  return position;
}

// States that cannot be read may have a refusal, so nothing goes on without.
absl::Status UnreadableError() {
  return absl::InternalError("consent_states.details cannot be read");
}

bool IsNewer(const v1::Consent& a, const v1::Consent& b) {
  const int64_t a_micros = base::ToMicros(a.recorded_time());
  const int64_t b_micros = base::ToMicros(b.recorded_time());
  return a_micros != b_micros ? a_micros > b_micros
                              : a.consent_id() > b.consent_id();
}

}  // namespace

ConsentPosition PositionOf(const v1::Consent& record) {
  ConsentPosition position;
  position.set_contact_id(
      std::string(Uuid::Parse(record.contact_id()).value_or(Uuid()).bytes()));
  position.set_recorded_micros(base::ToMicros(record.recorded_time()));
  position.set_consent_id(
      std::string(Uuid::Parse(record.consent_id()).value_or(Uuid()).bytes()));
  return position;
}

absl::Status InsertConsent(const Tx& tx, const v1::Consent& record) {
  const ConsentPosition at = PositionOf(record);
  const std::string details = record.SerializeAsString();
  return tx.session
      .Execute(kInsertConsent, {tx.tenant_id(), at.contact_id(),
                                at.recorded_micros(), at.consent_id(), details})
      .status();
}

absl::StatusOr<v1::Consent> SelectConsent(const Tx& tx,
                                          const ConsentPosition& position) {
  std::optional<v1::Consent> record;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectConsent,
      {tx.tenant_id(), position.contact_id(), position.recorded_micros(),
       position.consent_id()},
      [&](const mysql::Row& row) { record = ConsentFrom(row); }));
  if (!record.has_value()) return absl::NotFoundError("consent: not stored");
  return *std::move(record);
}

absl::StatusOr<std::vector<v1::Consent>> SelectNewest(
    const Tx& tx, const std::vector<Uuid>& contact_ids,
    const ConsentPosition& after, int32_t limit) {
  const ConsentPosition from = after.consent_id().empty() ? Newest() : after;
  std::vector<std::vector<mysql::Param>> runs;
  for (const Uuid& id : contact_ids) {
    runs.push_back({tx.tenant_id(), id.bytes(), from.recorded_micros(),
                    from.recorded_micros(), from.consent_id(), limit});
  }
  std::vector<v1::Consent> records;
  KITH_RETURN_IF_ERROR(mysql::QueryRuns(tx.session, kSelectNewest, runs,
                                        mysql::kMaxRuns,
                                        [&](size_t, const mysql::Row& row) {
                                          records.push_back(ConsentFrom(row));
                                        }));
  std::sort(records.begin(), records.end(), IsNewer);
  if (records.size() > static_cast<size_t>(limit)) records.resize(limit);
  return records;
}

absl::StatusOr<std::optional<StoredConsentKey>> SelectConsentKey(
    const Tx& tx, const std::string& source, const std::string& external_id) {
  std::optional<StoredConsentKey> key;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kSelectConsentKey, {tx.tenant_id(), source, external_id},
                       [&](const mysql::Row& row) {
                         key.emplace();
                         key->position.set_contact_id(row.Bytes(0));
                         key->position.set_recorded_micros(row.Int(1));
                         key->position.set_consent_id(row.Bytes(2));
                         key->fingerprint = row.Bytes(3);
                       }));
  return key;
}

absl::Status InsertConsentKey(const Tx& tx, const v1::Consent& record,
                              const std::string& fingerprint) {
  const ConsentPosition at = PositionOf(record);
  return mysql::RetryIfDuplicate(
      tx.session
          .Execute(kInsertConsentKey,
                   {tx.tenant_id(), record.source(), record.external_id(),
                    at.contact_id(), at.recorded_micros(), at.consent_id(),
                    fingerprint})
          .status());
}

absl::StatusOr<std::vector<ContactConsents>> SelectConsentStates(
    const Tx& tx, const std::vector<Uuid>& contact_ids) {
  std::vector<ContactConsents> found;
  bool parsed = true;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectStates, {tx.tenant_id()}, base::BytesOf(contact_ids),
      [&](const mysql::Row& row) {
        ContactConsents& one = found.emplace_back();
        one.contact_id = Uuid::FromBytes(row.Bytes(0)).ToString();
        parsed &= one.states.ParseFromString(row.Bytes(1));
      }));
  if (!parsed) return UnreadableError();
  return found;
}

absl::StatusOr<LockedConsents> LockConsentStates(const Tx& tx,
                                                 const Uuid& contact_id) {
  LockedConsents locked;
  bool parsed = true;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kLockStates, {tx.tenant_id(), contact_id.bytes()},
                       [&](const mysql::Row& row) {
                         locked.exists = true;
                         parsed = locked.states.ParseFromString(row.Bytes(0));
                       }));
  if (!parsed) return UnreadableError();
  return locked;
}

absl::Status WriteConsentStates(const Tx& tx, const Uuid& contact_id,
                                const LockedConsents& locked) {
  const std::string details = locked.states.SerializeAsString();
  return mysql::RetryIfDuplicate(
      tx.session
          .Execute(locked.exists ? kUpdateStates : kInsertStates,
                   {details, absl::ToUnixMicros(tx.now), tx.tenant_id(),
                    contact_id.bytes()})
          .status());
}

}  // namespace kith::identity
