#ifndef KITH_GATEWAY_CALLS_FLOW_CALLS_H_
#define KITH_GATEWAY_CALLS_FLOW_CALLS_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>

#include "absl/functional/any_invocable.h"
#include "common/base/request_context.h"
#include "common/rpc/call_gate.h"
#include "gateway/calls/task.h"
#include "google/protobuf/message.h"

namespace kith::gateway {

// Runs the unary calls of the gateway: first the gate, then a flow that holds
// no thread while it waits. A call fails with INTERNAL if the flow throws, and
// at once with RESOURCE_EXHAUSTED if `limit` flows are running. Thread-safe.
class FlowCalls {
 public:
  FlowCalls(const rpc::CallGate& gate, int limit);

  // Runs the unary method that takes a Request as `method` of `flows`, which
  // must outlive the call. Returns what a callback method returns to gRPC.
  template <typename Flows, typename Request, typename Reply>
  grpc::ServerUnaryReactor* Run(
      grpc::CallbackServerContext* call, const Request* request, Reply* reply,
      const Flows& flows,
      Task<absl::Status> (Flows::*method)(const base::RequestContext&,
                                          const Request&, Reply&) const) {
    return Start(call, *request, *reply,
                 [=, &flows](const rpc::ActiveCall& active) {
                   return (flows.*method)(active.context(),
                                          active.request<Request>(), *reply);
                 });
  }

 private:
  using Flow = absl::AnyInvocable<Task<absl::Status>(const rpc::ActiveCall&)>;

  // Starts the flow, which the call outlives.
  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* call,
                                  const google::protobuf::Message& request,
                                  google::protobuf::Message& reply, Flow flow);

  const rpc::CallGate& gate_;
  const int limit_;
  std::atomic<int> running_ = 0;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_FLOW_CALLS_H_
