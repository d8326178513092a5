#include "gateway/calls/flow_calls.h"

#include <exception>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/api/too_busy.h"
#include "common/ops/metrics.h"

namespace kith::gateway {
namespace {

prometheus::Gauge& Running() {
  static auto& gauge =
      ops::Gauge("kith_flows_running", "Flows that are under way.");
  return gauge;
}

prometheus::Counter& TooMany() {
  static auto& counter =
      ops::Counter("kith_flows_refused_total",
                   "Calls refused because too many were under way.");
  return counter;
}

// Ends the call itself.
template <typename Flow>
Detached Finish(std::unique_ptr<rpc::ActiveCall> call, Flow flow,
                std::atomic<int>& running) {
  absl::Status status;
  try {
    status = co_await flow(*call);
  } catch (const std::exception& e) {
    status = absl::InternalError(absl::StrCat("exception: ", e.what()));
  } catch (...) {
    status = absl::InternalError("exception of an unknown type");
  }
  // Before the answer: the service may be gone once the last one is sent.
  --running;
  Running().Decrement();
  call->Finish(status);
}

}  // namespace

FlowCalls::FlowCalls(const rpc::CallGate& gate, int limit)
    : gate_(gate), limit_(limit) {
  ops::Gauge("kith_flow_limit", "Calls that may be under way.").Set(limit);
  Running();
  TooMany();
}

grpc::ServerUnaryReactor* FlowCalls::Start(
    grpc::CallbackServerContext* call, const google::protobuf::Message& request,
    google::protobuf::Message& reply, Flow flow) {
  std::unique_ptr<rpc::ActiveCall> active = gate_.Begin(call, request, reply);
  grpc::ServerUnaryReactor* const reactor = active->reactor();
  if (!active->admitted().ok()) {
    active->Finish(active->admitted());
    return reactor;
  }
  if (++running_ > limit_) {
    --running_;
    TooMany().Increment();
    active->Finish(
        api::TooBusyError("too many calls are under way; try again later"));
    return reactor;
  }
  Running().Increment();
  Finish(std::move(active), std::move(flow), running_);
  return reactor;
}

}  // namespace kith::gateway
