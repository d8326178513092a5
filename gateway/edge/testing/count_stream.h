#ifndef KITH_GATEWAY_EDGE_TESTING_COUNT_STREAM_H_
#define KITH_GATEWAY_EDGE_TESTING_COUNT_STREAM_H_

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/call_gate.h"
#include "kith/edgetest/v1/library.pb.h"

namespace kith::edge {

// The error of a test service: OK for 0, else "fail \u2603 100%" with a detail.
absl::Status FailureOf(int code);

// Adds metadata before and after the reply, one of which nobody may see.
void AddMetadata(grpc::CallbackServerContext& call);

// One call of Count. Thread-safe.
class CountStream final
    : public grpc::ServerWriteReactor<edgetest::v1::CountResponse>,
      public std::enable_shared_from_this<CountStream> {
 public:
  // What became of all calls.
  struct Figures {
    std::atomic<int> open = 0;
    // Calls that the caller has left, or whose deadline has passed.
    std::atomic<int> cancelled = 0;
    // Messages that gRPC was given.
    std::atomic<int> messages = 0;
  };

  // Answers a call, if the gate admits it. The figures must outlive the call.
  static CountStream* Open(const rpc::CallGate& gate,
                           grpc::CallbackServerContext* call,
                           const edgetest::v1::CountRequest& request,
                           Figures& figures);

  CountStream(edgetest::v1::CountRequest request, Figures& figures)
      : request_(std::move(request)), figures_(figures) {}

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // A pause or a message has ended: does what comes next.
  void Advance() ABSL_LOCKS_EXCLUDED(mutex_);
  void Write() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Pause() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const edgetest::v1::CountRequest request_;
  Figures& figures_;
  std::shared_ptr<CountStream> self_;
  std::unique_ptr<rpc::ActiveCall> call_;

  absl::Mutex mutex_;
  edgetest::v1::CountResponse message_ ABSL_GUARDED_BY(mutex_);
  // A pause or a message is under way.
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Alarm alarm_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_TESTING_COUNT_STREAM_H_
