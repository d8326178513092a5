#ifndef KITH_GATEWAY_WATCH_WATCH_STREAM_H_
#define KITH_GATEWAY_WATCH_WATCH_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/rpc/call_gate.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/watch/watch_hub.h"
#include "kith/gateway/v1/watch.pb.h"

namespace kith::gateway {

// One stream of WatchCustomer. At most one message, or one read of the group's
// members, is in progress at a time; when it ends, the stream takes the next
// batch from the hub. A message about a merge is sent only after the group's
// new members are watched: so whoever reads the view on receiving it misses no
// later change. Holds no thread while it waits. Thread-safe.
class WatchStream final
    : public grpc::ServerWriteReactor<v1::WatchCustomerResponse>,
      public std::enable_shared_from_this<WatchStream> {
 public:
  // What all streams share. It must outlive their calls.
  struct Source {
    WatchHub& hub;
    const CustomerFlow& customers;
    const rpc::CallGate& gate;
    // A stream without changes sends its token at this interval.
    absl::Duration heartbeat;
    // Called when gRPC has released the stream.
    std::function<void(WatchStream&)> done;
  };

  explicit WatchStream(const Source& source) : source_(source) {}

  // Starts to answer the call; if `refused` is not OK, ends it at once with
  // that error. From then on gRPC holds the stream.
  void Open(std::unique_ptr<rpc::ActiveCall> call,
            const v1::WatchCustomerRequest& request, absl::Status refused);

  // Sends what there is to send. Call it when there may be something.
  void Wake() { Advance(); }

  // Ends the stream, after a last message with its token if it has one. Only
  // the first call has an effect.
  void End(const absl::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // Find reads the customer's group: FindFirst finds the position and the
  // members to watch; FindAgain reads the members that there are now.
  Task<absl::Status> Find();
  Task<absl::Status> FindFirst();
  Task<absl::Status> FindAgain();
  static Detached RunFind(std::shared_ptr<WatchStream> stream);
  // Returns the positions to start from: those of the resume_token, else the
  // hub's. UNAVAILABLE if the hub has no positions yet.
  absl::StatusOr<FeedPositions> Start() const;
  // Continues after Find; drops the stream if `status` is an error.
  void Found(const absl::Status& status);

  // Returns the context for a read of contacts that starts now.
  base::RequestContext Context() const;

  // Ends the stream without a further message.
  void Drop(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Takes the next step unless something is in progress.
  void Advance();

  // The same under the mutex. Returns true if the group must be read.
  bool Step() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Puts the batch into the message. Returns true if the group must be read
  // before the message is sent.
  bool Fill(const WatchHub::Batch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Send() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Source& source_;
  // Keeps the stream alive until OnDone.
  std::shared_ptr<WatchStream> self_;
  std::unique_ptr<rpc::ActiveCall> call_;
  absl::Time opened_;
  v1::WatchCustomerRequest request_;

  // While Find is in progress only Find uses these; else mutex_ guards them.
  std::shared_ptr<WatchHub::Watcher> watcher_;
  std::string contact_id_;
  std::string canonical_id_;
  FeedPositions positions_ = {};

  absl::Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  // How to end as soon as nothing is in progress, and whether after a last
  // message.
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool last_message_ ABSL_GUARDED_BY(mutex_) = false;
  // The message is complete but waits for the members to be read.
  bool filled_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time sent_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // The token of the last message; empty before the first.
  std::string token_ ABSL_GUARDED_BY(mutex_);
  v1::WatchCustomerResponse message_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_WATCH_STREAM_H_
