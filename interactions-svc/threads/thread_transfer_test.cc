#include "interactions-svc/threads/thread_transfer.h"

#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using base::Uuid;

constexpr char kOfAda[] = "0192f0c1-2a3b-7c4d-8e5f-000000000001";
constexpr char kOfBob[] = "0192f0c1-2a3b-7c4d-8e5f-000000000002";
constexpr char kAdasThread[] = "0192f0c1-2a3b-7c4d-8e5f-00000000000a";
constexpr char kBobsThread[] = "0192f0c1-2a3b-7c4d-8e5f-00000000000b";

// A thread with all that one may have.
ThreadRow WholeThread() {
  ThreadRow row;
  row.contact_id = *Uuid::Parse(kOfAda);
  row.thread_id = *Uuid::Parse(kAdasThread);
  row.stored.set_by_hand(true);
  row.stored.set_opener_id("opener");
  row.stored.set_joined_micros(7);
  row.stored.mutable_mark()->set_number(3);
  row.stored.mutable_split();
  row.stored.mutable_join();
  row.stored.mutable_reassigned_to()->set_thread_id("x");
  v1::Thread& thread = *row.stored.mutable_thread();
  thread.set_assignee("eve");
  thread.set_topic("lamp");
  thread.set_continues_thread_id("before");
  thread.set_continued_by_thread_id("after");
  thread.set_split_from_thread_id("split");
  thread.set_joined_into_thread_id("joined");
  return row;
}

TEST(CopyThreadTest, KeepsWhatAPersonSaidAndDropsWhatHoldsOfTheOtherContact) {
  const ThreadRow from = WholeThread();
  ThreadRow made;
  made.contact_id = *Uuid::Parse(kOfBob);
  made.thread_id = *Uuid::Parse(kBobsThread);
  CopyThread(from, made);

  EXPECT_TRUE(made.stored.by_hand());
  EXPECT_EQ(made.stored.opener_id(), "opener");
  EXPECT_EQ(made.stored.mark().number(), 3);
  EXPECT_FALSE(made.stored.has_split());
  EXPECT_FALSE(made.stored.has_join());
  EXPECT_FALSE(made.stored.has_reassigned_to());
  EXPECT_EQ(made.stored.joined_micros(), 0);
  const v1::Thread& copy = made.stored.thread();
  EXPECT_EQ(copy.thread_id(), kBobsThread);
  EXPECT_EQ(copy.contact_id(), kOfBob);
  EXPECT_EQ(copy.assignee(), "eve");
  EXPECT_EQ(copy.topic(), "lamp");
  EXPECT_EQ(copy.continues_thread_id(), "before");
  EXPECT_EQ(copy.continued_by_thread_id(), "");
  EXPECT_EQ(copy.split_from_thread_id(), "");
  EXPECT_EQ(copy.joined_into_thread_id(), "");
}

}  // namespace
}  // namespace kith::interactions
