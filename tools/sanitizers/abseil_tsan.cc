// Tells ThreadSanitizer what Debian's Abseil, which is built without it, does
// for threads; else each lock of absl::Mutex looks like a race. The linker puts
// a function of this file between our code and each one named here.

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

// Of ThreadSanitizer; clang-tidy does not find the header of g++.
extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
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

// KITH_WRAP(N or NK: const, the rest of the mangled name, result, released,
//           acquired, (parameters), (arguments))
// tools/cmake/Kith.cmake reads the names from these lines.
#define KITH_SYMBOL(kind, name) "_Z" #kind "4absl7debian3" #name
#define KITH_WRAP(kind, name, result, released, acquired, parameters, given) \
  result Real##name parameters asm("__real_" KITH_SYMBOL(kind, name));       \
  result Wrap##name parameters asm("__wrap_" KITH_SYMBOL(kind, name));       \
  result Wrap##name parameters {                                             \
    return Told(released, acquired, [&] { return Real##name given; });       \
  }

// clang-format off
KITH_WRAP(N, 5Mutex4LockEv,
          void, nullptr, self, (absl::Mutex* self), (self))
KITH_WRAP(N, 5Mutex6UnlockEv,
          void, self, nullptr, (absl::Mutex* self), (self))
KITH_WRAP(N, 5Mutex10ReaderLockEv,
          void, nullptr, self, (absl::Mutex* self), (self))
KITH_WRAP(N, 5Mutex12ReaderUnlockEv,
          void, self, nullptr, (absl::Mutex* self), (self))
KITH_WRAP(N, 5Mutex5AwaitERKNS0_9ConditionE,
          void, self, self,
          (absl::Mutex* self, const absl::Condition& wanted), (self, wanted))
KITH_WRAP(N, 12Notification6NotifyEv,
          void, self, nullptr, (absl::Notification* self), (self))
KITH_WRAP(NK, 12Notification19WaitForNotificationEv,
          void, nullptr, self, (const absl::Notification* self), (self))
KITH_WRAP(NK, 12Notification30WaitForNotificationWithTimeoutENS0_8DurationE,
          bool, nullptr, self,
          (const absl::Notification* self, absl::Duration timeout),
          (self, timeout))
KITH_WRAP(N, 15BlockingCounter14DecrementCountEv,
          bool, self, nullptr, (absl::BlockingCounter* self), (self))
KITH_WRAP(N, 15BlockingCounter4WaitEv,
          void, nullptr, self, (absl::BlockingCounter* self), (self))
KITH_WRAP(N, 7Barrier5BlockEv,
          bool, self, self, (absl::Barrier* self), (self))
// clang-format on
