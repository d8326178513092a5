#ifndef KITH_COMMON_SERVER_DATABASE_OPTIONS_H_
#define KITH_COMMON_SERVER_DATABASE_OPTIONS_H_

#include <string>
#include <vector>

#include "common/mysql/worker_pool.h"
#include "common/rpc/process_options.h"

namespace kith::server {

// Who a service is at its database, as given by flags.
struct DatabaseLogin {
  std::string user;
  // May be empty: then there is no password.
  std::string password_file;
  // The service's own schema.
  std::string name;
};

// The options of a service that has a database.
struct DatabaseOptions {
  mysql::WorkerPool::Options pool;
  bool limit_keys = false;

  // Reads the flags that all services of a process share. Adds one line to
  // `faults` for each bad one.
  static DatabaseOptions FromFlags(const rpc::ProcessOptions& process,
                                   std::vector<std::string>& faults);

  // Returns the options of one service. Reads the file with the password. Adds
  // one line to `faults` for each bad flag; `prefix` is what the names of those
  // flags have before "db_user".
  DatabaseOptions For(const DatabaseLogin& login, const std::string& prefix,
                      std::vector<std::string>& faults) const;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_DATABASE_OPTIONS_H_
