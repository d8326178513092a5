#include <string>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/server/database_service.h"
#include "identity-svc/holding_lines.h"
#include "identity-svc/service_definition.h"

ABSL_FLAG(std::string, holdings, "",
          "list: print who holds which value, for contacts-svc "
          "--contacts=missing; free: end the holdings of these lines; return: "
          "open again those that free has printed; and exit.");

namespace kith::identity {
namespace {

absl::Status RunHoldings(const server::TaskContext& task) {
  const base::SystemClock clock;
  const std::string work = absl::GetFlag(FLAGS_holdings);
  if (work == "list") return ListHoldings(task, clock);
  if (work == "free") return FreeHoldings(task, clock);
  if (work == "return") return ReturnHoldings(task, clock);
  return absl::InvalidArgumentError("--holdings: want list, free or return");
}

server::DatabaseService Definition() {
  server::DatabaseService service = ServiceDefinition();
  service.tasks = {
      {.flag = "holdings",
       .asked = [] { return !absl::GetFlag(FLAGS_holdings).empty(); },
       .run = RunHoldings}};
  return service;
}

}  // namespace
}  // namespace kith::identity

int main(int argc, char** argv) {
  return kith::server::RunDatabaseService(argc, argv,
                                          kith::identity::Definition());
}
