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
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/ops/request_context.h"
#include "common/rpc/call_metrics.h"
#include "common/rpc/client.h"
#include "common/rpc/grpc_status.h"

namespace kith::gateway {

// A unary call to another service that is under way from the moment it was
// started: start several, then await each, and they run side by side. One that
// is dropped without being awaited is cancelled.
template <typename Response>
class [[nodiscard]] PendingCall {
 public:
  // `peer` names the service in the error where it cannot be reached.
  template <typename Async, typename Request>
  static PendingCall Start(
      Async* stub,
      void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                            std::function<void(grpc::Status)>),
      Request request, const ops::RequestContext& context, absl::Time deadline,
      absl::string_view peer) {
    auto state = std::make_shared<State>();
    // Found once for each method, and for ever.
    static const auto& metrics = *new rpc::CallMetrics(
        rpc::CallMetrics::Side::kClient, rpc::MethodOf(*Request::descriptor()));
    metrics.NoteStart();
    state->peer = peer;
    rpc::Prepare(context, deadline, state->call);
    auto sent = std::make_shared<Request>(std::move(request));
    (stub->*method)(&state->call, sent.get(), &state->response,
                    [state, sent, start = absl::Now()](grpc::Status status) {
                      metrics.NoteEnd(
                          static_cast<absl::StatusCode>(status.error_code()),
                          absl::Now() - start);
                      state->status = std::move(status);
                      Complete(*state);
                    });
    return PendingCall(std::move(state));
  }

  PendingCall(PendingCall&&) noexcept = default;
  PendingCall& operator=(PendingCall&&) = delete;
  ~PendingCall() {
    if (state_ != nullptr && state_->waiter != kDone) state_->call.TryCancel();
  }

  bool await_ready() const { return state_->waiter == kDone; }

  // False, which goes on at once, where the answer came meanwhile.
  bool await_suspend(std::coroutine_handle<> handle) {
    std::uintptr_t nobody = kNobody;
    return state_->waiter.compare_exchange_strong(
        nobody, reinterpret_cast<std::uintptr_t>(handle.address()));
  }

  absl::StatusOr<Response> await_resume() {
    if (state_->status.ok()) return std::move(state_->response);
    // gRPC's own text for it tells addresses.
    if (state_->status.error_code() == grpc::StatusCode::UNAVAILABLE) {
      return absl::UnavailableError(
          absl::StrCat(state_->peer, " cannot be reached; try again"));
    }
    return rpc::FromGrpc(state_->status);
  }

 private:
  static constexpr std::uintptr_t kNobody = 0;
  static constexpr std::uintptr_t kDone = 1;

  struct State {
    absl::string_view peer;
    grpc::ClientContext call;
    Response response;
    grpc::Status status;
    // kNobody, kDone, or the address of the coroutine that waits.
    std::atomic<std::uintptr_t> waiter = kNobody;
  };

  static void Complete(State& state) {
    const std::uintptr_t waiter = state.waiter.exchange(kDone);
    if (waiter != kNobody) {
      std::coroutine_handle<>::from_address(reinterpret_cast<void*>(waiter))
          .resume();
    }
  }

  explicit PendingCall(std::shared_ptr<State> state)
      : state_(std::move(state)) {}

  std::shared_ptr<State> state_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_PENDING_CALL_H_
