#include "common/server/database_service.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/auth/key_limiter.h"
#include "common/base/text_file.h"
#include "common/feed/change_log.h"
#include "common/feed/changes_service.h"
#include "common/feed/sequencer.h"
#include "common/mysql/errors.h"
#include "common/mysql/request_log.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "common/mysql/transaction.h"
#include "common/ops/log.h"
#include "common/rpc/process.h"
#include "common/status/status_macros.h"

ABSL_FLAG(std::string, db_address, "",
          "The database: unix:/path/of/socket or tcp:host:port.");
ABSL_FLAG(std::string, db_user, "", "The service's own database user.");
ABSL_FLAG(std::string, db_password_file, "",
          "A file with the user's password; none where empty.");
ABSL_FLAG(std::string, db_name, "", "The service's own schema.");
ABSL_FLAG(std::string, db_tls_ca_file, "",
          "Certificate authorities; where given, a link to the database that "
          "is not encrypted and verified is refused.");
ABSL_FLAG(int, workers, 8,
          "Threads, each with one database session: what runs at once.");
ABSL_FLAG(int, queue_limit, 256,
          "Calls that may wait for a worker; more are refused at once.");
ABSL_FLAG(bool, limit_keys, false,
          "Hold API keys to the limits that the keys file sets for them: for a "
          "service that others than the gateway call. The gateway has done so "
          "already, and calls for a key several times for each call of it.");
ABSL_FLAG(bool, dump_statements, false,
          "Print every SQL statement as a line of JSON, for the lint, and "
          "exit.");
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

struct Options {
  rpc::ProcessOptions process = rpc::ProcessOptions::FromFlags();
  mysql::WorkerPool::Options pool;
  bool limit_keys = absl::GetFlag(FLAGS_limit_keys);
  bool migrate = absl::GetFlag(FLAGS_migrate);
  bool check_lookups = absl::GetFlag(FLAGS_check_lookups);
  bool rebuild_lookups = absl::GetFlag(FLAGS_rebuild_lookups);

  bool compares() const { return check_lookups || rebuild_lookups; }

  std::vector<std::string> Validate() const {
    std::vector<std::string> faults;
    if (migrate + check_lookups + rebuild_lookups > 1) {
      faults.push_back(
          "--migrate, --check_lookups, --rebuild_lookups: want one of them");
    }
    if (!migrate && !compares()) process.Validate(faults);
    const mysql::SessionOptions& db = pool.session;
    if (!absl::StartsWith(db.address, "unix:/")) {
      if (absl::StartsWith(db.address, "tcp:")) {
        if (rpc::CheckAddress("db_address", db.address.substr(4), faults) &&
            db.tls_ca_file.empty() && !process.allow_plaintext) {
          rpc::CheckPlainLink("db_address", db.address.substr(4),
                              "db_tls_ca_file", faults);
        }
      } else {
        faults.push_back(absl::StrCat("--db_address: \"", db.address,
                                      "\", want unix:/path or tcp:host:port"));
      }
    }
    if (db.user.empty()) faults.push_back("--db_user: not given");
    if (db.database.empty()) faults.push_back("--db_name: not given");
    if (pool.workers < 1 || pool.workers > 512) {
      faults.push_back(
          absl::StrCat("--workers: ", pool.workers, ", want 1 to 512"));
    }
    return faults;
  }
};

Options ReadFlags(std::vector<std::string>& faults) {
  Options options;
  options.pool.workers = absl::GetFlag(FLAGS_workers);
  if (const int limit = absl::GetFlag(FLAGS_queue_limit); limit < 1) {
    faults.push_back(
        absl::StrCat("--queue_limit: ", limit, ", want 1 or more"));
  } else {
    options.pool.queue_limit = static_cast<size_t>(limit);
  }
  mysql::SessionOptions& db = options.pool.session;
  db.address = absl::GetFlag(FLAGS_db_address);
  db.user = absl::GetFlag(FLAGS_db_user);
  db.database = absl::GetFlag(FLAGS_db_name);
  db.tls_ca_file = absl::GetFlag(FLAGS_db_tls_ca_file);
  if (auto password = base::ReadSecret(absl::GetFlag(FLAGS_db_password_file));
      password.ok()) {
    db.password = *std::move(password);
  } else {
    faults.push_back(
        absl::StrCat("--db_password_file: ", password.status().message()));
  }
  for (std::string& fault : options.Validate()) {
    faults.push_back(std::move(fault));
  }
  return options;
}

// Forgets old requests and changes, as long as it lives.
class Sweeper {
 public:
  Sweeper(mysql::SessionOptions options, const base::Clock& clock)
      : thread_([this, session = std::move(options), &clock] {
          Run(session, clock);
        }) {}
  ~Sweeper() {
    stop_.Notify();
    thread_.join();
  }

 private:
  void Run(const mysql::SessionOptions& options, const base::Clock& clock) {
    mysql::Session session(options);
    while (!stop_.WaitForNotificationWithTimeout(absl::Minutes(1))) {
      const absl::Status status = Sweep(session, clock);
      if (status.ok()) continue;
      ops::Log(ops::Severity::kWarning, "sweeping failed",
               {{"reason", status.message()}});
    }
  }

