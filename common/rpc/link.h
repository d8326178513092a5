#ifndef KITH_COMMON_RPC_LINK_H_
#define KITH_COMMON_RPC_LINK_H_

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace kith::rpc {

// The way to another service: a channel that can be made anew. A channel of
// gRPC 1.51 looks up a name that is not known ever more rarely, after 2 minutes
// at most; no option and no call makes it look sooner, but a new channel looks
// at once. Thread-safe.
class Link {
 public:
  // `make` returns a new channel, or the same one if that never waits.
  explicit Link(std::function<std::shared_ptr<grpc::Channel>()> make)
      : make_(std::move(make)), channel_(make_()) {}

  explicit Link(std::shared_ptr<grpc::Channel> channel)
      : Link([channel = std::move(channel)] { return channel; }) {}

  std::shared_ptr<grpc::Channel> channel() const {
    absl::MutexLock lock(&mutex_);
    return channel_;
  }

  // Makes a new channel for later calls. Those under way keep theirs.
  void Renew() {
    std::shared_ptr<grpc::Channel> fresh = make_();
    absl::MutexLock lock(&mutex_);
    channel_.swap(fresh);
  }

 private:
  const std::function<std::shared_ptr<grpc::Channel>()> make_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
};

// The stub of `Service` for the channel that a link has. Thread-safe.
template <typename Service>
class LinkedStub {
 public:
  using Stub = typename Service::StubInterface;

  explicit LinkedStub(std::shared_ptr<const Link> link)
      : link_(std::move(link)) {}

  // Use the result to begin calls, and do not keep it.
  std::shared_ptr<Stub> get() {
    std::shared_ptr<grpc::Channel> channel = link_->channel();
    absl::MutexLock lock(&mutex_);
    if (channel != channel_) {
      stub_ = Service::NewStub(channel);
      channel_ = std::move(channel);
    }
    return stub_;
  }

 private:
  const std::shared_ptr<const Link> link_;
  absl::Mutex mutex_;
  // Whose stub it is.
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Stub> stub_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_LINK_H_
