#include "identity-svc/quarantine/quarantine_row.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::identity {
namespace {

using mysql::Tx;

const mysql::Statement kSelectQuarantine(
    "SELECT quarantine FROM identities "
    "WHERE tenant_id = ? AND identity_key = ?");

const mysql::Statement kWriteQuarantine(
    "UPDATE identities SET quarantine = ? "
    "WHERE tenant_id = ? AND identity_key = ?");

std::optional<v1::Quarantine> QuarantineFrom(const mysql::Row& row,
                                             int column) {
  if (row.IsNull(column)) return std::nullopt;
  v1::Quarantine quarantine;
  quarantine.ParseFromString(row.Bytes(column));
  return quarantine;
}

}  // namespace

void ShowQuarantine(const mysql::Row& row, int column, v1::Identity& identity) {
  std::optional<v1::Quarantine> quarantine = QuarantineFrom(row, column);
  if (!quarantine.has_value() || quarantine->has_end_time()) return;
  *identity.mutable_quarantine() = *std::move(quarantine);
}

absl::StatusOr<std::optional<v1::Quarantine>> SelectQuarantine(
    const Tx& tx, const std::string& key) {
  std::optional<v1::Quarantine> quarantine;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectQuarantine, {tx.tenant_id(), absl::HexStringToBytes(key)},
      [&](const mysql::Row& row) { quarantine = QuarantineFrom(row, 0); }));
  return quarantine;
}

absl::Status WriteQuarantine(const Tx& tx, const std::string& key,
                             const v1::Quarantine& quarantine) {
  return tx.session
      .Execute(kWriteQuarantine, {quarantine.SerializeAsString(),
                                  tx.tenant_id(), absl::HexStringToBytes(key)})
      .status();
}

}  // namespace kith::identity
