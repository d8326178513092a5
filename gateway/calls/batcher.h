#ifndef KITH_GATEWAY_CALLS_BATCHER_H_
#define KITH_GATEWAY_CALLS_BATCHER_H_

#include <atomic>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/ops/metrics.h"

namespace kith::gateway {

// The metric that counts the calls that were sent together with others.
prometheus::Counter& Joined();

// A queue of calls that are held back for a moment and sent together: what Hold
// and BatchTimer need of it. Thread-safe.
class Batcher {
 public:
  virtual ~Batcher() = default;

  // Sends what is queued, unless too much is on the wire.
  virtual void SendQueued() = 0;

  // Sends what was queued at or before `time`, however much is on the wire.
  // Returns true if calls are still queued.
  virtual bool SendOlderThan(absl::Time time) = 0;
};

// While a Hold exists, the calls that its thread makes are only queued; the
// destructor of the outermost one sends them. So flows that are resumed
// together send their calls together. For one thread.
class Hold {
 public:
  Hold();
  ~Hold();

  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  // Returns true if a Hold of this thread holds back the calls of `batcher`.
  static bool Holds(Batcher& batcher);

 private:
  Hold* const outer_;
  std::vector<Batcher*> held_;
};

// Sends calls that have waited too long for others, even if the calls on the
// wire are slow. Owns a thread. Start and Stop are called from one thread; Arm
// is thread-safe.
class BatchTimer {
 public:
  BatchTimer() = default;
  ~BatchTimer() { Stop(); }

  // Starts the thread, which serves `batchers` until Stop. Call Start at most
  // once; Stop may be called again.
  void Start(std::vector<Batcher*> batchers);
  void Stop();

  // Call it after a call was queued that may have to wait.
  void Arm();

 private:
  void Run();

  std::vector<Batcher*> batchers_;
  std::atomic<bool> armed_ = false;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_BATCHER_H_
