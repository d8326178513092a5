#include "common/mysql/migrations.h"

#include <optional>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/uuid.h"
#include "common/mysql/errors.h"
#include "common/mysql/lease.h"
#include "common/mysql/statement.h"
#include "common/ops/log.h"
#include "common/status/status_macros.h"

namespace kith::mysql {
namespace {

constexpr int kNoSuchTable = 1146;
constexpr char kMigrationLease[] = "migrate";
constexpr absl::Duration kLeaseTime = absl::Minutes(10);

const Statement kCreateVersions(
    R"sql(
CREATE TABLE IF NOT EXISTS schema_version (
  version BIGINT NOT NULL,
  name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  applied_micros BIGINT NOT NULL,
  PRIMARY KEY (version)
) ENGINE=InnoDB COMMENT='kith: operations')sql",
    Mark::kMaintenance);

const Statement kCreateLeases(
    R"sql(
CREATE TABLE IF NOT EXISTS leases (
  name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARBINARY(64) NOT NULL,
  epoch BIGINT NOT NULL,
  expires_micros BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB COMMENT='kith: operations')sql",
    Mark::kMaintenance);

const Statement kSelectVersion(
    "SELECT version FROM schema_version ORDER BY version DESC LIMIT 1",
    Mark::kMaintenance);

const Statement kInsertVersion(
    "INSERT INTO schema_version (version, name, applied_micros) "
    "VALUES (?, ?, ?)",
    Mark::kMaintenance);

// 0 or 1, but a word in newer versions of MariaDB.
const Statement kSelectReadOnly("SELECT @@global.read_only",
                                Mark::kMaintenance);

// No lease has this name.
const Statement kDeleteNothing("DELETE FROM leases WHERE name = ''",
                               Mark::kMaintenance);

absl::StatusOr<int64_t> TakeMigrationLease(Session& session) {
  KITH_RETURN_IF_ERROR(session.ExecuteText(kCreateVersions));
  KITH_RETURN_IF_ERROR(session.ExecuteText(kCreateLeases));
  const absl::Time now = absl::Now();
  KITH_ASSIGN_OR_RETURN(
      const std::optional<int64_t> epoch,
      TakeLease(session, kMigrationLease, base::Uuid::Make(now).ToString(), now,
                kLeaseTime));
  if (epoch.has_value()) return *epoch;
  return absl::AbortedError(
      "another process is migrating this database; try again when it is "
      "done, or in ten minutes where it died");
}

absl::Status Apply(Session& session, const Schema& schema, int64_t version) {
  const Migration& migration = schema[version - 1];
  ops::Log(ops::Severity::kInfo, "migrating",
           {{"version", version}, {"migration", migration.name}});
  if (absl::Status s = session.ExecuteText(migration.sql); !s.ok()) {
    return absl::Status(s.code(), absl::StrCat("migration ", migration.name,
                                               ": ", s.message()));
  }
  return session
      .Execute(kInsertVersion,
               {version, migration.name, absl::ToUnixMicros(absl::Now())})
      .status();
}

}  // namespace

absl::Status Migrate(Session& session, const Schema& schema) {
  KITH_ASSIGN_OR_RETURN(const int64_t epoch, TakeMigrationLease(session));
  absl::Cleanup release = [&] {
    // Where this fails, the lease runs out by itself.
    ReleaseLease(session, kMigrationLease, epoch).IgnoreError();
  };
  int64_t version = 0;
  KITH_RETURN_IF_ERROR(session.Query(
      kSelectVersion, {}, [&](const Row& row) { version = row.Int(0); }));
  if (version > static_cast<int64_t>(schema.size())) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database is at schema version ", version,
                     ", newer than this binary's ", schema.size()));
  }
  while (version < static_cast<int64_t>(schema.size())) {
    KITH_RETURN_IF_ERROR(Apply(session, schema, ++version));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SchemaVersion(Session& session) {
  int64_t version = 0;
  const absl::Status status = session.Query(
      kSelectVersion, {}, [&](const Row& row) { version = row.Int(0); });
  if (Errno(status) == kNoSuchTable) {
    return absl::FailedPreconditionError(
        "the database has no schema yet; run the service with --migrate");
  }
  KITH_RETURN_IF_ERROR(status);
  return version;
}

absl::Status CheckSchema(Session& session, const Schema& schema) {
  KITH_ASSIGN_OR_RETURN(const int64_t version, SchemaVersion(session));
  if (version >= static_cast<int64_t>(schema.size())) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the database is at schema version ", version, ", want ",
                   schema.size(), "; run the service with --migrate"));
}

absl::Status CheckWritable(Session& session) {
  std::string read_only;
  KITH_RETURN_IF_ERROR(session.Query(
      kSelectReadOnly, {}, [&](const Row& row) { read_only = row.Bytes(0); }));
  if (read_only == "0" || read_only == "OFF") return absl::OkStatus();
  // Whom it holds for, the server knows. It refuses before it looks for rows.
  return session.Execute(kDeleteNothing).status();
}

}  // namespace kith::mysql
