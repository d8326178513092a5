#include "identity-svc/quarantine/companion_row.h"

#include <cstdint>
#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"
#include "identity-svc/quarantine/daily_gains.h"

namespace kith::identity {
namespace {

using mysql::Tx;

const mysql::Statement kSelectCompanions(
    "SELECT identity_key, companion, seen_micros FROM identity_companions "
    "WHERE tenant_id = ? AND identity_key IN (:list)");

const mysql::Statement kInsertCompanion(
    "INSERT INTO identity_companions "
    "(tenant_id, identity_key, companion, seen_micros) VALUES (?, ?, ?, ?)");

const mysql::Statement kDeleteCompanions(
    "DELETE FROM identity_companions "
    "WHERE tenant_id = ? AND identity_key = ? AND seen_micros <= ?");

const mysql::Statement kSweepCompanions(  // LIMIT is kCompanionsSwept
    "DELETE FROM identity_companions WHERE seen_micros <= ? "
    "ORDER BY seen_micros LIMIT 500",
    mysql::Mark::kMaintenance);
constexpr int64_t kCompanionsSwept = 500;
constexpr int kSweepRounds = 20;

absl::Status DeleteUntil(const Tx& tx, const std::string& key, int64_t micros) {
  return tx.session
      .Execute(kDeleteCompanions,
               {tx.tenant_id(), absl::HexStringToBytes(key), micros})
      .status();
}

}  // namespace

absl::StatusOr<std::map<std::string, SeenCompanions>> SelectCompanions(
    const Tx& tx, const std::vector<std::string>& keys) {
  std::vector<std::string> bytes;
  bytes.reserve(keys.size());
  for (const std::string& key : keys) {
    bytes.push_back(absl::HexStringToBytes(key));
  }
  const std::vector<absl::string_view> listed(bytes.begin(), bytes.end());
  std::map<std::string, SeenCompanions> found;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectCompanions, {tx.tenant_id()}, listed,
      [&](const mysql::Row& row) {
        found[absl::BytesToHexString(row.Bytes(0))][row.Bytes(1)] = row.Int(2);
      }));
  return found;
}

absl::Status WriteCompanions(const Tx& tx, const std::string& key,
                             const FanIn& fan_in) {
  const int64_t now = absl::ToUnixMicros(tx.now);
  if (fan_in.any_old) {
    KITH_RETURN_IF_ERROR(DeleteUntil(tx, key, now - kLimitDayMicros));
  }
  const std::string bytes = absl::HexStringToBytes(key);
  for (const std::string& companion : fan_in.added) {
    KITH_RETURN_IF_ERROR(
        tx.session
            .Execute(kInsertCompanion, {tx.tenant_id(), bytes, companion, now})
            .status());
  }
  return absl::OkStatus();
}

absl::Status DeleteCompanions(const Tx& tx, const std::string& key) {
  return DeleteUntil(tx, key, std::numeric_limits<int64_t>::max());
}

absl::Status SweepCompanions(mysql::Session& session, absl::Time now) {
  const int64_t until = absl::ToUnixMicros(now) - 2 * kLimitDayMicros;
  for (int round = 0; round < kSweepRounds; ++round) {
    KITH_ASSIGN_OR_RETURN(const int64_t deleted,
                          session.Execute(kSweepCompanions, {until}));
    if (deleted < kCompanionsSwept) break;
  }
  return absl::OkStatus();
}

}  // namespace kith::identity
