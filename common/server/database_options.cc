#include "common/server/database_options.h"

#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/text_file.h"

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
ABSL_FLAG(bool, migrate, false,
          "Bring the schema up to date, as db_user, and exit.");
ABSL_FLAG(bool, check_lookups, false,
          "Compare all lookups with their homes, while others may write both; "
          "print a line for each, and exit with 0 where they agree.");
ABSL_FLAG(bool, rebuild_lookups, false,
          "Compare likewise, mend what differs, and exit. May be interrupted "
          "and run again.");

namespace kith::server {

DatabaseOptions DatabaseOptions::FromFlags(std::vector<std::string>& faults,
                                           bool has_task) {
  DatabaseOptions options;
  options.has_task = has_task;
  options.process = rpc::ProcessOptions::FromFlags();
  options.limit_keys = absl::GetFlag(FLAGS_limit_keys);
  options.migrate = absl::GetFlag(FLAGS_migrate);
  options.check_lookups = absl::GetFlag(FLAGS_check_lookups);
  options.rebuild_lookups = absl::GetFlag(FLAGS_rebuild_lookups);
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
  options.Validate(faults);
  return options;
}

void DatabaseOptions::Validate(std::vector<std::string>& faults) const {
  if (migrate + check_lookups + rebuild_lookups + has_task > 1) {
    faults.emplace_back(
        "--migrate, --check_lookups, --rebuild_lookups, or a task: want one of "
        "them");
  }
  if (!migrate && !compares() && !has_task) process.Validate(faults);
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
  if (db.user.empty()) faults.emplace_back("--db_user: not given");
  if (db.database.empty()) faults.emplace_back("--db_name: not given");
  if (pool.workers < 1 || pool.workers > 512) {
    faults.push_back(
        absl::StrCat("--workers: ", pool.workers, ", want 1 to 512"));
  }
}

}  // namespace kith::server
