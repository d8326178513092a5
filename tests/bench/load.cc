#include "tests/bench/load.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tests/bench/open_loop.h"

namespace kith::bench {
namespace {

constexpr int kMaxRunning = 2000;
// A call's own deadline is shorter.
constexpr absl::Duration kDrain = absl::Seconds(30);

// One caller of a closed loop: its calls follow each other, so it needs no
// lock.
class Caller {
 public:
  Caller(uint64_t seed, absl::Time end, const StartCall& start,
         absl::BlockingCounter& left)
      : random_(seed), end_(end), start_(start), left_(left) {}

  void Begin() {
    begin_ = absl::Now();
    Next(begin_);
  }

  const Load& load() const { return load_; }

 private:
  void Next(absl::Time now) {
    sent_ = now;
    start_(random_, [this](const absl::Status& status) { OnDone(status); });
  }

  void OnDone(const absl::Status& status) {
    const absl::Time now = absl::Now();
    load_.latency.Record(now - sent_);
    if (!status.ok()) load_.Fail(status);
    if (now < end_) {
      Next(now);
      return;
    }
    load_.elapsed = now - begin_;
    left_.DecrementCount();
  }

  Random random_;
  const absl::Time end_;
  const StartCall& start_;
  absl::BlockingCounter& left_;
  absl::Time begin_;
  absl::Time sent_;
  Load load_;
};

}  // namespace

void Load::Fail(const absl::Status& status) {
  ++errors;
  ++faults[status.ToString()];
}

void Load::Merge(const Load& other) {
  latency.Merge(other.latency);
  errors += other.errors;
  for (const auto& [text, count] : other.faults) faults[text] += count;
}

void Load::Append(const Load& other) {
  Merge(other);
  elapsed += other.elapsed;
}

double Load::Rate() const {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (seconds <= 0) return 0;
  return static_cast<double>(latency.count() - errors) / seconds;
}

double Load::Callers() const {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (seconds <= 0) return 0;
  return static_cast<double>(latency.count()) / seconds *
         absl::ToDoubleSeconds(latency.Mean());
}

Load RunClosedLoop(int callers, absl::Duration duration, uint64_t seed,
                   const StartCall& start) {
  const absl::Time end = absl::Now() + duration;
  absl::BlockingCounter left(callers);
  std::vector<std::unique_ptr<Caller>> all;
  for (int i = 0; i < callers; ++i) {
    all.push_back(std::make_unique<Caller>(seed + i, end, start, left));
  }
  for (const auto& caller : all) caller->Begin();
  left.Wait();
  Load load;
  for (const auto& caller : all) load.Append(caller->load());
  load.elapsed /= callers;
  return load;
}

Load RunThreads(int callers, absl::Duration duration,
                const std::function<absl::Status(int caller)>& call) {
  const absl::Time end = absl::Now() + duration;
  std::vector<Load> loads(callers);
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&load = loads[i], &call, end, i] {
      const absl::Time begin = absl::Now();
      absl::Time now = begin;
      while (now < end) {
        const absl::Time sent = now;
        const absl::Status status = call(i);
        now = absl::Now();
        load.latency.Record(now - sent);
        if (!status.ok()) load.Fail(status);
      }
      load.elapsed = now - begin;
    });
  }
  for (std::thread& thread : threads) thread.join();
  Load all;
  for (const Load& load : loads) all.Append(load);
  all.elapsed /= callers;
  return all;
}

Load RunOpenLoop(double rate, absl::Duration duration, uint64_t seed,
                 const StartCall& start) {
  Random random(seed);
  absl::Mutex mutex;
  Load load;
  OpenLoop* driven = nullptr;
  const absl::Time begin = absl::Now();
  OpenLoop loop(begin, rate, kMaxRunning, [&](int64_t call) {
    start(random, [&, call](const absl::Status& status) {
      if (!status.ok()) {
        absl::MutexLock lock(&mutex);
        load.Fail(status);
      }
      driven->OnDone(call, absl::Now());
    });
  });
  driven = &loop;
  const absl::Time end = begin + duration;
  // Sleeping is what a schedule is made of.
  for (absl::Time now = begin; now < end; now = absl::Now()) {
    absl::SleepFor(std::min(loop.Advance(now), end) - absl::Now());
  }
  const absl::Time give_up = end + kDrain;
  // Nobody else waits for the last answers.
  while (!loop.Idle() && absl::Now() < give_up) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  load.latency = loop.latency();
  load.elapsed = duration;
  return load;
}

}  // namespace kith::bench
