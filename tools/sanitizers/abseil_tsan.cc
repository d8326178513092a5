// Tells ThreadSanitizer what Debian's Abseil, which is built without it, does
// for threads; else each lock of absl::Mutex looks like a race. The linker puts
// a function of this file between our code and each one named here.

#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

// What was done before `released` is seen by who gets past `acquired`.
template <typename Call>
auto Told(const void* released, const void* acquired, Call call) {
  if (released != nullptr) __tsan_release(const_cast<void*>(released));
  // The library looks at others' conditions, under a lock that is given up
  // already as far as can be told here.
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  struct End {
    const void* acquired;
    ~End() {
      AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
      if (acquired != nullptr) __tsan_acquire(const_cast<void*>(acquired));
    }
  } end{acquired};
  return call();
}

}  // namespace

// KITH_WRAP(symbol, result, released, acquired, (parameters), (arguments))
// tools/cmake/Kith.cmake reads the symbols from these lines.
#define KITH_REAL(symbol) asm("__real_" #symbol)
#define KITH_WRAPPER(symbol) asm("__wrap_" #symbol)
#define KITH_WRAP(symbol, result, released, acquired, parameters, arguments) \
  result Real##symbol parameters KITH_REAL(symbol);                          \
  result Wrap##symbol parameters KITH_WRAPPER(symbol);                       \
  result Wrap##symbol parameters {                                           \
    return Told(released, acquired, [&] { return Real##symbol arguments; }); \
  }

// clang-format off
KITH_WRAP(_ZN4absl7debian35Mutex4LockEv, void, nullptr, self, (absl::Mutex* self), (self))
KITH_WRAP(_ZN4absl7debian35Mutex6UnlockEv, void, self, nullptr, (absl::Mutex* self), (self))
KITH_WRAP(_ZN4absl7debian35Mutex10ReaderLockEv, void, nullptr, self, (absl::Mutex* self), (self))
KITH_WRAP(_ZN4absl7debian35Mutex12ReaderUnlockEv, void, self, nullptr, (absl::Mutex* self), (self))
KITH_WRAP(_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE, void, self, self, (absl::Mutex* self, const absl::Condition& condition), (self, condition))
KITH_WRAP(_ZN4absl7debian312Notification6NotifyEv, void, self, nullptr, (absl::Notification* self), (self))
KITH_WRAP(_ZNK4absl7debian312Notification19WaitForNotificationEv, void, nullptr, self, (const absl::Notification* self), (self))
KITH_WRAP(_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE, bool, nullptr, self, (const absl::Notification* self, absl::Duration timeout), (self, timeout))
KITH_WRAP(_ZN4absl7debian315BlockingCounter14DecrementCountEv, bool, self, nullptr, (absl::BlockingCounter* self), (self))
KITH_WRAP(_ZN4absl7debian315BlockingCounter4WaitEv, void, nullptr, self, (absl::BlockingCounter* self), (self))
KITH_WRAP(_ZN4absl7debian37Barrier5BlockEv, bool, self, self, (absl::Barrier* self), (self))
// clang-format on
