#include "common/server/database_service.h"
#include "interactions-svc/service_definition.h"

int main(int argc, char** argv) {
  return kith::server::RunDatabaseService(
      argc, argv, kith::interactions::ServiceDefinition());
}
