#ifndef KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_STREAM_H_
#define KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_STREAM_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/protocols/rpc_call.h"

namespace kith::edge {

using GenericStub =
    grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>;

// Where a server is. What gRPC says of one elsewhere that cannot be reached has
// its address, and is not for callers.
enum class Place { kThisProcess, kElsewhere };

// A call whose responses are taken one by one. It reads the next one only when
// it is asked for it. Thread-safe.
class UpstreamStream final
    : public Exchange,
      public std::enable_shared_from_this<UpstreamStream>,
      private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // A response; or, if there is none, how the call has ended.
  struct Event {
    std::optional<std::string> message = std::nullopt;
    // Whole at the end; before, only the leading metadata are set.
    RpcResult result = {};
  };

  // Made by Upstream.
  UpstreamStream(const RpcCall& call, Place place);

  // Prepares the call. `leading` of each event are the first metadata of the
  // service.
  void Prepare(GenericStub& stub, const std::string& path);

  // Waits for the next event: calls `done` exactly once, on a thread of gRPC
  // that must not block. The first time, it starts the call, which then keeps
  // itself alive until it has ended. Must be called again until the event is
  // the end, also after Cancel.
  void Next(std::function<void(Event)> done);

  void Cancel() override { context_.TryCancel(); }

  grpc::ClientContext& context() { return context_; }

 private:
  void OnReadInitialMetadataDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  void Start();

  // Sends the request after those that were sent.
  void WriteNext();

  // Gives the response to who waits, if all is there that belongs to it. The
  // metadata and the first response come on two threads, in any order.
  void Deliver();

  const std::vector<std::string> requests_;
  const Place place_;
  size_t written_ = 0;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  grpc::ClientContext context_;
  std::shared_ptr<UpstreamStream> self_;

  absl::Mutex mutex_;
  bool has_metadata_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_response_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void(Event)> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_STREAM_H_
