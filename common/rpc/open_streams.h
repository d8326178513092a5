#ifndef KITH_COMMON_RPC_OPEN_STREAMS_H_
#define KITH_COMMON_RPC_OPEN_STREAMS_H_

#include <grpcpp/server_context.h>
#include <prometheus/gauge.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/api/too_busy.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/server_stream.h"

namespace kith::rpc {

// The open calls of one method with a stream of responses. `Stream` is derived
// from ServerStream, and is made of its Source, which all streams share, and of
// the request. Thread-safe.
template <typename Stream>
class OpenStreams {
 public:
  struct Options {
    // Most streams open at once; more are refused with RESOURCE_EXHAUSTED.
    size_t limit = 10'000;
    // How many streams are open.
    prometheus::Gauge& open;
    // Called, under a lock, when the last open stream has gone.
    std::function<void()> none = [] {};
  };

  // `gate` must outlive the object.
  OpenStreams(const CallGate& gate, Options options);

  // Opens a stream of `source` for a call of the method that takes `Request`,
  // and returns it as the reactor for gRPC. A stream that the gate refuses, one
  // beyond the limit, one after Close, and one with an error in `refused` ends
  // at once with that error.
  template <typename Request>
  Stream* Open(grpc::CallbackServerContext* call,
               const typename Stream::Source& source, const Request& request,
               const absl::Status& refused = absl::OkStatus());

  void WakeAll();

  // Ends all streams with `status`. New ones may be opened.
  void EndAll(const absl::Status& status);

  // Ends all streams with UNAVAILABLE, and refuses new ones from now on.
  // Idempotent. Does not wait.
  void Close();

  // Blocks until gRPC has released all streams. Call it after the server was
  // shut down, before what the streams use is destroyed.
  void AwaitNone();

 private:
  static absl::Status StoppingError() {
    return absl::UnavailableError(
        "this instance stops; go on at another with the last token");
  }
  // Returns why a new stream cannot be opened now; OK if it can.
  absl::Status CheckRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::vector<std::shared_ptr<Stream>> Streams();
  void Remove(const Stream* stream);

  const CallGate& gate_;
  const Options options_;
  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_map<const Stream*, std::shared_ptr<Stream>> streams_
      ABSL_GUARDED_BY(mutex_);
};

template <typename Stream>
OpenStreams<Stream>::OpenStreams(const CallGate& gate, Options options)
    : gate_(gate), options_(std::move(options)) {
  options_.open.Set(0);
}

template <typename Stream>
template <typename Request>
Stream* OpenStreams<Stream>::Open(grpc::CallbackServerContext* call,
                                  const typename Stream::Source& source,
                                  const Request& request,
                                  const absl::Status& refused) {
  auto stream = std::make_shared<Stream>(source, request);
  Stream* const raw = stream.get();
  absl::Status status = refused;
  {
    absl::MutexLock lock(&mutex_);
    if (status.ok()) status = CheckRoom();
    streams_.emplace(raw, stream);
    options_.open.Set(static_cast<double>(streams_.size()));
  }
  raw->Open(std::move(stream),
            gate_.BeginStream(call, *Request::descriptor(),
                              [raw](const grpc::Status& s) { raw->Finish(s); }),
            status, [this, raw] { Remove(raw); });
  return raw;
}

template <typename Stream>
absl::Status OpenStreams<Stream>::CheckRoom() const {
  if (closed_) return StoppingError();
  if (streams_.size() < options_.limit) return absl::OkStatus();
  return api::TooBusyError("too many streams are open; try again later",
                           absl::Seconds(1));
}

template <typename Stream>
void OpenStreams<Stream>::WakeAll() {
  for (const auto& stream : Streams()) stream->Wake();
}

template <typename Stream>
void OpenStreams<Stream>::EndAll(const absl::Status& status) {
  for (const auto& stream : Streams()) stream->End(status);
}

template <typename Stream>
void OpenStreams<Stream>::Close() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  EndAll(StoppingError());
}

template <typename Stream>
void OpenStreams<Stream>::AwaitNone() {
  const auto none = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return streams_.empty();
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&none));
}

template <typename Stream>
std::vector<std::shared_ptr<Stream>> OpenStreams<Stream>::Streams() {
  std::vector<std::shared_ptr<Stream>> streams;
  absl::MutexLock lock(&mutex_);
  streams.reserve(streams_.size());
  for (const auto& [_, stream] : streams_) streams.push_back(stream);
  return streams;
}

template <typename Stream>
void OpenStreams<Stream>::Remove(const Stream* stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
  options_.open.Set(static_cast<double>(streams_.size()));
  if (streams_.empty()) options_.none();
}

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_OPEN_STREAMS_H_
