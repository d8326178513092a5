#ifndef KITH_COMMON_SERVER_DATABASE_WORK_H_
#define KITH_COMMON_SERVER_DATABASE_WORK_H_

#include <string>
#include <vector>

#include "common/server/database_options.h"
#include "common/server/database_service.h"

namespace kith::server {

// What the flags ask for, instead of serving, on the database of each service.
enum class DatabaseWork { kNone, kMigrate, kCheckLookups, kRebuildLookups };

// Reads the flags. Adds a line to `faults` if they ask for two works.
DatabaseWork ReadWork(std::vector<std::string>& faults);

// Does work other than kNone, and logs how it ended. May be ended anywhere by
// SIGINT or SIGTERM, and run again. Returns the exit code: 0 for success, 1 for
// a failure, or if lookups differ.
int DoWork(DatabaseWork work, const DatabaseService& service,
           const DatabaseOptions& options);

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_DATABASE_WORK_H_
