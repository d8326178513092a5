#ifndef KITH_GATEWAY_WATCH_FEED_READER_H_
#define KITH_GATEWAY_WATCH_FEED_READER_H_

#include <grpcpp/client_context.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/link.h"
#include "gateway/calls/service_key.h"
#include "gateway/watch/watch_hub.h"
#include "kith/changes/v1/changes_service.grpc.pb.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"

namespace kith::gateway {

// Reads the feed of one service for the hub: all tenants, one stream, on a
// thread of its own. If the stream ends, the reader opens it again where it
// stopped, until the reader is destroyed. Call no method from several threads
// at once.
class FeedReader {
 public:
  // `name` is for logs and metrics. `key_file` has the API key; it is read
  // again for each stream, so that the key can be changed while the gateway
  // runs. If the file is broken, the last good key stays (ServiceKey). `hub`
  // must outlive the reader.
  FeedReader(Feed feed, std::string name,
             const std::shared_ptr<const rpc::Link>& link, std::string key_file,
             WatchHub& hub);
  ~FeedReader();

 private:
  void Run();

  // Opens a stream and reads until it ends. Returns why it ended.
  absl::Status ReadStream();
  // Returns the context of a new call, with the API key. CANCELLED if the
  // reader is being destroyed; FAILED_PRECONDITION if there was no good key
  // yet.
  absl::StatusOr<std::shared_ptr<grpc::ClientContext>> NewCall();
  // Hands the changes of a message to the hub.
  void Take(changes::v1::TailChangesResponse& message);
  // Waits between two attempts. Returns false if the reader is being destroyed.
  bool Pause();

  const Feed feed_;
  const std::string name_;
  rpc::LinkedStub<changes::v1::ChangesService> stub_;
  ServiceKey key_;
  WatchHub& hub_;
  prometheus::Gauge& connected_;
  prometheus::Histogram& lag_;
  // For the reader's thread only: the position in the feed, and whether a log
  // line has reported the current interruption.
  std::string token_;
  bool told_ = false;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<grpc::ClientContext> call_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_FEED_READER_H_
