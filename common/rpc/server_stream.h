#ifndef KITH_COMMON_RPC_SERVER_STREAM_H_
#define KITH_COMMON_RPC_SERVER_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/rpc/call_gate.h"

namespace kith::rpc {

// One call with a stream of responses. A derived class decides what to send;
// this class decides when. At most one message is being sent at a time, and the
// derived class is asked for the next one only when gRPC has passed that
// message on. So a slow reader costs the memory of one message. A stream that
// waits holds no thread. Thread-safe.
//
// OpenStreams (open_streams.h) opens streams, wakes them and ends them.
//
// The virtual methods run one at a time, and never while work is in progress.
// So the state of the derived class needs no lock.
template <typename Message>
class ServerStream : public grpc::ServerWriteReactor<Message> {
 public:
  // Starts to answer `call`, or ends it at once with the error of the gate, or
  // else with `refused`. Holds `self` until gRPC has released the stream, and
  // then calls `released`. Call it once.
  void Open(std::shared_ptr<ServerStream> self,
            std::unique_ptr<ActiveCall> call, const absl::Status& refused,
            std::function<void()> released);

  // Sends what there is to send. Call it when there may be something, or when a
  // heartbeat may be due.
  void Wake() { Advance(); }

  // Ends the stream with `status` as soon as nothing is in progress, after a
  // last message (see Last). Only the first call has an effect.
  void End(const absl::Status& status);

  // The callbacks of gRPC: a message was sent or failed, the caller has gone,
  // and gRPC has released the stream.
  void OnWriteDone(bool ok) final;
  void OnCancel() final;
  void OnDone() final;

 protected:
  enum class Step {
    // There is nothing to send now.
    kWait,
    // The message is complete but for Stamp.
    kSend,
    // Work() must come first. The message is kept.
    kWork,
  };

  // A stream that has sent nothing for `heartbeat` sends a message that has
  // only what Stamp adds. The first message is sent at once.
  explicit ServerStream(absl::Duration heartbeat) : heartbeat_(heartbeat) {}

  // Starts the first work, which ends with Resume. An error ends the stream; it
  // is returned in place of Resume.
  virtual absl::Status Start() = 0;

  // Adds to `message`, which is empty after each message that was sent, and
  // returns what to do next. Must not block.
  virtual Step Next(Message& message) = 0;

  // Starts work, which ends with Resume, on this thread or on another one.
  // Returns false if it cannot start now; the next Wake then tries again.
  virtual bool Work() = 0;

  // Adds what every message has, such as the token from which to resume.
  virtual void Stamp(Message& message) = 0;

  // Makes `message` the last one, which has the token from which to resume.
  // Returns false if there is none, as the stream has not begun. `message` may
  // have content that was not sent, of which the token must not know.
  virtual bool Last(Message& message) = 0;

  // gRPC has released the stream.
  virtual void Released() {}

  // The work has ended. The stream goes on, or ends with the error without a
  // last message.
  void Resume(const absl::Status& status);

  const ActiveCall& call() const { return *call_; }

 private:
  // Takes steps until something is in progress or there is nothing to do.
  void Advance() ABSL_LOCKS_EXCLUDED(mutex_);
  // Takes one step. Returns true if work has to be started.
  bool TakeStep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Ends the stream without a last message.
  void Drop(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Send() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const absl::Duration heartbeat_;
  std::shared_ptr<ServerStream> self_;
  std::unique_ptr<ActiveCall> call_;
  std::function<void()> released_;

  absl::Mutex mutex_;
  // A message or work is in progress.
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  // How to end as soon as nothing is in progress, and whether after a last
  // message.
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool last_message_ ABSL_GUARDED_BY(mutex_) = false;
  // When the last message was sent.
  absl::Time sent_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  Message message_ ABSL_GUARDED_BY(mutex_);
};

template <typename Message>
void ServerStream<Message>::Open(std::shared_ptr<ServerStream> self,
                                 std::unique_ptr<ActiveCall> call,
                                 const absl::Status& refused,
                                 std::function<void()> released) {
  self_ = std::move(self);
  call_ = std::move(call);
  released_ = std::move(released);
  absl::Status status = call_->admitted();
  if (status.ok()) status = refused;
  if (status.ok()) status = Start();
  if (!status.ok()) Resume(status);
}

template <typename Message>
void ServerStream<Message>::End(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    if (end_.has_value()) return;
    end_ = status;
    last_message_ = true;
  }
  Advance();
}

template <typename Message>
void ServerStream<Message>::Resume(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    if (!status.ok()) Drop(status);
  }
  Advance();
}

template <typename Message>
void ServerStream<Message>::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    message_.Clear();
    if (!ok) Drop(absl::CancelledError("the reader is gone"));
  }
  Advance();
}

template <typename Message>
void ServerStream<Message>::OnCancel() {
  {
    absl::MutexLock lock(&mutex_);
    Drop(absl::CancelledError("the reader is gone"));
  }
  Advance();
}

template <typename Message>
void ServerStream<Message>::OnDone() {
  // The last reference, except for work or a Wake that is about to end.
  const std::shared_ptr<ServerStream> self = std::move(self_);
  Released();
  released_();
}

template <typename Message>
void ServerStream<Message>::Drop(const absl::Status& status) {
  end_ = status;
  last_message_ = false;
}

template <typename Message>
void ServerStream<Message>::Advance() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (busy_ || finished_ || !TakeStep()) return;
      busy_ = true;
    }
    // Not under the lock: the work may end on this thread.
    if (Work()) return;
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    if (!end_.has_value()) return;
  }
}

template <typename Message>
bool ServerStream<Message>::TakeStep() {
  if (end_.has_value()) {
    if (std::exchange(last_message_, false) && Last(message_)) {
      Send();
      return false;
    }
    finished_ = true;
    call_->Finish(*end_);
    return false;
  }
  const Step step = Next(message_);
  if (step == Step::kWork) return true;
  if (step == Step::kSend || absl::Now() - sent_ >= heartbeat_) {
    Stamp(message_);
    Send();
  }
  return false;
}

template <typename Message>
void ServerStream<Message>::Send() {
  busy_ = true;
  sent_ = absl::Now();
  call_->NoteMessage();
  this->StartWrite(&message_);
}

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_SERVER_STREAM_H_
