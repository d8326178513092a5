#ifndef KITH_COMMON_SERVER_POOLED_CALLS_H_
#define KITH_COMMON_SERVER_POOLED_CALLS_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "common/mysql/worker_pool.h"
#include "common/rpc/call_gate.h"

namespace kith::server {

// Runs the calls of a service that has a database: through the gate, into the
// queue, on a worker. RESOURCE_EXHAUSTED at once where the queue is full,
// DEADLINE_EXCEEDED when the deadline passes, while it waits or in a statement,
// INTERNAL for an exception. Thread-safe.
class PooledCalls {
 public:
  using Handler = absl::AnyInvocable<absl::Status(const base::RequestContext&,
                                                  mysql::Session&)>;

  PooledCalls(const rpc::CallGate& gate, mysql::WorkerPool& pool)
      : gate_(gate), pool_(pool) {}

  // What a callback method returns to gRPC.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* call,
                                absl::string_view method, Handler handler);

 private:
  const rpc::CallGate& gate_;
  mysql::WorkerPool& pool_;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_POOLED_CALLS_H_
