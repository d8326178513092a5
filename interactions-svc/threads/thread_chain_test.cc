#include "interactions-svc/threads/thread_chain.h"

#include <string>

#include "common/base/times.h"
#include "gmock/gmock.h"

namespace kith::interactions {
namespace {

using ::testing::ElementsAre;

v1::Thread Link(const std::string& id, v1::ThreadState state,
                const std::string& continues = "", int64_t waits = 0) {
  v1::Thread thread;
  thread.set_thread_id(id);
  thread.set_state(state);
  thread.set_continues_thread_id(continues);
  if (waits > 0) {
    *thread.mutable_first_unanswered_time() = base::ToProto(waits);
  }
  return thread;
}

TEST(JoinChainsTest, ThreadsThatContinueEachOtherAreOne) {
  std::vector<v1::Thread> threads = {Link("c", v1::THREAD_STATE_RESOLVED, "b"),
                                     Link("x", v1::THREAD_STATE_OPEN),
                                     Link("b", v1::THREAD_STATE_OPEN, "a", 7),
                                     Link("a", v1::THREAD_STATE_WAITING)};
  JoinChains(threads);
  ASSERT_EQ(threads.size(), 2U);
  EXPECT_EQ(threads[0].thread_id(), "c");
  EXPECT_THAT(threads[0].part_ids(), ElementsAre("b", "a"));
  EXPECT_EQ(threads[0].state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(base::ToMicros(threads[0].first_unanswered_time()), 7);
  EXPECT_EQ(threads[0].state_thread_id(), "b");
  EXPECT_EQ(threads[1].thread_id(), "x");
  EXPECT_EQ(threads[1].state_thread_id(), "");
}

TEST(JoinChainsTest, TheCustomerWaitsSinceTheFirstOfTheOpenOnes) {
  std::vector<v1::Thread> threads = {Link("b", v1::THREAD_STATE_OPEN, "a", 9),
                                     Link("a", v1::THREAD_STATE_OPEN, "", 3)};
  JoinChains(threads);
  ASSERT_EQ(threads.size(), 1U);
  EXPECT_EQ(base::ToMicros(threads[0].first_unanswered_time()), 3);
  EXPECT_EQ(threads[0].state_thread_id(), "a");
}

TEST(JoinChainsTest, OneWhoseOtherEndIsNotThereStaysAlone) {
  std::vector<v1::Thread> threads = {
      Link("b", v1::THREAD_STATE_OPEN, "elsewhere", 9)};
  JoinChains(threads);
  EXPECT_EQ(threads.size(), 1U);
}

TEST(JoinChainsTest, TwoThatContinueTheSameAreTwo) {
  std::vector<v1::Thread> threads = {Link("c", v1::THREAD_STATE_OPEN, "a", 9),
                                     Link("b", v1::THREAD_STATE_OPEN, "a", 8),
                                     Link("a", v1::THREAD_STATE_OPEN, "", 7)};
  JoinChains(threads);
  ASSERT_EQ(threads.size(), 2U);
  EXPECT_EQ(threads[0].part_ids_size(), 0);
  EXPECT_THAT(threads[1].part_ids(), ElementsAre("a"));
  EXPECT_EQ(threads[1].state_thread_id(), "a");
}

}  // namespace
}  // namespace kith::interactions
