#include "gateway/watch/queue_head.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::QueueEntry Entry(const std::string& contact_id,
                     const std::string& name = "",
                     const std::string& queue = "service") {
  v1::QueueEntry entry;
  entry.mutable_contact()->set_contact_id(contact_id);
  entry.mutable_contact()->set_queue(queue);
  entry.set_display_name(name);
  return entry;
}

// What is told: "contact@queue" of each entry, and "-contact@queue" of each
// that has left.
std::vector<std::string> Told(const std::vector<v1::QueueEntry>& before,
                              const std::vector<v1::QueueEntry>& after) {
  v1::WatchQueueResponse message;
  const bool is_different = TellDifference(before, after, message);
  std::vector<std::string> told;
  for (const auto& entry : message.entries()) {
    told.push_back(entry.contact().contact_id() + "@" +
                   entry.contact().queue());
  }
  for (const auto& left : message.left()) {
    told.push_back("-" + left.contact_id() + "@" + left.queue());
  }
  EXPECT_EQ(is_different, !told.empty());
  return told;
}

TEST(QueueHeadTest, OnlyWhatIsDifferentIsTold) {
  EXPECT_THAT(Told({}, {}), IsEmpty());
  EXPECT_THAT(Told({}, {Entry("a"), Entry("b")}),
              ElementsAre("a@service", "b@service"));
  EXPECT_THAT(Told({Entry("a"), Entry("b")}, {Entry("b"), Entry("a")}),
              IsEmpty());
  EXPECT_THAT(Told({Entry("a"), Entry("b")}, {Entry("b"), Entry("c")}),
              ElementsAre("c@service", "-a@service"));
  EXPECT_THAT(Told({Entry("a"), Entry("b")}, {Entry("a"), Entry("b", "new")}),
              ElementsAre("b@service"));
  EXPECT_THAT(Told({Entry("a")}, {}), ElementsAre("-a@service"));
}

TEST(QueueHeadTest, AContactIsAnEntryOfEachOfItsQueues) {
  EXPECT_THAT(Told({Entry("a"), Entry("a", "", "sales")}, {Entry("a")}),
              ElementsAre("-a@sales"));
  EXPECT_THAT(Told({Entry("a")}, {Entry("a", "", "sales")}),
              ElementsAre("a@sales", "-a@service"));
}

}  // namespace
}  // namespace kith::gateway
