#ifndef KITH_COMMON_SERVER_DATABASE_SERVER_H_
#define KITH_COMMON_SERVER_DATABASE_SERVER_H_

#include <memory>
#include <vector>

#include "common/auth/key_limiter.h"
#include "common/auth/live_keys.h"
#include "common/base/clock.h"
#include "common/feed/changes_service.h"
#include "common/feed/sequencer.h"
#include "common/mysql/session.h"
#include "common/mysql/worker_pool.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/servable.h"
#include "common/server/database_options.h"
#include "common/server/database_service.h"
#include "common/server/pooled_calls.h"
#include "common/server/sweeper.h"

namespace kith::server {

// Serves a service that has a database, with the feed of its changes: the
// workers, the gate, the sequencer and the sweeper. It can serve if the
// database can be reached and written to, and has the schema of this program.
class DatabaseServer final : public rpc::Servable {
 public:
  // Starts the threads. `service` must outlive the object.
  DatabaseServer(const DatabaseService& service, const DatabaseOptions& options,
                 const std::shared_ptr<const auth::LiveKeys>& keys);

  std::vector<rpc::NamedService> services() override;
  absl::Status Probe() override;
  void EndLasting() override { changes_.EndStreams(); }

 private:
  absl::Status CheckDatabase();

  const DatabaseService& service_;
  const base::SystemClock clock_;
  auth::KeyLimiter limiter_;
  const rpc::CallGate gate_;
  const rpc::CallGate changes_gate_;
  mysql::WorkerPool pool_;
  PooledCalls calls_;
  const std::unique_ptr<grpc::Service> api_;
  feed::ChangesService changes_;
  const feed::Sequencer sequencer_;
  const Sweeper sweeper_;
  // For Probe.
  mysql::Session session_;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_DATABASE_SERVER_H_
