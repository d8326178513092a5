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

prometheus::Gauge& QueueWatchers() {
  static auto& gauge =
      ops::Gauge("kith_queue_watchers", "Streams of WatchQueue that are open.");
  return gauge;
}

}  // namespace

WatchCalls::WatchCalls(const rpc::CallGate& gate, const Backends& backends,
                       WatchHub& hub, const Options& options)
    : customers_(backends),
      queues_(backends, customers_),
      options_(options),
      source_({.hub = hub,
               .customers = customers_,
               .gate = gate,
               .heartbeat = options.heartbeat}),
      queue_source_({.bells = hub.queue_bells(),
                     .queues = queues_,
                     .gate = gate,
                     .heartbeat = options.heartbeat,
                     .pause = options.queue_pause,
                     .patience = options.queue_patience}),
      streams_(gate, {.limit = options.limit, .open = Watchers()}),
      queue_streams_(gate, {.limit = options.limit, .open = QueueWatchers()}),
      beat_([this] { Beat(); }) {}

WatchCalls::~WatchCalls() {
  streams_.AwaitNone();
  queue_streams_.AwaitNone();
  stop_.Notify();
  beat_.join();
}

absl::Status WatchCalls::CheckFeeds() const {
  if (options_.feeds_are_read) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "nothing can be watched here: the gateway has no key to read changes "
      "with (--service_key_file)");
}

grpc::ServerWriteReactor<v1::WatchCustomerResponse>* WatchCalls::Run(
    grpc::CallbackServerContext* call,
    const v1::WatchCustomerRequest& request) {
  return streams_.Open(call, source_, request, CheckFeeds());
}

grpc::ServerWriteReactor<v1::WatchQueueResponse>* WatchCalls::Run(
    grpc::CallbackServerContext* call, const v1::WatchQueueRequest& request) {
  return queue_streams_.Open(call, queue_source_, request, CheckFeeds());
}

void WatchCalls::EndStreams() {
  streams_.Close();
  queue_streams_.Close();
}

void WatchCalls::Beat() {
  while (!stop_.WaitForNotificationWithTimeout(options_.heartbeat / 10)) {
    streams_.WakeAll();
    queue_streams_.WakeAll();
  }
}

}  // namespace kith::gateway
