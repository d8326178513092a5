#ifndef KITH_GATEWAY_CALLS_FLOW_CALLS_H_
#define KITH_GATEWAY_CALLS_FLOW_CALLS_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>

#include "absl/functional/any_invocable.h"
#include "absl/strings/string_view.h"
#include "common/base/request_context.h"
#include "common/rpc/call_gate.h"
#include "gateway/calls/task.h"

namespace kith::gateway {

// Runs the calls of the gateway: through the gate, then as a flow that holds no
// thread while it waits. INTERNAL for an exception, RESOURCE_EXHAUSTED at once
// where `limit` flows are under way. Thread-safe.
class FlowCalls {
 public:
  // Begins the flow; what it is given outlives it.
  using Flow =
      absl::AnyInvocable<Task<absl::Status>(const base::RequestContext&)>;

  FlowCalls(const rpc::CallGate& gate, int limit)
      : gate_(gate), limit_(limit) {}

  // What a callback method returns to gRPC.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* call,
                                absl::string_view method, Flow flow);

 private:
  const rpc::CallGate& gate_;
  const int limit_;
  std::atomic<int> running_ = 0;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_FLOW_CALLS_H_
