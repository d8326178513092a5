#ifndef KITH_IDENTITY_SVC_CONSENT_CONSENT_MOVE_H_
#define KITH_IDENTITY_SVC_CONSENT_CONSENT_MOVE_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "identity-svc/consent/suppression_key.h"

namespace kith::identity {

// Has the consents of a value count under another key, which is the value's
// from now on: the states of these contacts, which are all that have held it,
// and its suppressions. The records stay as they were said, and the
// suppressions of the old key too. Call it in the transaction that moves the
// value, under the locks of both keys.
absl::Status MoveConsents(const mysql::Tx& tx, const SuppressionKey& key,
                          const std::string& from, const std::string& to,
                          const std::set<base::Uuid>& contact_ids);

// Has what a contact has said of a value be said by another as well, as the
// value was never the first one's: its states, and the records that count, with
// their ids and times. So a refusal stays with both, and a grant counts for
// whoever holds the value. A confirmation is copied as a grant alone, which
// lifts nothing. Call it under the lock of the value.
absl::Status CopyConsents(const mysql::Tx& tx, const std::string& identity_key,
                          const base::Uuid& from, const base::Uuid& to);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_CONSENT_MOVE_H_
