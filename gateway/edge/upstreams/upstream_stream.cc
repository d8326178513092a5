#include "gateway/edge/upstreams/upstream_stream.h"

#include <utility>

#include "gateway/edge/upstreams/upstream.h"

namespace kith::edge {

UpstreamStream::UpstreamStream(const RpcCall& call, Place place)
    : requests_(call.messages), place_(place) {}

void UpstreamStream::Prepare(GenericStub& stub, const std::string& path) {
  stub.PrepareBidiStreamingCall(&context_, path, grpc::StubOptions(), this);
}

void UpstreamStream::Start() {
  self_ = shared_from_this();
  // Reads start on other threads than those of gRPC, so the call must not end
  // before the last of them has.
  AddHold();
  WriteNext();
  // Before the call: in one process, gRPC 1.51 loses a response that comes with
  // the end of the call while nobody reads.
  StartRead(&response_);
  StartCall();
}

void UpstreamStream::WriteNext() {
  if (written_ == requests_.size()) {
    StartWritesDone();
    return;
  }
  request_ = BufferOf(requests_[written_++]);
  if (written_ == requests_.size()) {
    StartWriteLast(&request_, grpc::WriteOptions());
  } else {
    StartWrite(&request_);
  }
}

void UpstreamStream::OnWriteDone(bool ok) {
  if (ok && written_ < requests_.size()) WriteNext();
}

void UpstreamStream::Next(std::function<void(Event)> done) {
  {
    const absl::MutexLock lock(&mutex_);
    waiting_ = std::move(done);
  }
  if (self_ == nullptr) {
    Start();
  } else {
    StartRead(&response_);
  }
}

void UpstreamStream::OnReadInitialMetadataDone(bool /*ok*/) {
  {
    const absl::MutexLock lock(&mutex_);
    has_metadata_ = true;
  }
  Deliver();
}

void UpstreamStream::OnReadDone(bool ok) {
  if (!ok) {
    // The end follows.
    RemoveHold();
    return;
  }
  {
    const absl::MutexLock lock(&mutex_);
    has_response_ = true;
  }
  Deliver();
}

void UpstreamStream::Deliver() {
  std::function<void(Event)> done;
  {
    const absl::MutexLock lock(&mutex_);
    if (!has_metadata_ || !has_response_) return;
    has_response_ = false;
    done = std::exchange(waiting_, nullptr);
  }
  Event event = {.message = BytesOf(response_)};
  response_.Clear();
  event.result.leading = HeadersOf(context_.GetServerInitialMetadata());
  done(std::move(event));
}

void UpstreamStream::OnDone(const grpc::Status& status) {
  const std::shared_ptr<UpstreamStream> self = std::move(self_);
  std::function<void(Event)> done;
  {
    const absl::MutexLock lock(&mutex_);
    done = std::exchange(waiting_, nullptr);
  }
  done({.message = std::nullopt, .result = ResultOf(status, context_, place_)});
}

}  // namespace kith::edge
