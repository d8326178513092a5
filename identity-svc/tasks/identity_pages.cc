#include "identity-svc/tasks/identity_pages.h"

#include <map>
#include <utility>

#include "absl/time/clock.h"
#include "common/mysql/statement.h"
#include "common/ops/log.h"
#include "common/status/status_macros.h"
#include "identity-svc/keyed_query.h"

namespace kith::identity {
namespace {

constexpr int64_t kPageSize = 100;
constexpr absl::Duration kReportInterval = absl::Seconds(10);

const mysql::Statement kSelectPage(
    "SELECT tenant_id, identity_key, create_micros, rules, alias_of "
    "FROM identities "
    "WHERE tenant_id > ? OR (tenant_id = ? AND identity_key > ?) "
    "ORDER BY tenant_id, identity_key LIMIT ?",
    mysql::Mark::kMaintenance);

}  // namespace

absl::Status ForEachPage(
    mysql::Session& session, const base::Clock& clock, absl::string_view work,
    absl::FunctionRef<absl::Status(const mysql::Tx& tx,
                                   const std::vector<IdentityHead>& page)>
        each) {
  uint64_t tenant_id = 0;
  std::string key;
  int64_t total = 0;
  absl::Time reported = absl::Now();
  for (int64_t read = kPageSize; read == kPageSize;) {
    std::map<uint64_t, std::vector<IdentityHead>> pages;
    read = 0;
    const std::string last = key;
    KITH_RETURN_IF_ERROR(session.Query(
        kSelectPage, {tenant_id, tenant_id, last, kPageSize},
        [&](const mysql::Row& row) {
          tenant_id = row.Unsigned(0);
          key = row.Bytes(1);
          pages[tenant_id].push_back({.key = KeyHex(key),
                                      .create_micros = row.Int(2),
                                      .rules = static_cast<int>(row.Int(3)),
                                      .is_alias = !row.IsNull(4)});
          ++read;
        }));
    for (const auto& [tenant, page] : pages) {
      const mysql::TenantTx tx(session, tenant, clock.Now(),
                               absl::Now() + kTaskTimeout);
      KITH_RETURN_IF_ERROR(each(tx, page));
    }
    total += read;
    if (absl::Now() - reported < kReportInterval) continue;
    reported = absl::Now();
    ops::Log(ops::Severity::kInfo, work, {{"read", total}});
  }
  return absl::OkStatus();
}

}  // namespace kith::identity
