#ifndef KITH_GATEWAY_WATCH_WATCH_CALLS_H_
#define KITH_GATEWAY_WATCH_WATCH_CALLS_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/rpc/call_gate.h"
#include "gateway/calls/backends.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/watch/watch_hub.h"
#include "gateway/watch/watch_stream.h"
#include "kith/gateway/v1/gateway.pb.h"

namespace kith::gateway {

// The calls of WatchCustomer. Thread-safe.
class WatchCalls {
 public:
  struct Options {
    // Without, nobody reads the feeds for the hub, and all are refused.
    bool feeds_are_read = false;
    // Streams open at once; more are RESOURCE_EXHAUSTED.
    int limit = 10'000;
    absl::Duration heartbeat = absl::Seconds(10);
  };

  // All outlive it.
  WatchCalls(const rpc::CallGate& gate, const Backends& backends, WatchHub& hub,
             const Options& options);

  // Waits until gRPC has done with all streams: after the server's shutdown.
  ~WatchCalls();

  // What the callback method returns to gRPC.
  grpc::ServerWriteReactor<v1::WatchCustomerResponse>* Run(
      grpc::CallbackServerContext* call,
      const v1::WatchCustomerRequest& request);

  // Ends all streams, and refuses others from now on.
  void EndStreams();

 private:
  // Why no stream can be opened now.
  absl::Status Refused() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<std::shared_ptr<WatchStream>> Streams();
  void Done(WatchStream& stream);

  // Has streams look whether a heartbeat is due.
  void Beat();

  const rpc::CallGate& gate_;
  const CustomerFlow customers_;
  const Options options_;
  const WatchStream::Source source_;
  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_map<WatchStream*, std::shared_ptr<WatchStream>> streams_
      ABSL_GUARDED_BY(mutex_);
  std::thread beat_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_WATCH_CALLS_H_