  absl::Status Sweep(mysql::Session& session, const base::Clock& clock) {
    KITH_RETURN_IF_ERROR(session.Connect());
    int64_t rows = 500;
    while (rows == 500 && !stop_.HasBeenNotified()) {
      KITH_ASSIGN_OR_RETURN(rows, mysql::SweepRequests(session, clock.Now()));
    }
    rows = feed::kChangesRead;
    while (rows == feed::kChangesRead && !stop_.HasBeenNotified()) {
      KITH_ASSIGN_OR_RETURN(rows, feed::SweepChanges(session, clock.Now()));
    }
    return absl::OkStatus();
  }

  absl::Notification stop_;
  std::thread thread_;
};

int Report(const char* what, const absl::Status& status) {
  if (status.ok()) {
    ops::Log(ops::Severity::kInfo, what, {{"result", "done"}});
    return 0;
  }
  ops::Log(ops::Severity::kError, what, {{"error", status.message()}});
  return 1;
}

// What a flag has asked for, no log.
void Print(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

absl::Status CompareLookups(const DatabaseService& service,
                            const Options& options) {
  rpc::EndAtSignals();
  mysql::Session session(options.pool.session);
  KITH_RETURN_IF_ERROR(mysql::CheckSchema(session, service.schema));
  const bool rebuild = options.rebuild_lookups;
  const auto work =
      rebuild ? mysql::LookupWork::kRebuild : mysql::LookupWork::kCheck;
  if (service.lookups.empty()) Print("no lookups");
  int64_t left = 0;
  for (const mysql::Lookup& lookup : service.lookups) {
    KITH_ASSIGN_OR_RETURN(
        const mysql::LookupReport report,
        mysql::CompareLookup(session, lookup, work, base::SystemClock()));
    Print(mysql::Describe(lookup, work, report));
    left += rebuild ? report.failed : report.missing + report.extra;
  }
  if (left == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      rebuild
          ? "not all could be mended"
          : "lookups differ from their homes; --rebuild_lookups mends them");
}

const char* Name(mysql::Mark mark) {
  switch (mark) {
    case mysql::Mark::kNone:
      return "";
    case mysql::Mark::kList:
      return "list";
    case mysql::Mark::kMaintenance:
      return "maintenance";
  }
  return "";
}

int DumpStatements() {
  mysql::Statement::ForEach([](const mysql::Statement& statement) {
    nlohmann::ordered_json line;
    line["sql"] = std::string(statement.sql());
    line["mark"] = Name(statement.mark());
    line["where"] = absl::StrCat(statement.where().file_name(), ":",
                                 statement.where().line());
    Print(line.dump());
  });
  return 0;
}

absl::Status ServeDatabase(const DatabaseService& service,
                           const Options& options,
                           std::shared_ptr<const auth::LiveKeys> keys) {
  const base::SystemClock clock;
  auth::KeyLimiter limiter{config::v1::CallLimits()};
  auth::KeyLimiter* const limits = options.limit_keys ? &limiter : nullptr;
  const rpc::CallGate gate(service.full_name, keys, limits);
  const rpc::CallGate changes_gate(
      changes::v1::ChangesService::service_full_name(), keys, limits);
  mysql::WorkerPool pool(options.pool);
  PooledCalls calls(gate, pool);
  const std::unique_ptr<grpc::Service> grpc_service =
      service.make(calls, clock);
  feed::ChangesService changes(changes_gate, pool,
                               {.feed = std::string(service.full_name),
                                .session = options.pool.session});
  const feed::Sequencer sequencer(options.pool.session, clock);
  Sweeper sweeper(options.pool.session, clock);
  mysql::Session session(options.pool.session);
  const auto probe = [&]() -> absl::Status {
    KITH_RETURN_IF_ERROR(mysql::WithCause(session.Connect()));
    return mysql::CheckSchema(session, service.schema);
  };
  const rpc::LastingCalls streams{.service = &changes,
                                  .end = [&] { changes.EndStreams(); }};
  return rpc::Serve(options.process, *grpc_service, probe, &streams);
}

}  // namespace

int RunDatabaseService(int argc, char** argv, const DatabaseService& service) {
  rpc::InitProcess(argc, argv, absl::StrCat(service.full_name, " of Kith."));
  if (absl::GetFlag(FLAGS_dump_statements)) return DumpStatements();
  mysql::InitDriver();
  mysql::RegisterTransactionMetrics();
  feed::RegisterSequencerMetrics();
  std::vector<std::string> faults;
  const Options options = ReadFlags(faults);
  if (options.migrate) {
    if (!faults.empty()) return rpc::RefuseToStart(faults);
    mysql::SessionOptions patient = options.pool.session;
    patient.statement_timeout = kMigrationTimeout;
    mysql::Session session(std::move(patient));
    return Report("migration",
                  mysql::WithCause(mysql::Migrate(session, service.schema)));
  }
  if (options.compares()) {
    if (!faults.empty()) return rpc::RefuseToStart(faults);
    return Report("lookups",
                  mysql::WithCause(CompareLookups(service, options)));
  }
  auto keys = auth::LiveKeys::Load(options.process.keys_file,
                                   options.process.tenants_file);
  if (!keys.ok()) faults.emplace_back(keys.status().message());
  if (!faults.empty()) return rpc::RefuseToStart(faults);
  return Report("stopped", ServeDatabase(service, options, *std::move(keys)));
}

}  // namespace kith::server
