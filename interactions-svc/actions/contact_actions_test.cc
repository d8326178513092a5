#include "interactions-svc/actions/contact_actions.h"

#include <string>

#include "common/base/times.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using internal::v1::ContactWork;
using internal::v1::StoredAction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

absl::Time Moment(int64_t micros) { return absl::FromUnixMicros(micros); }

StoredAction Action(const std::string& queue, int64_t rank) {
  StoredAction stored;
  stored.mutable_action()->set_queue(queue);
  stored.mutable_action()->set_state(v1::ACTION_STATE_OPEN);
  stored.set_rank_micros(rank);
  return stored;
}

StoredAction Snoozed(int64_t until, StoredAction stored) {
  stored.mutable_action()->set_state(v1::ACTION_STATE_SNOOZED);
  *stored.mutable_action()->mutable_snooze_until_time() = base::ToProto(until);
  return stored;
}

StoredAction Assigned(const std::string& assignee, int64_t shared,
                      StoredAction stored) {
  stored.mutable_action()->set_assignee(assignee);
  stored.set_shared_micros(shared);
  return stored;
}

TEST(ContactActionsTest, AContactRanksInAQueueByItsMostUrgentAction) {
  EXPECT_THAT(PlacesOf({}, ContactWork()), IsEmpty());
  EXPECT_THAT(PlacesOf({{"a", Action("service", 30)},
                        {"b", Action("service", 20)},
                        {"c", Action("sales", 10)}},
                       ContactWork()),
              ElementsAre(QueuePlace{"sales", QueueState::kReady, 10},
                          QueuePlace{"service", QueueState::kReady, 20}));
}

TEST(ContactActionsTest, WhatIsSnoozedWaitsForItsTime) {
  EXPECT_THAT(PlacesOf({{"a", Action("service", 30)},
                        {"b", Snoozed(99, Action("service", 20))}},
                       ContactWork()),
              ElementsAre(QueuePlace{"service", QueueState::kReady, 30},
                          QueuePlace{"service", QueueState::kLater, 99}));
}

TEST(ContactActionsTest, WhatIsAssignedIsSharedAfterItsTime) {
  EXPECT_THAT(PlacesOf({{"a", Assigned("eve", 50, Action("service", 30))}},
                       ContactWork()),
              ElementsAre(QueuePlace{"@eve", QueueState::kReady, 30},
                          QueuePlace{"service", QueueState::kLater, 50}));
}

TEST(ContactActionsTest, WhileALeaseRunsAllPlacesBeginWithItsEnd) {
  ContactWork work;
  Lease("sam", Moment(1), Moment(70), work);
  EXPECT_THAT(PlacesOf({{"a", Action("service", 30)},
                        {"b", Snoozed(99, Action("sales", 20))}},
                       work),
              ElementsAre(QueuePlace{"#sam", QueueState::kLater, 70},
                          QueuePlace{"sales", QueueState::kLater, 99},
                          QueuePlace{"service", QueueState::kLater, 70}));
  EXPECT_THAT(PlacesOf({}, work), IsEmpty());
}

TEST(ContactActionsTest, LongNamesFitIntoTheColumn) {
  const std::string name(1280, 'x');
  EXPECT_LE(QueueOfAssignee(name).size(), 330);
  EXPECT_NE(QueueOfAssignee(name), QueueOfAssignee(name + "y"));
  EXPECT_NE(QueueOfAssignee("sam"), QueueOfHolder("sam"));
}

TEST(ContactActionsTest, AContactWaitsInTheQueuesOfItsVisibleActions) {
  const OpenActions actions = {{"a", Snoozed(50, Action("service", 1))},
                               {"b", Assigned("eve", 90, Action("sales", 1))}};
  EXPECT_FALSE(WaitsIn({"service"}, Moment(49), actions));
  EXPECT_TRUE(WaitsIn({"service"}, Moment(50), actions));
  EXPECT_FALSE(WaitsIn({"sales"}, Moment(50), actions));
  EXPECT_TRUE(WaitsIn({"@eve"}, Moment(50), actions));
  EXPECT_TRUE(WaitsIn({"sales"}, Moment(90), actions));
}

TEST(ContactActionsTest, ALeaseIsRenewedByItsAgentAndReplacedByAnother) {
  ContactWork work;
  Lease("sam", Moment(0), Moment(10), work);
  EXPECT_EQ(work.epoch(), 1);
  EXPECT_FALSE(IsHeldByOther(work, "sam", Moment(5)));
  EXPECT_TRUE(IsHeldByOther(work, "eve", Moment(5)));
  Lease("sam", Moment(5), Moment(15), work);
  EXPECT_EQ(work.epoch(), 1);
  EXPECT_FALSE(IsHeldByOther(work, "eve", Moment(15)));
  Lease("eve", Moment(15), Moment(25), work);
  EXPECT_EQ(work.epoch(), 2);
  EXPECT_FALSE(Release("sam", work));
  EXPECT_TRUE(Release("eve", work));
  EXPECT_FALSE(Release("eve", work));
  Lease("eve", Moment(26), Moment(36), work);
  EXPECT_EQ(work.epoch(), 3);
}

TEST(ContactActionsTest, ASkipIsOneAgentsAndEnds) {
  ContactWork work;
  EXPECT_EQ(Skip("sam", Moment(10), work), 1);
  EXPECT_EQ(Skip("sam", Moment(20), work), 1);
  EXPECT_EQ(Skip("eve", Moment(20), work), 2);
  EXPECT_TRUE(HasSkipped(work, "sam", Moment(19)));
  EXPECT_FALSE(HasSkipped(work, "sam", Moment(20)));
  EXPECT_FALSE(HasSkipped(work, "joe", Moment(5)));
}

}  // namespace
}  // namespace kith::interactions
