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
#include "kith/gateway/v1/gateway.pb.h"

namespace kith::gateway {

// One stream of WatchCustomer. It has one message, or one reading of the
// group's members, under way at most, and takes what has changed when that is
// done. A message about a merge is sent when the group's new members are
// watched: who reads the view upon it misses nothing that comes after. Holds
// no thread. Thread-safe.
class WatchStream final
    : public grpc::ServerWriteReactor<v1::WatchCustomerResponse>,
      public std::enable_shared_from_this<WatchStream> {
 public:
  // What the streams share; outlives their calls.
  struct Source {
    WatchHub& hub;
    const CustomerFlow& customers;
    const rpc::CallGate& gate;
    // A stream that has nothing else to tell sends its token so often.
    absl::Duration heartbeat;
    // gRPC has done with the stream.
    std::function<void(WatchStream&)> done;
  };

  explicit WatchStream(const Source& source) : source_(source) {}

  // Begins to answer, or ends the call at once where `refused` is not OK; gRPC
  // then holds the stream.
  void Open(std::unique_ptr<rpc::ActiveCall> call,
            const v1::WatchCustomerRequest& request, absl::Status refused);

  // There may be something to send.
  void Wake() { Advance(); }

  // Ends the stream, after a message with its token where it has one.
  void End(const absl::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // Finds where to begin, and whom to watch; later, who is in the group now.
  Task<absl::Status> Find();
  Task<absl::Status> FindFirst();
  Task<absl::Status> FindAgain();
  static Detached RunFind(std::shared_ptr<WatchStream> stream);
  absl::StatusOr<FeedPositions> Start() const;
  void Found(const absl::Status& status);

  // For reading contacts now.
  base::RequestContext Context() const;

  // Ends the stream without a further message.
  void Drop(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Takes the next step where nothing is under way.
  void Advance();

  // The same; answers whether the group must be read.
  bool Step() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes it into the message; answers whether the group must be read first.
  bool Fill(const WatchHub::Batch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Send() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Source& source_;
  // Until OnDone.
  std::shared_ptr<WatchStream> self_;
  std::unique_ptr<rpc::ActiveCall> call_;
  absl::Time opened_;
  v1::WatchCustomerRequest request_;

  // These belong to the reading while one is under way, else to mutex_.
  std::shared_ptr<WatchHub::Watcher> watcher_;
  std::string contact_id_;
  std::string canonical_id_;
  FeedPositions positions_ = {};

  absl::Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  // How to end, once it is not busy; with a last message before it.
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool last_message_ ABSL_GUARDED_BY(mutex_) = false;
  // The message waits for the members to be read, and goes then.
  bool filled_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time sent_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // Of the last message; empty before the first.
  std::string token_ ABSL_GUARDED_BY(mutex_);
  v1::WatchCustomerResponse message_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_WATCH_STREAM_H_
