#ifndef KITH_COMMON_FEED_CHANGES_SERVICE_H_
#define KITH_COMMON_FEED_CHANGES_SERVICE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/feed/change_stream.h"
#include "common/feed/change_tail.h"
#include "common/mysql/session.h"
#include "common/mysql/worker_pool.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/open_streams.h"
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

  // Blocks until gRPC has released all streams; so shut the server down first.
  ~ChangesService() override { streams_.AwaitNone(); }

  // Opens a stream; see ChangeStream for the errors.
  grpc::ServerWriteReactor<changes::v1::TailChangesResponse>* TailChanges(
      grpc::CallbackServerContext* call,
      const changes::v1::TailChangesRequest* request) override;

  // Ends all streams with UNAVAILABLE, and refuses new ones from now on. Does
  // not wait.
  void EndStreams() { streams_.Close(); }

 private:
  // Wakes all streams after a poll, or ends them if the poll failed.
  void AfterPoll(const absl::Status& status);

  rpc::OpenStreams<ChangeStream> streams_;
  ChangeTail tail_;
  const ChangeStream::Source source_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CHANGES_SERVICE_H_
