#include "common/server/database_options.h"

#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/text_file.h"

ABSL_FLAG(std::string, db_address, "",
          "The database: unix:/path/of/socket or tcp:host:port.");
ABSL_FLAG(std::string, db_tls_ca_file, "",
          "Certificate authorities; where given, a link to the database that "
          "is not encrypted and verified is refused.");
ABSL_FLAG(int, workers, 8,
          "Threads of a service, each with one database session: what runs at "
          "once.");
ABSL_FLAG(int, queue_limit, 256,
          "Calls that may wait for a worker; more are refused at once.");
ABSL_FLAG(bool, limit_keys, false,
          "Hold API keys to the limits that the keys file sets for them: for a "
          "service that others than the gateway call. The gateway has done so "
          "already, and calls for a key several times for each call of it.");

namespace kith::server {
namespace {

void CheckAddressOfDatabase(const mysql::SessionOptions& db,
                            const rpc::ProcessOptions& process,
                            std::vector<std::string>& faults) {
  if (absl::StartsWith(db.address, "unix:/")) return;
  if (!absl::StartsWith(db.address, "tcp:")) {
    faults.push_back(absl::StrCat("--db_address: \"", db.address,
                                  "\", want unix:/path or tcp:host:port"));
    return;
  }
  const std::string host_and_port = db.address.substr(4);
  if (rpc::CheckAddress("db_address", host_and_port, faults) &&
      db.tls_ca_file.empty() && !process.allow_plaintext) {
    rpc::CheckPlainLink("db_address", host_and_port, "db_tls_ca_file", faults);
  }
}

}  // namespace

DatabaseOptions DatabaseOptions::FromFlags(const rpc::ProcessOptions& process,
                                           std::vector<std::string>& faults) {
  DatabaseOptions options;
  options.limit_keys = absl::GetFlag(FLAGS_limit_keys);
  options.pool.workers = absl::GetFlag(FLAGS_workers);
  if (options.pool.workers < 1 || options.pool.workers > 512) {
    faults.push_back(
        absl::StrCat("--workers: ", options.pool.workers, ", want 1 to 512"));
  }
  if (const int limit = absl::GetFlag(FLAGS_queue_limit); limit < 1) {
    faults.push_back(
        absl::StrCat("--queue_limit: ", limit, ", want 1 or more"));
  } else {
    options.pool.queue_limit = static_cast<size_t>(limit);
  }
  mysql::SessionOptions& db = options.pool.session;
  db.address = absl::GetFlag(FLAGS_db_address);
  db.tls_ca_file = absl::GetFlag(FLAGS_db_tls_ca_file);
  CheckAddressOfDatabase(db, process, faults);
  return options;
}

DatabaseOptions DatabaseOptions::For(const DatabaseLogin& login,
                                     const std::string& prefix,
                                     std::vector<std::string>& faults) const {
  DatabaseOptions options = *this;
  mysql::SessionOptions& db = options.pool.session;
  db.user = login.user;
  db.database = login.name;
  if (auto password = base::ReadSecret(login.password_file); password.ok()) {
    db.password = *std::move(password);
  } else {
    faults.push_back(absl::StrCat(
        "--", prefix, "db_password_file: ", password.status().message()));
  }
  if (db.user.empty()) {
    faults.push_back(absl::StrCat("--", prefix, "db_user: not given"));
  }
  if (db.database.empty()) {
    faults.push_back(absl::StrCat("--", prefix, "db_name: not given"));
  }
  return options;
}

}  // namespace kith::server
