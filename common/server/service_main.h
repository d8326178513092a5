#ifndef KITH_COMMON_SERVER_SERVICE_MAIN_H_
#define KITH_COMMON_SERVER_SERVICE_MAIN_H_

#include "common/server/database_service.h"

namespace kith::server {

// Runs all of main for a service that owns a database. Reads the flags, and
// refuses to start if some are bad. Depending on the flags, prints the SQL
// statements, applies migrations, compares the lookups, or runs a task; else
// serves until SIGTERM or SIGINT. Returns the exit code: 0 for success, 1 for a
// failure, 2 for bad flags or bad key and tenant files.
int RunDatabaseService(int argc, char** argv, const DatabaseService& service);

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_SERVICE_MAIN_H_
