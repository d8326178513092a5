#ifndef KITH_GATEWAY_CALLS_JOINER_H_
#define KITH_GATEWAY_CALLS_JOINER_H_

#include <atomic>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/ops/metrics.h"

namespace kith::gateway {

// Counts the calls that went out together with others.
prometheus::Counter& Joined();

// Holds calls back for a moment, to send them together. Thread-safe.
class Joiner {
 public:
  virtual ~Joiner() = default;

  // Sends what is queued, as far as there is room.
  virtual void SendQueued() = 0;

  // Sends what was queued before `time` in any case. True where something is
  // queued still.
  virtual bool SendOlderThan(absl::Time time) = 0;
};

// While one lives, the calls that this thread makes are only queued; with its
// end they are sent. So flows that go on together ask together.
class Cork {
 public:
  Cork();
  ~Cork();

  Cork(const Cork&) = delete;
  Cork& operator=(const Cork&) = delete;

  // Whether `joiner` has to wait for a cork of this thread.
  static bool Holds(Joiner& joiner);

 private:
  Cork* const outer_;
  std::vector<Joiner*> held_;
};

// Sees to it that no call waits long for others, however slow those are that
// are under way. Thread-safe.
class JoinTimer {
 public:
  JoinTimer() = default;
  ~JoinTimer() { Stop(); }

  // Begins to look after `joiners`, until Stop; each is called once.
  void Start(std::vector<Joiner*> joiners);
  void Stop();

  // To be called after something was queued that may have to wait.
  void Arm();

 private:
  void Run();

  std::vector<Joiner*> joiners_;
  std::atomic<bool> armed_ = false;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_JOINER_H_
