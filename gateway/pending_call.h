#ifndef KITH_GATEWAY_PENDING_CALL_H_
#define KITH_GATEWAY_PENDING_CALL_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/grpc_status.h"

namespace kith::gateway {

// An answer that is under way from the moment it was asked for: start several,
// then await each, and they run side by side. One that is dropped without being
// awaited is cancelled.
template <typename Response>
class [[nodiscard]] PendingCall {
 public:
  // What the asker and the answerer share.
  class State {
   public:
    virtual ~State() = default;

    // Gives the answer, once, and goes on with the coroutine that waits for it.
    void Complete(absl::StatusOr<Response> answer) {
      answer_ = std::move(answer);
      const std::uintptr_t waiter = waiter_.exchange(kDone);
      if (waiter != kNobody) {
        std::coroutine_handle<>::from_address(reinterpret_cast<void*>(waiter))
            .resume();
      }
    }

   private:
    friend class PendingCall;

    static constexpr std::uintptr_t kNobody = 0;
    static constexpr std::uintptr_t kDone = 1;

    virtual void Cancel() {}

    absl::StatusOr<Response> answer_ = absl::UnknownError("not answered yet");
    // kNobody, kDone, or the address of the coroutine that waits.
    std::atomic<std::uintptr_t> waiter_ = kNobody;
  };

  explicit PendingCall(std::shared_ptr<State> state)
      : state_(std::move(state)) {}
  PendingCall(PendingCall&&) noexcept = default;
  PendingCall& operator=(PendingCall&&) = delete;
  ~PendingCall() {
    if (state_ != nullptr && !await_ready()) state_->Cancel();
  }

  bool await_ready() const { return state_->waiter_ == State::kDone; }

  // False, which goes on at once, where the answer came meanwhile.
  bool await_suspend(std::coroutine_handle<> handle) {
    std::uintptr_t nobody = State::kNobody;
    return state_->waiter_.compare_exchange_strong(
        nobody, reinterpret_cast<std::uintptr_t>(handle.address()));
  }

  absl::StatusOr<Response> await_resume() { return std::move(state_->answer_); }

 private:
  std::shared_ptr<State> state_;
};

// A method of a service's generated `async` class.
template <typename Async, typename Request, typename Response>
using AsyncMethod = void (Async::*)(grpc::ClientContext*, const Request*,
                                    Response*,
                                    std::function<void(grpc::Status)>);

// What a service answered, for the caller of the gateway. `peer` names the
// service.
inline absl::Status FromPeer(const grpc::Status& status,
                             absl::string_view peer) {
  // gRPC's own text for it tells addresses.
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return absl::UnavailableError(
        absl::StrCat(peer, " cannot be reached; try again"));
  }
  return rpc::FromGrpc(status);
}

// One call of a service on the wire.
template <typename Request, typename Response>
class WireCall final : public PendingCall<Response>::State {
 public:
  WireCall(Request request, absl::string_view peer)
      : request_(std::move(request)), peer_(peer) {}

  // To be prepared before Start.
  grpc::ClientContext& context() { return context_; }

  template <typename Async>
  static void Start(std::shared_ptr<WireCall> call, Async* stub,
                    AsyncMethod<Async, Request, Response> method) {
    WireCall& started = *call;
    (stub->*method)(&started.context_, &started.request_, &started.response_,
                    [call = std::move(call)](const grpc::Status& status) {
                      if (status.ok()) {
                        call->Complete(std::move(call->response_));
                      } else {
                        call->Complete(FromPeer(status, call->peer_));
                      }
                    });
  }

 private:
  void Cancel() override { context_.TryCancel(); }

  const Request request_;
  const absl::string_view peer_;
  grpc::ClientContext context_;
  Response response_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_PENDING_CALL_H_
