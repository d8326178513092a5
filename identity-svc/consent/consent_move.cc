#include "identity-svc/consent/consent_move.h"

#include <map>

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

}  // namespace kith::identity
