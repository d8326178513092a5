#include <string>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/tenants.h"
#include "common/base/clock.h"
#include "common/rpc/process_options.h"
#include "common/server/service_main.h"
#include "common/status/status_macros.h"
#include "identity-svc/consent/suppression_key.h"
#include "identity-svc/reread/reread_task.h"
#include "identity-svc/service_definition.h"
#include "identity-svc/tasks/holding_lines.h"

ABSL_FLAG(std::string, suppression_key_file, "",
          "A file with the secret by which suppressed channel values are known "
          "again: 32 characters or more, as openssl rand -hex 32 makes them. "
          "Required to serve and for --reread_values=move, and never to be "
          "changed.");

ABSL_FLAG(std::string, holdings, "",
          "list: print who holds which value, for contacts-svc "
          "--contacts=missing; free: end the holdings of these lines; return: "
          "open again those that free has printed; and exit.");

ABSL_FLAG(
    std::string, reread_values, "",
    "list: print what today's reading rules make of values that were "
    "stored under older ones; alias: have both readings find them, before "
    "this version serves; move: store them anew, when no older version "
    "serves any more; and exit. Reads --tenants_file.");

namespace kith::identity {
namespace {

absl::StatusOr<SuppressionKey> LoadSuppressionKey() {
  return SuppressionKey::Load(absl::GetFlag(FLAGS_suppression_key_file));
}

absl::Status RunReread(const server::TaskContext& task) {
  const base::SystemClock clock;
  const std::string work = absl::GetFlag(FLAGS_reread_values);
  KITH_ASSIGN_OR_RETURN(
      const auth::Tenants tenants,
      auth::Tenants::Load(rpc::ProcessOptions::FromFlags().tenants_file));
  const auto reread = [&](RereadWork one, const SuppressionKey& key) {
    return RereadValues(task, tenants, clock, one, key);
  };
  // Only a move writes suppressions.
  if (work == "list") return reread(RereadWork::kList, SuppressionKey(""));
  if (work == "alias") return reread(RereadWork::kAlias, SuppressionKey(""));
  if (work == "move") {
    KITH_ASSIGN_OR_RETURN(const SuppressionKey key, LoadSuppressionKey());
    return reread(RereadWork::kMove, key);
  }
  return absl::InvalidArgumentError(
      "--reread_values: want list, alias or move");
}

absl::Status RunHoldings(const server::TaskContext& task) {
  const base::SystemClock clock;
  const std::string work = absl::GetFlag(FLAGS_holdings);
  if (work == "list") return ListHoldings(task, clock);
  if (work == "free") return FreeHoldings(task, clock);
  if (work == "return") return ReturnHoldings(task, clock);
  return absl::InvalidArgumentError("--holdings: want list, free or return");
}

server::DatabaseService Definition() {
  server::DatabaseService service = ServiceDefinition(LoadSuppressionKey);
  service.tasks = {
      {.flag = "holdings",
       .asked = [] { return !absl::GetFlag(FLAGS_holdings).empty(); },
       .run = RunHoldings},
      {.flag = "reread_values",
       .asked = [] { return !absl::GetFlag(FLAGS_reread_values).empty(); },
       .run = RunReread}};
  return service;
}

}  // namespace
}  // namespace kith::identity

int main(int argc, char** argv) {
  return kith::server::RunDatabaseService(argc, argv,
                                          kith::identity::Definition());
}
