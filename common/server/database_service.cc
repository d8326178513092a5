#include "common/server/database_service.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "common/auth/key_limiter.h"
#include "common/feed/changes_service.h"
#include "common/feed/sequencer.h"
#include "common/mysql/errors.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "common/mysql/transaction.h"
#include "common/ops/log.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/process.h"
#include "common/server/database_options.h"
#include "common/server/sweeper.h"
#include "common/status/status_macros.h"

ABSL_FLAG(bool, dump_statements, false,
          "Print every SQL statement as a line of JSON, for the lint, and "
          "exit.");

namespace kith::server {
namespace {

// A large table takes its time to change; less than mysql::Migrate's lease.
constexpr absl::Duration kMigrationTimeout = absl::Minutes(9);

int Report(absl::string_view what, const absl::Status& status) {
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
                            const DatabaseOptions& options) {
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

const Task* FindAsked(const DatabaseService& service) {
  const auto task = std::find_if(service.tasks.begin(), service.tasks.end(),
                                 [](const Task& each) { return each.asked(); });
  return task == service.tasks.end() ? nullptr : &*task;
}

int RunTask(const DatabaseService& service, const Task& task,
            const DatabaseOptions& options) {
  rpc::EndAtSignals();
  mysql::Session session(options.pool.session);
  // What a flag has asked for, no log.
  std::ostream& out = std::cout;
  absl::Status status = mysql::CheckSchema(session, service.schema);
  if (status.ok()) status = task.run({session, std::cin, out});
  out.flush();
  if (absl::IsInvalidArgument(status)) {
    return rpc::RefuseToStart({std::string(status.message())});
  }
  return Report(task.flag, mysql::WithCause(status));
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
                           const DatabaseOptions& options,
                           const std::shared_ptr<const auth::LiveKeys>& keys) {
  const base::SystemClock clock;
  auth::KeyLimiter limiter{config::v1::CallLimits()};
  auth::KeyLimiter* const limits = options.limit_keys ? &limiter : nullptr;
  const auto forms = rpc::Forms::kFromGateway;
  const rpc::CallGate gate(service.full_name, keys, limits, forms);
  const rpc::CallGate changes_gate(
      changes::v1::ChangesService::service_full_name(), keys, limits, forms);
  mysql::WorkerPool pool(options.pool);
  PooledCalls calls(gate, pool, clock);
  const std::unique_ptr<grpc::Service> grpc_service = service.make(calls);
  feed::ChangesService changes(changes_gate, pool,
                               {.feed = std::string(service.full_name),
                                .session = options.pool.session});
  const feed::Sequencer sequencer(options.pool.session, clock);
  const Sweeper sweeper(options.pool.session, clock);
  mysql::Session session(options.pool.session);
  const auto probe = [&]() -> absl::Status {
    KITH_RETURN_IF_ERROR(mysql::WithCause(session.Connect()));
    return mysql::CheckSchema(session, service.schema);
  };
  return rpc::Serve(
      options.process,
      {{service.full_name, *grpc_service},
       {changes::v1::ChangesService::service_full_name(), changes}},
      probe, [&] { changes.EndStreams(); });
}

}  // namespace

int RunDatabaseService(int argc, char** argv, const DatabaseService& service) {
  rpc::InitProcess(argc, argv, absl::StrCat(service.full_name, " of Kith."));
  if (absl::GetFlag(FLAGS_dump_statements)) return DumpStatements();
  mysql::InitDriver();
  mysql::RegisterTransactionMetrics();
  feed::RegisterSequencerMetrics();
  std::vector<std::string> faults;
  const Task* const task = FindAsked(service);
  const DatabaseOptions options =
      DatabaseOptions::FromFlags(faults, /*has_task=*/task != nullptr);
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
  if (task != nullptr) {
    if (!faults.empty()) return rpc::RefuseToStart(faults);
    return RunTask(service, *task, options);
  }
  auto keys = auth::LiveKeys::Load(options.process.key_files());
  if (!keys.ok()) faults.emplace_back(keys.status().message());
  if (!faults.empty()) return rpc::RefuseToStart(faults);
  return Report("stopped", ServeDatabase(service, options, *std::move(keys)));
}

}  // namespace kith::server
