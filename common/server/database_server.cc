#include "common/server/database_server.h"

#include <string>
#include <utility>

#include "common/auth/credentials.h"
#include "common/mysql/errors.h"
#include "common/mysql/migrations.h"
#include "common/mysql/transaction.h"
#include "common/ops/certificate_expiry.h"
#include "common/status/status_macros.h"

namespace kith::server {
namespace {

constexpr auto kForms = rpc::Forms::kFromGateway;

// The work for the tenants that there are when it is done.
Sweeper::Work WorkOf(const TenantsWork& work,
                     const std::shared_ptr<const auth::LiveKeys>& keys) {
  if (work == nullptr) return nullptr;
  return [work, keys](mysql::Session& session, absl::Time now) {
    const std::shared_ptr<const auth::KeyRing> ring = keys->keys();
    return work(session, ring->tenants(), now);
  };
}

}  // namespace

DatabaseServer::DatabaseServer(
    const DatabaseService& service, const DatabaseOptions& options,
    const std::shared_ptr<const auth::LiveKeys>& keys)
    : service_(service),
      limiter_(config::v1::CallLimits()),
      gate_(service.full_name, keys, options.limit_keys ? &limiter_ : nullptr,
            kForms),
      changes_gate_(changes::v1::ChangesService::service_full_name(), keys,
                    options.limit_keys ? &limiter_ : nullptr, kForms),
      pool_(options.pool),
      calls_(gate_, pool_, clock_),
      api_(service.make(calls_)),
      changes_(changes_gate_, pool_,
               {.feed = std::string(service.full_name),
                .session = options.pool.session}),
      sequencer_(options.pool.session, clock_),
      sweeper_(options.pool.session, clock_,
               {.sweep = WorkOf(service.sweep, keys),
                .observe = WorkOf(service.observe, keys)}),
      session_(options.pool.session) {
  mysql::RegisterTransactionMetrics();
  ops::ExportCertificateExpiry(options.pool.session.tls_ca_file);
}

std::vector<rpc::NamedService> DatabaseServer::services() {
  return {{service_.full_name, *api_},
          {changes::v1::ChangesService::service_full_name(), changes_}};
}

absl::Status DatabaseServer::Probe() {
  return mysql::WithCause(CheckDatabase());
}

absl::Status DatabaseServer::CheckDatabase() {
  KITH_RETURN_IF_ERROR(session_.Connect());
  KITH_RETURN_IF_ERROR(mysql::CheckSchema(session_, service_.schema));
  return mysql::CheckWritable(session_);
}

}  // namespace kith::server
