#include "common/server/service_main.h"
#include "interactions-svc/service_definition.h"

int main(int argc, char** argv) {
  return kith::server::RunDatabaseService(
      argc, argv, kith::interactions::ServiceDefinition());
}
