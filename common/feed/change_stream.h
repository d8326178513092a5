#ifndef KITH_COMMON_FEED_CHANGE_STREAM_H_
#define KITH_COMMON_FEED_CHANGE_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/feed/change_tail.h"
#include "common/mysql/session.h"
#include "common/mysql/worker_pool.h"
#include "common/rpc/call_gate.h"
#include "kith/changes/v1/changes.pb.h"

namespace kith::feed {

// One stream of TailChanges. It has one message under way at most, and takes
// the next changes only when gRPC has passed that on: a reader that is slow
// falls back, and what it needs is read again, a page at a time on a worker.
// Thread-safe.
class ChangeStream final
    : public grpc::ServerWriteReactor<changes::v1::TailChangesResponse>,
      public std::enable_shared_from_this<ChangeStream> {
 public:
  // What the streams of a service share; outlives their calls.
  struct Source {
    // Binds tokens to the feed that they are of.
    std::string feed;
    absl::Duration heartbeat;
    const ChangeTail& tail;
    mysql::WorkerPool& pool;
    // The feed's newest number, as a stream that begins has found it.
    std::function<void(int64_t newest)> begun;
    // gRPC has done with the stream.
    std::function<void(ChangeStream&)> done;
  };

  explicit ChangeStream(const Source& source) : source_(source) {}

  // Begins to answer, or ends the call at once; gRPC then holds the stream.
  void Open(std::unique_ptr<rpc::ActiveCall> call,
            const changes::v1::TailChangesRequest& request);

  // There may be more to send.
  void Wake();

  // Ends the stream, after a message with its token where it can have one.
  void End(const absl::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // On a worker: finds where to begin.
  absl::StatusOr<int64_t> FindStart(mysql::Session& session) const;
  void Begin(const absl::StatusOr<int64_t>& start);

  // Takes the next step. For one who has found or made it not busy.
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Takes changes into the message, as many as go into one.
  void Fill(const std::vector<SharedChange>& changes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Send() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Has a worker read the next page; at the next Wake where none is free.
  void ReadPage() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakePage(const absl::StatusOr<std::vector<LoggedChange>>& page);

  const Source& source_;
  // Until OnDone.
  std::shared_ptr<ChangeStream> self_;
  std::unique_ptr<rpc::ActiveCall> call_;
  bool all_tenants_ = false;
  // That the request's token stands for; none: from now on.
  std::optional<int64_t> from_;

  absl::Mutex mutex_;
  // A write, or a job on a worker, is under way.
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  // How to end, once it is not busy; with a last message before it.
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool last_message_ ABSL_GUARDED_BY(mutex_) = false;
  // The last change that was sent, or passed over.
  int64_t position_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time sent_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  changes::v1::TailChangesResponse message_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CHANGE_STREAM_H_
