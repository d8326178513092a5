#include "identity-svc/consent/suppression_row.h"

#include "absl/strings/string_view.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::identity {
namespace {

using mysql::Tx;

const mysql::Statement kSelectSuppressions(
    "SELECT identity_hash, purpose, topic, refused_micros, lifted_micros "
    "FROM suppressions WHERE tenant_id = ? AND identity_hash IN (:list)");

const mysql::Statement kLockSuppressions(
    "SELECT identity_hash, purpose, topic, refused_micros, lifted_micros "
    "FROM suppressions WHERE tenant_id = ? AND identity_hash = ? FOR UPDATE");

const mysql::Statement kInsertSuppression(
    "INSERT INTO suppressions (contact_id, refused_micros, lifted_micros, "
    "tenant_id, identity_hash, purpose, topic) VALUES (?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kUpdateSuppression(
    "UPDATE suppressions SET contact_id = ?, refused_micros = ?, "
    "lifted_micros = ? WHERE tenant_id = ? AND identity_hash = ? "
    "AND purpose = ? AND topic = ?");

Suppression SuppressionFrom(const mysql::Row& row) {
  return {.purpose = static_cast<v1::ConsentPurpose>(row.Int(1)),
          .topic = row.Bytes(2),
          .refused_micros = row.Int(3),
          .lifted_micros = row.Int(4)};
}

}  // namespace

absl::StatusOr<absl::flat_hash_map<std::string, Suppressions>>
SelectSuppressions(const Tx& tx, const std::vector<std::string>& hashes) {
  absl::flat_hash_map<std::string, Suppressions> suppressions;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectSuppressions, {tx.tenant_id()},
      std::vector<absl::string_view>(hashes.begin(), hashes.end()),
      [&](const mysql::Row& row) {
        suppressions[row.Bytes(0)].push_back(SuppressionFrom(row));
      }));
  return suppressions;
}

absl::StatusOr<Suppressions> LockSuppressions(const Tx& tx,
                                              const std::string& hash) {
  Suppressions suppressions;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kLockSuppressions, {tx.tenant_id(), hash}, [&](const mysql::Row& row) {
        suppressions.push_back(SuppressionFrom(row));
      }));
  return suppressions;
}

absl::Status WriteSuppression(const Tx& tx, const std::string& hash,
                              const base::Uuid& contact_id,
                              const Suppression& suppression) {
  const auto run = [&](const mysql::Statement& statement) {
    return tx.session.Execute(statement,
                              {contact_id.bytes(), suppression.refused_micros,
                               suppression.lifted_micros, tx.tenant_id(), hash,
                               suppression.purpose, suppression.topic});
  };
  KITH_ASSIGN_OR_RETURN(const int64_t found, run(kUpdateSuppression));
  if (found > 0) return absl::OkStatus();
  return mysql::RetryIfDuplicate(run(kInsertSuppression).status());
}

}  // namespace kith::identity
