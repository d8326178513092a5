#ifndef KITH_IDENTITY_SVC_CONSENT_CONSENT_ROW_H_
#define KITH_IDENTITY_SVC_CONSENT_CONSENT_ROW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "identity-svc/consent/permission.h"
#include "kith/identity/v1/consent.pb.h"
#include "kith/internal/v1/consent.pb.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::identity {

// The tables `consents`, `consent_keys` and `consent_states`.

internal::v1::ConsentPosition PositionOf(const v1::Consent& record);

absl::Status InsertConsent(const mysql::Tx& tx, const v1::Consent& record);

// Returns the record at this place; NOT_FOUND if there is none.
absl::StatusOr<v1::Consent> SelectConsent(
    const mysql::Tx& tx, const internal::v1::ConsentPosition& position);

// Returns the newest records of the contacts, at most `limit`, newest first;
// after `after` if that is set. Runs a seek for each contact.
absl::StatusOr<std::vector<v1::Consent>> SelectNewest(
    const mysql::Tx& tx, const std::vector<base::Uuid>& contact_ids,
    const internal::v1::ConsentPosition& after, int32_t limit);

// What is stored of an external id.
struct StoredConsentKey {
  internal::v1::ConsentPosition position;
  std::string fingerprint;
};

absl::StatusOr<std::optional<StoredConsentKey>> SelectConsentKey(
    const mysql::Tx& tx, const std::string& source,
    const std::string& external_id);

// Adds the external id of a record. ABORTED, so that Transact runs the
// transaction again, if another transaction did so first.
absl::Status InsertConsentKey(const mysql::Tx& tx, const v1::Consent& record,
                              const std::string& fingerprint);

// Returns the states of those of the contacts that have any.
absl::StatusOr<std::vector<ContactConsents>> SelectConsentStates(
    const mysql::Tx& tx, const std::vector<base::Uuid>& contact_ids);

// The states of one contact under their lock.
struct LockedConsents {
  internal::v1::ConsentStates states;
  bool exists = false;
};
absl::StatusOr<LockedConsents> LockConsentStates(const mysql::Tx& tx,
                                                 const base::Uuid& contact_id);

// Writes the states, which the transaction has locked, or inserts them if there
// were none. ABORTED, so that Transact runs the transaction again, if another
// transaction inserted them first.
absl::Status WriteConsentStates(const mysql::Tx& tx,
                                const base::Uuid& contact_id,
                                const LockedConsents& locked);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_CONSENT_ROW_H_
