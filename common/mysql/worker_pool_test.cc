#include "common/mysql/worker_pool.h"

#include <atomic>
#include <memory>
#include <set>
#include <vector>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/ops/metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::mysql {
namespace {

using ::testing::ElementsAre;

// A session connects when it is first used, so no database is needed here.
WorkerPool::Options Options(int workers, size_t queue_limit) {
  WorkerPool::Options options;
  options.workers = workers;
  options.queue_limit = queue_limit;
  options.session.address = "unix:/nowhere";
  return options;
}

TEST(WorkerPoolTest, AFullQueueRefusesAtOnce) {
  absl::Notification entered;
  absl::Notification release;
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(Options(1, 2));
    ASSERT_TRUE(pool.TrySubmit([&](Session&) {
      entered.Notify();
      release.WaitForNotification();
    }));
    entered.WaitForNotification();
    const auto count = [&](Session&) { ++ran; };
    EXPECT_TRUE(pool.TrySubmit(count));
    EXPECT_TRUE(pool.TrySubmit(count));
    auto& refused =
        ops::Counter("kith_worker_queue_refused_total",
                     "Calls refused because too many wait for a worker.",
                     {{"database", ""}});
    const double before = refused.Value();
    EXPECT_FALSE(pool.TrySubmit(count));
    EXPECT_FALSE(pool.TrySubmit(count));
    EXPECT_EQ(refused.Value(), before + 2);
    EXPECT_EQ(ran, 0);
    release.Notify();
  }
  EXPECT_EQ(ran, 2);
}

TEST(WorkerPoolTest, AQueueThatDrainedTakesJobsAgain) {
  WorkerPool pool(Options(1, 1));
  for (int i = 0; i < 3; ++i) {
    absl::Notification done;
    ASSERT_TRUE(pool.TrySubmit([&](Session&) { done.Notify(); }));
    done.WaitForNotification();
  }
}

TEST(WorkerPoolTest, WhatIsQueuedRunsBeforeItEnds) {
  std::atomic<int> ran = 0;
  int taken = 0;
  absl::Notification entered;
  auto pool = std::make_unique<WorkerPool>(Options(1, 100'000'000));
  // Queues jobs until the pool, which is ending, takes no more.
  ASSERT_TRUE(pool->TrySubmit([&, raw = pool.get()](Session&) {
    entered.Notify();
    while (raw->TrySubmit([&](Session&) { ++ran; })) ++taken;
  }));
  entered.WaitForNotification();
  pool.reset();
  EXPECT_EQ(ran, taken);
}

TEST(WorkerPoolTest, JobsRunInTheirOrder) {
  std::vector<int> order;
  {
    WorkerPool pool(Options(1, 100));
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(
          pool.TrySubmit([&order, i](Session&) { order.push_back(i); }));
    }
  }
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
}

TEST(WorkerPoolTest, WhatIsLateLeavesTheQueueThoughNoWorkerIsFree) {
  absl::Notification entered;
  absl::Notification release;
  absl::Notification late;
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(Options(1, 2));
    ASSERT_TRUE(pool.TrySubmit([&](Session&) {
      entered.Notify();
      release.WaitForNotification();
    }));
    entered.WaitForNotification();
    const auto count = [&](Session&) { ++ran; };
    ASSERT_TRUE(pool.TrySubmit(count, absl::Now() + absl::Milliseconds(1),
                               [&] { late.Notify(); }));
    ASSERT_TRUE(pool.TrySubmit(count, absl::Now() + absl::Hours(1),
                               [] { FAIL() << "it was in time"; }));
    late.WaitForNotification();
    // There is room again.
    EXPECT_TRUE(pool.TrySubmit(count));
    release.Notify();
  }
  EXPECT_EQ(ran, 2);
}

TEST(WorkerPoolTest, EachWorkerOwnsOneSession) {
  constexpr int kWorkers = 3;
  absl::Mutex mutex;
  std::set<Session*> sessions;
  WorkerPool pool(Options(kWorkers, 100));
  for (int round = 0; round < 5; ++round) {
    // All at once, so that each worker has one of them.
    auto* barrier = new absl::Barrier(kWorkers);
    absl::BlockingCounter done(kWorkers);
    for (int i = 0; i < kWorkers; ++i) {
      ASSERT_TRUE(pool.TrySubmit([&, barrier](Session& session) {
        {
          absl::MutexLock lock(&mutex);
          sessions.insert(&session);
        }
        if (barrier->Block()) delete barrier;
        done.DecrementCount();
      }));
    }
    done.Wait();
  }
  EXPECT_EQ(sessions.size(), kWorkers);
}

}  // namespace
}  // namespace kith::mysql
