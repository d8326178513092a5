#include "tests/bench/open_loop.h"

#include <gtest/gtest.h>

#include <vector>

namespace kith::bench {
namespace {

constexpr absl::Duration kTick = absl::Microseconds(100);

TEST(OpenLoopTest, SendsAtTheRateWhateverBecomesOfTheCalls) {
  const absl::Time start = absl::UnixEpoch();
  std::vector<int64_t> sent;
  OpenLoop loop(start, 1000, 1'000'000,
                [&](int64_t call) { sent.push_back(call); });
  EXPECT_EQ(loop.Advance(start), start + absl::Milliseconds(1));
  EXPECT_EQ(sent.size(), 1);
  loop.Advance(start + absl::Microseconds(999));
  EXPECT_EQ(sent.size(), 1);
  EXPECT_EQ(loop.Advance(start + absl::Seconds(1)),
            start + absl::Milliseconds(1001));
  EXPECT_EQ(sent.size(), 1001);
  EXPECT_EQ(sent.back(), 1000);
  EXPECT_FALSE(loop.Idle());
}

TEST(OpenLoopTest, LatencyCountsFromTheIntendedTime) {
  const absl::Time start = absl::UnixEpoch();
  OpenLoop loop(start, 1000, 10, [](int64_t) {});
  // Late by 4 ms: the generator itself was held up.
  loop.Advance(start + absl::Milliseconds(4));
  loop.OnDone(0, start + absl::Milliseconds(5));
  EXPECT_EQ(loop.latency().Max(), absl::Milliseconds(5));
  loop.OnDone(4, start + absl::Milliseconds(5));
  EXPECT_EQ(loop.latency().count(), 2);
  EXPECT_EQ(loop.latency().Mean(), absl::Milliseconds(3));
}

// A server that carries out one call at a time, in half the time there is for
// it, and once stands still for 100 ms.
class StallingServer {
 public:
  void Take(int64_t call, absl::Time now) {
    call_ = call;
    begin_ = now;
    const absl::Duration takes =
        call == 100 ? absl::Milliseconds(100) : absl::Microseconds(500);
    end_ = now + takes;
  }

  void Tick(absl::Time now, OpenLoop& loop) {
    if (call_ < 0 || now < end_) return;
    uncorrected_.Record(now - begin_);
    loop.OnDone(call_, now);
    call_ = -1;
  }

  const Histogram& uncorrected() const { return uncorrected_; }

 private:
  int64_t call_ = -1;
  absl::Time begin_;
  absl::Time end_;
  Histogram uncorrected_;
};

TEST(OpenLoopTest, AStallCountsForAllThatWaitedBehindIt) {
  StallingServer server;
  absl::Time now = absl::UnixEpoch();
  const absl::Time end = now + absl::Seconds(1);
  OpenLoop loop(now, 1000, 1, [&](int64_t call) { server.Take(call, now); });
  for (; now < end || !loop.Idle(); now += kTick) {
    server.Tick(now, loop);
    if (now < end) loop.Advance(now);
  }
  // Some 200 calls, every fifth, waited behind the stall or behind those who
  // did. Timed from when they were sent, it would have hit one.
  EXPECT_EQ(loop.latency().count(), 1000);
  EXPECT_LT(server.uncorrected().Quantile(0.998), absl::Milliseconds(1));
  EXPECT_GT(loop.latency().Quantile(0.95), absl::Milliseconds(50));
  EXPECT_GT(loop.latency().Quantile(0.85), absl::Milliseconds(5));
  EXPECT_LT(loop.latency().Quantile(0.75), absl::Milliseconds(1));
  EXPECT_GE(loop.latency().Max(), absl::Milliseconds(99));
}

}  // namespace
}  // namespace kith::bench
