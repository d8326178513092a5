#include "identity-svc/service_definition.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "identity-svc/identity_service.h"
#include "identity-svc/lookups.h"
#include "identity-svc/quarantine/companion_row.h"
#include "identity-svc/schema.h"

namespace kith::identity {

server::DatabaseService ServiceDefinition(
    const std::function<absl::StatusOr<SuppressionKey>()>& load_key) {
  return {
      .full_name = v1::IdentityService::service_full_name(),
      .schema = Schema(),
      .lookups = Lookups(),
      .make =
          [load_key](server::PooledCalls& calls) {
            return std::make_unique<IdentityService>(calls, *load_key());
          },
      .check =
          [load_key](std::vector<std::string>& faults) {
            const absl::Status loaded = load_key().status();
            if (loaded.ok()) return;
            faults.push_back(
                absl::StrCat("--suppression_key_file: ", loaded.message()));
          },
      .sweep = [](mysql::Session& session, const auto& /*tenants*/,
                  absl::Time now) { return SweepCompanions(session, now); }};
}

}  // namespace kith::identity
