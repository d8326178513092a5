#ifndef KITH_IDENTITY_SVC_QUARANTINE_QUARANTINE_ROW_H_
#define KITH_IDENTITY_SVC_QUARANTINE_QUARANTINE_ROW_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/session.h"
#include "common/mysql/tx.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The column `identities.quarantine`. Who writes it has locked the row.

// Sets the quarantine of an identity that a row was read of, if it lasts.
void ShowQuarantine(const mysql::Row& row, int column, v1::Identity& identity);

// Returns the last quarantine of the identity, which may have ended; nullopt if
// it never had one.
absl::StatusOr<std::optional<v1::Quarantine>> SelectQuarantine(
    const mysql::Tx& tx, const std::string& key);

absl::Status WriteQuarantine(const mysql::Tx& tx, const std::string& key,
                             const v1::Quarantine& quarantine);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_QUARANTINE_QUARANTINE_ROW_H_
