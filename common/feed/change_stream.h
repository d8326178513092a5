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
#include "kith/changes/v1/changes_service.pb.h"

namespace kith::feed {

// One stream of TailChanges. At most one message is being sent at a time, and
// the stream takes the next changes only when gRPC has passed that message on.
// So a slow reader falls behind the tail and costs no memory; what it needs is
// then read again from the database, one page at a time, on a worker.
// Thread-safe.
class ChangeStream final
    : public grpc::ServerWriteReactor<changes::v1::TailChangesResponse>,
      public std::enable_shared_from_this<ChangeStream> {
 public:
  // What the streams of a service share. It must outlive their calls.
  struct Source {
    // The name of the feed. A token is only valid for the feed that made it.
    std::string feed;
    // A stream that had nothing to send for this long sends its token.
    absl::Duration heartbeat;
    const ChangeTail& tail;
    mysql::WorkerPool& pool;
    // Called when a stream begins, with the newest number of the feed.
    std::function<void(int64_t newest)> begun;
    // Called when gRPC is done with the stream.
    std::function<void(ChangeStream&)> done;
  };

  explicit ChangeStream(const Source& source) : source_(source) {}

  // Begins to send, or ends the call at once with an error. gRPC then holds the
  // stream until OnDone. Call it once.
  //
  // Errors: those of the gate; PERMISSION_DENIED if all tenants are requested
  // without the scope changes.tail_all; INVALID_ARGUMENT for a bad token;
  // OUT_OF_RANGE if changes after the token are gone; RESOURCE_EXHAUSTED if the
  // queue of the workers is full.
  void Open(std::unique_ptr<rpc::ActiveCall> call,
            const changes::v1::TailChangesRequest& request);

  // Sends what there is after the last change that was sent. Call it when there
  // may be new changes or a heartbeat may be due. May be called at any time.
  void Wake();

  // Ends the stream with `status`. If the stream has begun, it first sends a
  // message with its token, so that the reader can resume. Does nothing if the
  // stream is ending already.
  void End(const absl::Status& status);

  // The callbacks of gRPC: a message was sent or failed, the call was
  // cancelled, and gRPC is done with the stream.
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // On a worker: finds the number after which to begin. OUT_OF_RANGE if changes
  // after it are gone.
  absl::StatusOr<int64_t> FindStart(mysql::Session& session) const;
  // Begins to send after `start`, or ends the stream with its error.
  void Begin(const absl::StatusOr<int64_t>& start);

  // Takes the next step: ends the stream, sends a message, or starts to read a
  // page. Call it only if the stream is not busy.
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Adds the changes that the reader may see to the message, up to the size
  // limit of a message. Moves `position_`.
  void Fill(const std::vector<SharedChange>& changes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Sends the message, with the stream's token.
  void Send() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Queues a job that reads the next page. If the queue is full, the next Wake
  // tries again.
  void ReadPage() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Sends the page that a worker has read, or ends the stream with an error.
  void TakePage(const absl::StatusOr<std::vector<LoggedChange>>& page);

  const Source& source_;
  // Keeps the stream alive until OnDone.
  std::shared_ptr<ChangeStream> self_;
  std::unique_ptr<rpc::ActiveCall> call_;
  bool all_tenants_ = false;
  // The number in the request's token. None: begin now.
  std::optional<int64_t> from_;

  absl::Mutex mutex_;
  // A write or a job on a worker is under way.
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  // The final status, sent as soon as the stream is not busy. `last_message_`:
  // send a message with the token before it.
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool last_message_ ABSL_GUARDED_BY(mutex_) = false;
  // The number of the last change that was sent or skipped.
  int64_t position_ ABSL_GUARDED_BY(mutex_) = 0;
  // When the last message was sent.
  absl::Time sent_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  changes::v1::TailChangesResponse message_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CHANGE_STREAM_H_
