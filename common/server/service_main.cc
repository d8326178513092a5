#include "common/server/service_main.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/errors.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "common/rpc/process.h"
#include "common/server/database_options.h"
#include "common/server/database_server.h"
#include "common/server/database_work.h"

ABSL_FLAG(std::string, db_user, "", "The service's own database user.");
ABSL_FLAG(std::string, db_password_file, "",
          "A file with the user's password; none where empty.");
ABSL_FLAG(std::string, db_name, "", "The service's own schema.");
ABSL_FLAG(bool, dump_statements, false,
          "Print every SQL statement as a line of JSON, for the lint, and "
          "exit.");

namespace kith::server {
namespace {

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
  return rpc::Report(task.flag, mysql::WithCause(status));
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
    // What a flag has asked for, no log.
    std::puts(line.dump().c_str());
  });
  return 0;
}

int Serve(const DatabaseService& service, const rpc::ProcessOptions& process,
          const DatabaseOptions& options, std::vector<std::string>& faults) {
  process.Validate(faults);
  if (service.check) service.check(faults);
  const auto keys = process.LoadKeys(faults);
  if (!faults.empty()) return rpc::RefuseToStart(faults);
  return rpc::Report("stopped",
                     rpc::Serve(process, std::make_unique<DatabaseServer>(
                                             service, options, keys)));
}

}  // namespace

int RunDatabaseService(int argc, char** argv, const DatabaseService& service) {
  rpc::InitProcess(argc, argv, absl::StrCat(service.full_name, " of Kith."));
  if (absl::GetFlag(FLAGS_dump_statements)) return DumpStatements();
  mysql::InitDriver();
  std::vector<std::string> faults;
  const rpc::ProcessOptions process = rpc::ProcessOptions::FromFlags();
  const DatabaseOptions options =
      DatabaseOptions::FromFlags(process, faults)
          .For({.user = absl::GetFlag(FLAGS_db_user),
                .password_file = absl::GetFlag(FLAGS_db_password_file),
                .name = absl::GetFlag(FLAGS_db_name)},
               /*prefix=*/"", faults);
  const DatabaseWork work = ReadWork(faults);
  const Task* const task = FindAsked(service);
  if (work != DatabaseWork::kNone && task != nullptr) {
    faults.push_back(absl::StrCat(
        "--", task->flag,
        " beside --migrate, --check_lookups or --rebuild_lookups: want one of "
        "them"));
  }
  if (work == DatabaseWork::kNone && task == nullptr) {
    return Serve(service, process, options, faults);
  }
  if (!faults.empty()) return rpc::RefuseToStart(faults);
  return task != nullptr ? RunTask(service, *task, options)
                         : DoWork(work, service, options);
}

}  // namespace kith::server
