#ifndef KITH_COMMON_SERVER_DATABASE_SERVICE_H_
#define KITH_COMMON_SERVER_DATABASE_SERVICE_H_

#include <grpcpp/impl/codegen/service_type.h>

#include <functional>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/mysql/lookup.h"
#include "common/mysql/migrations.h"
#include "common/server/pooled_calls.h"

namespace kith::server {

// What distinguishes one service with a database from another.
struct DatabaseService {
  // "kith.contacts.v1.ContactsService".
  absl::string_view full_name;
  const mysql::Schema& schema;
  // All tables of the schema that are declared as lookups.
  std::vector<mysql::Lookup> lookups;
  // Makes the service. Its calls run in the PooledCalls.
  std::function<std::unique_ptr<grpc::Service>(PooledCalls&)> make;
};

// Runs all of main for a service that owns a database. Reads the flags, and
// refuses to start if some are bad. Depending on the flags, prints the SQL
// statements, applies migrations, or compares the lookups; else serves until
// SIGTERM or SIGINT. Returns the exit code: 0 for success, 1 for a failure, 2
// for bad flags or bad key and tenant files.
int RunDatabaseService(int argc, char** argv, const DatabaseService& service);

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_DATABASE_SERVICE_H_
