#include "gateway/watch/watch_calls.h"

#include "absl/status/status.h"
#include "common/ops/metrics.h"

namespace kith::gateway {
namespace {

prometheus::Gauge& Watchers() {
  static auto& gauge =
      ops::Gauge("kith_watchers", "Streams of WatchCustomer that are open.");
  return gauge;
}

}  // namespace

WatchCalls::WatchCalls(const rpc::CallGate& gate, const Backends& backends,
                       WatchHub& hub, const Options& options)
    : customers_(backends),
      options_(options),
      source_({.hub = hub,
               .customers = customers_,
               .gate = gate,
               .heartbeat = options.heartbeat}),
      streams_(gate, {.limit = options.limit, .open = Watchers()}),
      beat_([this] { Beat(); }) {}

WatchCalls::~WatchCalls() {
  streams_.AwaitNone();
  stop_.Notify();
  beat_.join();
}

grpc::ServerWriteReactor<v1::WatchCustomerResponse>* WatchCalls::Run(
    grpc::CallbackServerContext* call,
    const v1::WatchCustomerRequest& request) {
  absl::Status refused;
  if (!options_.feeds_are_read) {
    refused = absl::FailedPreconditionError(
        "nothing can be watched here: the gateway has no key to read changes "
        "with (--service_key_file)");
  }
  return streams_.Open(call, source_, request, refused);
}

void WatchCalls::Beat() {
  while (!stop_.WaitForNotificationWithTimeout(options_.heartbeat / 10)) {
    streams_.WakeAll();
  }
}

}  // namespace kith::gateway
