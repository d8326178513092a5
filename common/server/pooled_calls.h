#ifndef KITH_COMMON_SERVER_POOLED_CALLS_H_
#define KITH_COMMON_SERVER_POOLED_CALLS_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/mysql/tx.h"
#include "common/mysql/worker_pool.h"
#include "common/rpc/call_gate.h"
#include "common/status/status_macros.h"
#include "google/protobuf/message.h"

namespace kith::server {

// Runs the unary calls of a service with a database: through the gate, into the
// queue, on a worker. So a handler has a session and an admitted caller, and is
// plain synchronous code. Thread-safe.
class PooledCalls {
 public:
  // All arguments must outlive the object.
  PooledCalls(const rpc::CallGate& gate, mysql::WorkerPool& pool,
              const base::Clock& clock)
      : gate_(gate), pool_(pool), clock_(clock) {}

  // Runs the unary method that takes a Request. A worker calls `work(tx,
  // request)`, which returns a StatusOr<Reply>, and the reply is sent. tx.now
  // is the time at which the worker began. Returns the reactor that the
  // callback method returns to gRPC.
  //
  // The call ends with the status of `work`, or with:
  //
  // - the error of the gate, if the caller is not admitted,
  // - RESOURCE_EXHAUSTED at once, if the queue is full,
  // - DEADLINE_EXCEEDED, if the deadline passes in the queue or in a statement,
  // - UNAVAILABLE, if the database cannot be reached,
  // - INTERNAL, if `work` throws.
  template <typename Request, typename Reply, typename Work>
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* call,
                                const Request* request, Reply* reply,
                                Work work) {
    return Submit(
        call, *request, *reply,
        [reply, work = std::move(work)](const rpc::ActiveCall& active,
                                        const mysql::Tx& tx) -> absl::Status {
          KITH_ASSIGN_OR_RETURN(*reply, work(tx, active.request<Request>()));
          return absl::OkStatus();
        });
  }

 private:
  using Handler = absl::AnyInvocable<absl::Status(const rpc::ActiveCall&,
                                                  const mysql::Tx&)>;

  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* call,
                                   const google::protobuf::Message& request,
                                   google::protobuf::Message& reply,
                                   Handler handler);

  const rpc::CallGate& gate_;
  mysql::WorkerPool& pool_;
  const base::Clock& clock_;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_POOLED_CALLS_H_
