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
#include "kith/changes/v1/changes.grpc.pb.h"

namespace kith::feed {

// The RPCs of protos/kith/changes/v1/changes.proto, for any service that has
// the tables of the feed. One tail reads for all streams; a stream holds no
// worker. Thread-safe.
class ChangesService final
    : public changes::v1::ChangesService::CallbackService {
 public:
  struct Options {
    // The full name of the service whose feed it is.
    std::string feed;
    mysql::SessionOptions session;
    // A stream that has nothing else to tell sends its token so often.
    absl::Duration heartbeat = absl::Seconds(2);
  };

  // `gate` is that of this service. Both outlive it.
  ChangesService(const rpc::CallGate& gate, mysql::WorkerPool& pool,
                 const Options& options);

  // Waits until gRPC has done with all streams: after the server's shutdown.
  ~ChangesService() override;

  grpc::ServerWriteReactor<changes::v1::TailChangesResponse>* TailChanges(
      grpc::CallbackServerContext* call,
      const changes::v1::TailChangesRequest* request) override;

  // Ends all streams, and refuses others from now on.
  void EndStreams();

 private:
  std::vector<std::shared_ptr<ChangeStream>> Streams();
  void AfterPoll(const absl::Status& status);
  void EndAll(const absl::Status& status);
  void Begun(int64_t newest);
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
