#ifndef KITH_GATEWAY_CALLS_PENDING_CALL_H_
#define KITH_GATEWAY_CALLS_PENDING_CALL_H_

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/trace/call_span.h"
#include "common/trace/span.h"
#include "gateway/calls/peer.h"

namespace kith::gateway {

// The answer of a call that is already in progress; await it once. Calls that
// were started one after the other run in parallel. The destructor cancels a
// call that was not answered yet. For one coroutine.
template <typename Response>
class [[nodiscard]] PendingCall {
 public:
  // What the flow that asked and the call that answers share.
  class State {
   public:
    virtual ~State() = default;

    // Stores the answer and resumes the coroutine that waits for it, on this
    // thread. Call it exactly once.
    void Complete(absl::StatusOr<Response> answer) {
      if (span_.is_recorded()) {
        trace::EndCall(span_, answer.status().code());
      }
      answer_ = std::move(answer);
      // Before the waiter, which may call again.
      place_.Release();
      const std::uintptr_t waiter = waiter_.exchange(kDone);
      if (waiter != kNobody) {
        // What is neither of the marks is the address of the coroutine.
        // NOLINTNEXTLINE(performance-no-int-to-ptr)
        std::coroutine_handle<>::from_address(reinterpret_cast<void*>(waiter))
            .resume();
      }
    }

    // The call has this place until it is completed.
    void Hold(Peer::Place place) { place_ = std::move(place); }

    // The span of the call ends when it is completed.
    void SetSpan(trace::Span span) { span_ = std::move(span); }
    trace::Span& span() { return span_; }

   private:
    friend class PendingCall;

    static constexpr std::uintptr_t kNobody = 0;
    static constexpr std::uintptr_t kDone = 1;

    virtual void Cancel() {}

    Peer::Place place_;
    trace::Span span_;
    absl::StatusOr<Response> answer_ = absl::UnknownError("not answered yet");
    // kNobody, kDone, or the address of the coroutine that waits.
    std::atomic<std::uintptr_t> waiter_ = kNobody;
  };

  explicit PendingCall(std::shared_ptr<State> state)
      : state_(std::move(state)) {}

  // Returns the answer of a call that is not made.
  static PendingCall Failed(const absl::Status& status) {
    auto state = std::make_shared<State>();
    state->Complete(status);
    return PendingCall(std::move(state));
  }
  PendingCall(PendingCall&&) noexcept = default;
  PendingCall& operator=(PendingCall&&) = delete;
  ~PendingCall() {
    if (state_ != nullptr && !await_ready()) state_->Cancel();
  }

  bool await_ready() const { return state_->waiter_ == State::kDone; }

  // Returns false, so that the coroutine continues at once, if the answer came
  // meanwhile.
  bool await_suspend(std::coroutine_handle<> handle) {
    std::uintptr_t nobody = State::kNobody;
    return state_->waiter_.compare_exchange_strong(
        nobody, reinterpret_cast<std::uintptr_t>(handle.address()));
  }

  absl::StatusOr<Response> await_resume() { return std::move(state_->answer_); }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_PENDING_CALL_H_
