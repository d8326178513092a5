#ifndef KITH_GATEWAY_WATCH_WATCH_CALLS_H_
#define KITH_GATEWAY_WATCH_WATCH_CALLS_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/open_streams.h"
#include "gateway/actions/queue_flow.h"
#include "gateway/calls/backends.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/watch/queue_stream.h"
#include "gateway/watch/watch_hub.h"
#include "gateway/watch/watch_stream.h"
#include "kith/gateway/v1/watch.pb.h"

namespace kith::gateway {

// Runs the calls of WatchCustomer and WatchQueue and owns their streams. Limits
// how many of each are open, wakes them for heartbeats, and ends them when the
// process drains. Thread-safe.
class WatchCalls {
 public:
  struct Options {
    // False if no FeedReader feeds the hub; then all calls are refused with
    // FAILED_PRECONDITION.
    bool feeds_are_read = false;
    // Most streams of each method open at once; more are refused with
    // RESOURCE_EXHAUSTED.
    size_t limit = 10'000;
    absl::Duration heartbeat = absl::Seconds(10);
    // The least and the most time between two readings of the head of a queue
    // for one stream, but for a tenth of the heartbeat.
    absl::Duration queue_pause = absl::Milliseconds(500);
    absl::Duration queue_patience = absl::Seconds(5);
  };

  // `gate`, `backends` and `hub` must outlive the object.
  WatchCalls(const rpc::CallGate& gate, const Backends& backends, WatchHub& hub,
             const Options& options);

  // Blocks until gRPC has released all streams; so shut the server down first.
  ~WatchCalls();

  // Start a call and return its reactor for gRPC. A refused call ends at once
  // with its error.
  grpc::ServerWriteReactor<v1::WatchCustomerResponse>* Run(
      grpc::CallbackServerContext* call,
      const v1::WatchCustomerRequest& request);
  grpc::ServerWriteReactor<v1::WatchQueueResponse>* Run(
      grpc::CallbackServerContext* call, const v1::WatchQueueRequest& request);

  // Ends all streams with UNAVAILABLE, and refuses new ones from now on.
  // Idempotent.
  void EndStreams();

 private:
  // FAILED_PRECONDITION if no feed is read.
  absl::Status CheckFeeds() const;

  // Runs on the thread `beat_`: wakes all streams regularly, so that each sends
  // its heartbeat, and reads its queues, when that is due.
  void Beat();

  const CustomerFlow customers_;
  const QueueFlow queues_;
  const Options options_;
  const WatchStream::Source source_;
  const QueueStream::Source queue_source_;
  rpc::OpenStreams<WatchStream> streams_;
  rpc::OpenStreams<QueueStream> queue_streams_;
  absl::Notification stop_;
  std::thread beat_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_WATCH_CALLS_H_
