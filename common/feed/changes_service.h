#ifndef KITH_COMMON_FEED_CHANGES_SERVICE_H_
#define KITH_COMMON_FEED_CHANGES_SERVICE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/feed/change_stream.h"
#include "common/feed/change_tail.h"
#include "common/mysql/session.h"
#include "common/mysql/worker_pool.h"
#include "common/rpc/call_gate.h"
#include "kith/changes/v1/changes_service.grpc.pb.h"

namespace kith::feed {

// The RPCs of protos/kith/changes/v1/changes_service.proto, for any service
// that has the tables of the feed. Owns the open streams and the one tail that
// reads for all of them, so a stream holds no worker. Thread-safe.
class ChangesService final
    : public changes::v1::ChangesService::CallbackService {
 public:
  struct Options {
    // The full name of the service that the feed belongs to.
    std::string feed;
    mysql::SessionOptions session;
    // A stream that had nothing to send for this long sends its token.
    absl::Duration heartbeat = absl::Seconds(2);
  };

  // `gate` is the gate of ChangesService itself. `gate` and `pool` must outlive
  // this object.
  ChangesService(const rpc::CallGate& gate, mysql::WorkerPool& pool,
                 const Options& options);

  // Waits until gRPC is done with all streams. So shut the server down first.
  ~ChangesService() override;

  // Opens a stream; see ChangeStream::Open for the errors.
  grpc::ServerWriteReactor<changes::v1::TailChangesResponse>* TailChanges(
      grpc::CallbackServerContext* call,
      const changes::v1::TailChangesRequest* request) override;

  // Ends all streams with UNAVAILABLE, and every later one too. Does not wait.
  void EndStreams();

 private:
  // The open streams.
  std::vector<std::shared_ptr<ChangeStream>> Streams();
  // Wakes all streams after a poll, or ends them if the poll failed.
  void AfterPoll(const absl::Status& status);
  // Ends all streams with `status`.
  void EndAll(const absl::Status& status);
  // Makes the tail follow when a stream has begun.
  void Begun(int64_t newest);
  // Forgets a stream. The tail rests after the last one.
  void Done(ChangeStream& stream);

  const rpc::CallGate& gate_;
  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_map<ChangeStream*, std::shared_ptr<ChangeStream>> streams_
      ABSL_GUARDED_BY(mutex_);
  ChangeTail tail_;
  const ChangeStream::Source source_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CHANGES_SERVICE_H_
