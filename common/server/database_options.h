#ifndef KITH_COMMON_SERVER_DATABASE_OPTIONS_H_
#define KITH_COMMON_SERVER_DATABASE_OPTIONS_H_

#include <string>
#include <vector>

#include "common/mysql/worker_pool.h"
#include "common/rpc/process_options.h"

namespace kith::server {

// The options of a process that has a database, as read from its flags.
struct DatabaseOptions {
  rpc::ProcessOptions process;
  mysql::WorkerPool::Options pool;
  bool limit_keys = false;
  bool migrate = false;
  bool check_lookups = false;
  bool rebuild_lookups = false;
  bool has_task = false;

  bool compares() const { return check_lookups || rebuild_lookups; }

  // Reads the flags, and the file with the password. Adds one line to `faults`
  // for each bad option. With `has_task`, the process runs a task of its
  // service and needs no option of a server.
  static DatabaseOptions FromFlags(std::vector<std::string>& faults,
                                   bool has_task);

 private:
  void Validate(std::vector<std::string>& faults) const;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_DATABASE_OPTIONS_H_
