#include "identity-svc/consent/consent_move.h"

#include <map>
#include <vector>

#include "common/status/status_macros.h"
#include "identity-svc/consent/consent_fold.h"
#include "identity-svc/consent/consent_row.h"
#include "identity-svc/consent/suppression_row.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

absl::Status MoveSuppressions(const Tx& tx, const std::string& from,
                              const std::string& to, const Uuid& contact_id) {
  std::map<std::string, Suppressions> locked = {{from, {}}, {to, {}}};
  for (auto& [hash, suppressions] : locked) {
    KITH_ASSIGN_OR_RETURN(suppressions, LockSuppressions(tx, hash));
  }
  if (locked[from].empty()) return absl::OkStatus();
  JoinSuppressions(locked[from], locked[to]);
  for (const Suppression& each : locked[to]) {
    KITH_RETURN_IF_ERROR(WriteSuppression(tx, to, contact_id, each));
  }
  return absl::OkStatus();
}

// Copies the record of a word, if it is not there already.
absl::Status CopyRecord(const Tx& tx, const internal::v1::ConsentWord& word,
                        const Uuid& from, const Uuid& to) {
  internal::v1::ConsentPosition position;
  position.set_recorded_micros(word.recorded_micros());
  position.set_consent_id(word.consent_id());
  position.set_contact_id(std::string(to.bytes()));
  if (const auto there = SelectConsent(tx, position);
      !absl::IsNotFound(there.status())) {
    return there.status();
  }
  position.set_contact_id(std::string(from.bytes()));
  KITH_ASSIGN_OR_RETURN(v1::Consent record, SelectConsent(tx, position));
  record.set_contact_id(to.ToString());
  record.set_copied_from_contact_id(from.ToString());
  return InsertConsent(tx, record);
}

}  // namespace

absl::Status MoveConsents(const Tx& tx, const SuppressionKey& key,
                          const std::string& from, const std::string& to,
                          const std::set<Uuid>& contact_ids) {
  for (const Uuid& id : contact_ids) {
    KITH_ASSIGN_OR_RETURN(LockedConsents locked, LockConsentStates(tx, id));
    if (!locked.exists) continue;
    RenameValue(from, to, locked.states);
    KITH_RETURN_IF_ERROR(WriteConsentStates(tx, id, locked));
  }
  return MoveSuppressions(tx, key.Hash(tx.tenant_id(), from),
                          key.Hash(tx.tenant_id(), to),
                          contact_ids.empty() ? Uuid() : *contact_ids.begin());
}

absl::Status CopyConsents(const Tx& tx, const std::string& identity_key,
                          const Uuid& from, const Uuid& to) {
  std::map<Uuid, LockedConsents> locked = {{from, {}}, {to, {}}};
  for (auto& [id, consents] : locked) {
    KITH_ASSIGN_OR_RETURN(consents, LockConsentStates(tx, id));
  }
  const std::vector<internal::v1::ConsentWord> copied =
      CopyValue(identity_key, locked[from].states, locked[to].states);
  if (copied.empty()) return absl::OkStatus();
  KITH_RETURN_IF_ERROR(WriteConsentStates(tx, to, locked[to]));
  for (const internal::v1::ConsentWord& word : copied) {
    KITH_RETURN_IF_ERROR(CopyRecord(tx, word, from, to));
  }
  return absl::OkStatus();
}

}  // namespace kith::identity
