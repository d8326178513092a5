#ifndef KITH_GATEWAY_CALLS_WIRE_CALL_H_
#define KITH_GATEWAY_CALLS_WIRE_CALL_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/rpc/call_metrics.h"
#include "common/rpc/grpc_status.h"
#include "gateway/calls/peer.h"
#include "gateway/calls/pending_call.h"

namespace kith::gateway {

// A method of a service's generated `async` class.
template <typename Async, typename Request, typename Response>
using AsyncMethod = void (Async::*)(grpc::ClientContext*, const Request*,
                                    Response*,
                                    std::function<void(grpc::Status)>);

// Returns a service's status as the gateway's caller gets it. `peer` is the
// service's name.
inline absl::Status FromPeer(const grpc::Status& status,
                             absl::string_view peer) {
  // gRPC's own text contains addresses.
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return absl::UnavailableError(
        absl::StrCat(peer, " cannot be reached; try again"));
  }
  return rpc::FromGrpc(status);
}

// Returns true if the service itself has said so.
inline bool IsAnswer(const grpc::Status& status) {
  return status.error_code() != grpc::StatusCode::UNAVAILABLE &&
         status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED &&
         status.error_code() != grpc::StatusCode::CANCELLED;
}

// One call to a service on the wire. It lives until the service has answered.
template <typename Request, typename Response>
class WireCall final : public PendingCall<Response>::State, public Peer::Sent {
 public:
  WireCall(Request request, Peer& peer)
      : request_(std::move(request)), peer_(peer) {}

  // Set it up before Start.
  grpc::ClientContext& context() { return context_; }

  // The method that takes the request; found once, and for ever.
  static const google::protobuf::MethodDescriptor& Method() {
    static const auto& method = rpc::MethodOf(*Request::descriptor());
    return method;
  }

  template <typename Async>
  static void Start(std::shared_ptr<WireCall> call, Async* stub,
                    AsyncMethod<Async, Request, Response> method) {
    // Found once for each method, and for ever.
    static const auto& metrics =
        *new rpc::CallMetrics(rpc::CallMetrics::Side::kClient, Method());
    metrics.NoteStart();
    WireCall& started = *call;
    started.peer_.Begin(call);
    (stub->*method)(&started.context_, &started.request_, &started.response_,
                    [call = std::move(call),
                     start = absl::Now()](const grpc::Status& status) {
                      metrics.NoteEnd(
                          static_cast<absl::StatusCode>(status.error_code()),
                          absl::Now() - start);
                      call->End(status);
                    });
  }

 private:
  void Cancel() override { context_.TryCancel(); }

  void GiveUp() override {
    given_up_ = true;
    context_.TryCancel();
  }

  void End(const grpc::Status& status) {
    peer_.End(*this, IsAnswer(status));
    if (status.ok()) {
      this->Complete(std::move(response_));
    } else if (given_up_ && status.error_code() == grpc::CANCELLED) {
      this->Complete(SilentError(peer_));
    } else {
      this->Complete(FromPeer(status, peer_.name()));
    }
  }

  const Request request_;
  Peer& peer_;
  std::atomic<bool> given_up_ = false;
  grpc::ClientContext context_;
  Response response_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_WIRE_CALL_H_
