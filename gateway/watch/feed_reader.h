#ifndef KITH_GATEWAY_WATCH_FEED_READER_H_
#define KITH_GATEWAY_WATCH_FEED_READER_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "gateway/watch/watch_hub.h"
#include "kith/changes/v1/changes.grpc.pb.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"

namespace kith::gateway {

// Reads one service's feed, of all tenants, for the hub: one stream, on a
// thread of its own, opened again where it stopped until this is destroyed.
class FeedReader {
 public:
  // `name` is for logs and metrics. The key's token lies in `key_file`, which
  // is read for each stream, so that a key can be changed.
  FeedReader(Feed feed, std::string name,
             const std::shared_ptr<grpc::Channel>& channel,
             std::string key_file, WatchHub& hub);
  ~FeedReader();

 private:
  void Run();

  // Reads until the stream ends, and says why it did.
  absl::Status ReadStream();
  absl::StatusOr<std::shared_ptr<grpc::ClientContext>> NewCall();
  void Take(changes::v1::TailChangesResponse& message);
  // Waits a moment; false where it must end.
  bool Pause();

  const Feed feed_;
  const std::string name_;
  const std::unique_ptr<changes::v1::ChangesService::Stub> stub_;
  const std::string key_file_;
  WatchHub& hub_;
  prometheus::Gauge& connected_;
  prometheus::Histogram& lag_;
  // Of its thread: where to go on, and that a log line has told of a failure.
  std::string token_;
  bool told_ = false;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<grpc::ClientContext> call_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_FEED_READER_H_
