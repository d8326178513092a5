#ifndef KITH_GATEWAY_WATCH_QUEUE_STREAM_H_
#define KITH_GATEWAY_WATCH_QUEUE_STREAM_H_

#include <atomic>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/server_stream.h"
#include "gateway/actions/queue_flow.h"
#include "gateway/calls/task.h"
#include "gateway/watch/queue_bells.h"
#include "kith/gateway/v1/watch.pb.h"

namespace kith::gateway {

// One stream of WatchQueue. It reads the head of its queues when a bell rings,
// and from time to time, as what waits changes by time alone too; and tells the
// difference to the reading before. So nothing that the feed does not tell is
// lost, and a reader that is slow is told what is different by then.
class QueueStream final : public rpc::ServerStream<v1::WatchQueueResponse>,
                          public std::enable_shared_from_this<QueueStream> {
 public:
  // What all streams share. It must outlive their calls.
  struct Source {
    QueueBells& bells;
    const QueueFlow& queues;
    const rpc::CallGate& gate;
    // A stream without changes sends an empty message at this interval.
    absl::Duration heartbeat;
    // The least and the most time between two readings.
    absl::Duration pause;
    absl::Duration patience;
  };

  QueueStream(const Source& source, v1::WatchQueueRequest request)
      : ServerStream(source.heartbeat),
        source_(source),
        request_(std::move(request)) {}

 private:
  absl::Status Start() override;
  Step Next(v1::WatchQueueResponse& message) override;
  bool Work() override;
  void Stamp(v1::WatchQueueResponse& /*message*/) override {}
  // A new stream begins with all of it.
  bool Last(v1::WatchQueueResponse& /*message*/) override { return false; }
  void Released() override;

  // Reads the head, and finds out what is to be told.
  Task<absl::Status> Read();
  static Detached RunRead(std::shared_ptr<QueueStream> stream);

  const Source& source_;
  const v1::WatchQueueRequest request_;
  std::shared_ptr<QueueBells::Bell> bell_;
  // Set by a bell since the last reading began.
  std::atomic<bool> rung_ = false;
  absl::Time read_ = absl::InfinitePast();
  // What was read last; nullopt before the first reading.
  std::optional<std::vector<v1::QueueEntry>> head_;
  // What is to be sent.
  std::optional<v1::WatchQueueResponse> news_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_QUEUE_STREAM_H_
