#ifndef KITH_GATEWAY_CALLS_TASK_H_
#define KITH_GATEWAY_CALLS_TASK_H_

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kith::gateway {

// The result of a flow: a coroutine that holds no thread while it waits. It
// starts when it is awaited, and resumes the coroutine that awaited it when it
// returns. The destructor ends a coroutine that waits. An exception is thrown
// again where it is awaited. Arguments that are references must outlive it.
template <typename T>
class [[nodiscard]] Task {
 public:
  class promise_type {
   public:
    Task get_return_object() {
      return Task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept { return Resumer(); }
    void return_value(T value) { value_.emplace(std::move(value)); }
    void unhandled_exception() { exception_ = std::current_exception(); }

   private:
    friend class Task;

    struct Resumer {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(
          std::coroutine_handle<promise_type> done) noexcept {
        return done.promise().awaiting_;
      }
      void await_resume() noexcept {}
    };

    std::coroutine_handle<> awaiting_ = std::noop_coroutine();
    std::optional<T> value_;
    std::exception_ptr exception_;
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  // Starts the coroutine before it is awaited, so that several run side by
  // side. Await it only after it has returned.
  void Start() { handle_.resume(); }

  bool await_ready() const noexcept { return handle_.done(); }
  std::coroutine_handle<> await_suspend(
      std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().awaiting_ = awaiting;
    return handle_;
  }
  T await_resume() {
    promise_type& promise = handle_.promise();
    if (promise.exception_) std::rethrow_exception(promise.exception_);
    return *std::move(promise.value_);
  }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

// A coroutine that starts at once and that nobody awaits. It must not throw.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

}  // namespace kith::gateway

// KITH_RETURN_IF_ERROR and KITH_ASSIGN_OR_RETURN for coroutines.
#define KITH_CO_RETURN_IF_ERROR(expression)                           \
  do {                                                                \
    if (absl::Status kith_status = (expression); !kith_status.ok()) { \
      co_return kith_status;                                          \
    }                                                                 \
  } while (false)

#define KITH_CO_ASSIGN_OR_RETURN(left, expression)                          \
  KITH_CO_ASSIGN_OR_RETURN_IMPL_(KITH_CO_CONCAT_(kith_statusor_, __LINE__), \
                                 left, expression)

#define KITH_CO_ASSIGN_OR_RETURN_IMPL_(statusor, left, expression) \
  auto statusor = (expression);                                    \
  if (!statusor.ok()) co_return std::move(statusor).status();      \
  left = *std::move(statusor)

#define KITH_CO_CONCAT_(a, b) KITH_CO_CONCAT_INNER_(a, b)
#define KITH_CO_CONCAT_INNER_(a, b) a##b

#endif  // KITH_GATEWAY_CALLS_TASK_H_
