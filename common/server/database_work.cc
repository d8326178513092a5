#include "common/server/database_work.h"

#include <cstdint>
#include <iostream>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/mysql/errors.h"
#include "common/mysql/session.h"
#include "common/rpc/process.h"
#include "common/status/status_macros.h"

ABSL_FLAG(bool, migrate, false,
          "Bring the schema up to date, as db_user, and exit.");
ABSL_FLAG(bool, check_lookups, false,
          "Compare all lookups with their homes, while others may write both; "
          "print a line for each, and exit with 0 where they agree.");
ABSL_FLAG(bool, rebuild_lookups, false,
          "Compare likewise, mend what differs, and exit. May be interrupted "
          "and run again.");

namespace kith::server {
namespace {

// A large table takes its time to change; less than mysql::Migrate's lease.
constexpr absl::Duration kMigrationTimeout = absl::Minutes(9);

absl::Status Migrate(const DatabaseService& service,
                     mysql::SessionOptions options) {
  options.statement_timeout = kMigrationTimeout;
  mysql::Session session(std::move(options));
  return mysql::Migrate(session, service.schema);
}

absl::Status CompareLookups(const DatabaseService& service,
                            const mysql::SessionOptions& options,
                            mysql::LookupWork work) {
  rpc::EndAtSignals();
  mysql::Session session(options);
  KITH_RETURN_IF_ERROR(mysql::CheckSchema(session, service.schema));
  const bool rebuild = work == mysql::LookupWork::kRebuild;
  // What a flag has asked for, no log.
  std::ostream& out = std::cout;
  int64_t left = 0;
  for (const mysql::Lookup& lookup : service.lookups) {
    KITH_ASSIGN_OR_RETURN(
        const mysql::LookupReport report,
        mysql::CompareLookup(session, lookup, work, base::SystemClock()));
    out << mysql::Describe(lookup, work, report) << std::endl;
    left += rebuild ? report.failed : report.missing + report.extra;
  }
  if (left == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      rebuild
          ? "not all could be mended"
          : "lookups differ from their homes; --rebuild_lookups mends them");
}

}  // namespace

DatabaseWork ReadWork(std::vector<std::string>& faults) {
  const bool migrate = absl::GetFlag(FLAGS_migrate);
  const bool check = absl::GetFlag(FLAGS_check_lookups);
  const bool rebuild = absl::GetFlag(FLAGS_rebuild_lookups);
  if (migrate + check + rebuild > 1) {
    faults.emplace_back(
        "--migrate, --check_lookups, --rebuild_lookups: want one of them");
  }
  if (migrate) return DatabaseWork::kMigrate;
  if (check) return DatabaseWork::kCheckLookups;
  return rebuild ? DatabaseWork::kRebuildLookups : DatabaseWork::kNone;
}

int DoWork(DatabaseWork work, const DatabaseService& service,
           const DatabaseOptions& options) {
  const mysql::SessionOptions& session = options.pool.session;
  if (work == DatabaseWork::kMigrate) {
    return rpc::Report("migration",
                       mysql::WithCause(Migrate(service, session)));
  }
  const auto lookups = work == DatabaseWork::kRebuildLookups
                           ? mysql::LookupWork::kRebuild
                           : mysql::LookupWork::kCheck;
  return rpc::Report(
      "lookups", mysql::WithCause(CompareLookups(service, session, lookups)));
}

}  // namespace kith::server
