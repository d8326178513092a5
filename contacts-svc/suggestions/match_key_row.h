#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_KEY_ROW_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_KEY_ROW_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"

namespace kith::contacts {

// Which contacts agree by a rule, in the lookup `match_keys`, and who may add
// to it, in `match_locks`.

// A key says something of so many contacts beside the one that has it.
constexpr size_t kMostMatches = 20;

// By (tenant_id, match_key, contact_id).
extern const mysql::Statement kInsertMatchKey;
extern const mysql::Statement kDeleteMatchKey;

// The contacts with a key but for `self`; where there are more than
// kMostMatches of them, one more of them.
absl::StatusOr<std::vector<base::Uuid>> SelectMatching(mysql::Session& session,
                                                       uint64_t tenant_id,
                                                       absl::string_view key,
                                                       const base::Uuid& self);

// Locks a key. ABORTED, for Transact, where it is new and another was faster.
absl::Status LockMatchKey(mysql::Session& session, uint64_t tenant_id,
                          absl::string_view key);

// Adds a contact to a key; nothing where it has it.
absl::Status AddMatchKey(mysql::Session& session, uint64_t tenant_id,
                         absl::string_view key, const base::Uuid& contact);

// Takes it away; nothing where it has it not.
absl::Status DeleteMatchKey(mysql::Session& session, uint64_t tenant_id,
                            absl::string_view key, const base::Uuid& contact);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_KEY_ROW_H_
