#ifndef KITH_COMMON_SERVER_DATABASE_SERVICE_H_
#define KITH_COMMON_SERVER_DATABASE_SERVICE_H_

#include <grpcpp/impl/codegen/service_type.h>

#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/lookup.h"
#include "common/mysql/migrations.h"
#include "common/mysql/session.h"
#include "common/server/pooled_calls.h"
#include "kith/config/v1/config.pb.h"

namespace kith::server {

// What a task works with. `in` and `out` are standard input and output.
struct TaskContext {
  mysql::Session& session;
  std::istream& in;
  std::ostream& out;
};

// Work on the database that a flag of one service asks for, instead of serving.
struct Task {
  // The flag, without dashes.
  absl::string_view flag;
  // Returns true if the flags, which have been read, ask for the work.
  std::function<bool()> asked;
  // Does the work, while other processes serve. May be ended anywhere by SIGINT
  // or SIGTERM, and run again. INVALID_ARGUMENT for a bad flag.
  std::function<absl::Status(const TaskContext&)> run;
};

// Work on what the database has for these tenants, at a time.
using TenantsWork = std::function<absl::Status(
    mysql::Session&,
    absl::Span<const std::shared_ptr<const config::v1::Tenant>>, absl::Time)>;

// What distinguishes one service with a database from another.
struct DatabaseService {
  // "kith.contacts.v1.ContactsService".
  absl::string_view full_name;
  const mysql::Schema& schema;
  // All tables of the schema that are declared as lookups.
  std::vector<mysql::Lookup> lookups;
  // Makes the service. Its calls run in the PooledCalls.
  std::function<std::unique_ptr<grpc::Service>(PooledCalls&)> make;
  // Adds a line for each bad flag that only this service has. Called before it
  // serves, when the flags have been read.
  std::function<void(std::vector<std::string>& faults)> check = {};
  // Those that the flags of its main.cc ask for.
  std::vector<Task> tasks = {};
  // Deletes what has been kept long enough. Called once a minute while the
  // process serves, on one thread, while other processes may do the same. Null
  // if the service keeps all.
  TenantsWork sweep = nullptr;
  // Sets metrics of what the database has. Called after `sweep`. Null if there
  // is nothing to look at.
  TenantsWork observe = nullptr;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_DATABASE_SERVICE_H_
