#ifndef KITH_COMMON_SERVER_DATABASE_SERVICE_H_
#define KITH_COMMON_SERVER_DATABASE_SERVICE_H_

#include <grpcpp/impl/codegen/service_type.h>

#include <functional>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/mysql/lookup.h"
#include "common/mysql/migrations.h"
#include "common/server/pooled_calls.h"

namespace kith::server {

// What makes one service different from the next.
struct DatabaseService {
  // "kith.contacts.v1.ContactsService".
  absl::string_view full_name;
  const mysql::Schema& schema;
  // All tables of the schema that are declared as such.
  std::vector<mysql::Lookup> lookups;
  std::function<std::unique_ptr<grpc::Service>(PooledCalls&,
                                               const base::Clock&)>
      make;
};

// The whole of main for a service that owns a database: reads the flags,
// refuses to start on bad ones, applies migrations or compares lookups where a
// flag says so, else serves until it is told to stop.
int RunDatabaseService(int argc, char** argv, const DatabaseService& service);

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_DATABASE_SERVICE_H_
