// Who waits, read from the head on, and what that costs.

#include "interactions-svc/actions/queue_head.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "common/mysql/tx.h"
#include "gmock/gmock.h"
#include "interactions-svc/actions_fixture.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using ::kith::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kPlaces = 50;

class QueueHeadTest : public ActionsFixture {
 protected:
  QueueHeadTest() { EXPECT_THAT(session_.Connect(), IsOk()); }

  static Uuid Waiter(int n) {
    return *Uuid::Parse(absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-607182",
                                     absl::Dec(n, absl::kZeroPad6)));
  }
  static std::vector<Uuid> Waiters(int first, int end) {
    std::vector<Uuid> waiters;
    for (int n = first; n < end; ++n) waiters.push_back(Waiter(n));
    return waiters;
  }

  // One who waits by this rank, or from it on.
  void Place(int n, int64_t rank_micros, const std::string& queue = "service",
             QueueState state = QueueState::kReady) {
    EXPECT_THAT(session_
                    .Execute(kInsertPlace, {tx_.tenant_id(), queue,
                                            static_cast<int32_t>(state),
                                            rank_micros, Waiter(n).bytes()})
                    .status(),
                IsOk());
  }

  std::vector<Uuid> ReadOn(QueueHead& head) {
    const auto read = head.ReadOn(kPlaces);
    EXPECT_THAT(read, IsOk());
    return read.value_or(std::vector<Uuid>());
  }

  mysql::Session session_{harness_.database().options()};
  const mysql::TenantTx demo_{session_, 1, Noon()};
  const mysql::Tx& tx_ = demo_;
  const std::vector<std::string> queues_ = {QueueOfAssignee("sam"), "service"};
};

TEST_F(QueueHeadTest, EachReadingGoesOnBehindTheOneBefore) {
  // 120 by rank, in the middle many of the same.
  for (int n = 0; n < 120; ++n) Place(n, n < 30 ? n : n < 110 ? 30 : n);
  QueueHead head(tx_, queues_, {});
  std::vector<Uuid> all;
  int readings = 0;
  while (!head.is_over()) {
    for (const Uuid& id : ReadOn(head)) all.push_back(id);
    ASSERT_LT(++readings, 6);
  }
  EXPECT_THAT(all, ElementsAreArray(Waiters(0, 120)));
}

TEST_F(QueueHeadTest, AReadingReadsAsManyRowsAsTheFirst) {
  for (int n = 0; n < 400; ++n) Place(n, n);
  QueueHead head(tx_, queues_, {});
  std::vector<int64_t> rows;
  for (int reading = 0; reading < 4; ++reading) {
    ASSERT_THAT(session_.ExecuteText("FLUSH STATUS"), IsOk());
    EXPECT_THAT(ReadOn(head), SizeIs(kPlaces));
    rows.push_back(RowsRead(session_));
  }
  EXPECT_GE(rows[0], kPlaces);
  // A seek or two more, and none of the places that were passed by.
  for (const int64_t count : rows) EXPECT_LT(count, rows[0] + kPlaces / 2);
}

TEST_F(QueueHeadTest, WhatIsOfTheAgentComesBeforeWhatRanksBeforeIt) {
  Place(1, 1);
  Place(2, 20, queues_[0]);
  Place(3, 10, queues_[0], QueueState::kLater);
  Place(4, 4, "service", QueueState::kLater);
  // In both.
  Place(1, 30, queues_[0]);
  QueueHead head(tx_, queues_, {});
  EXPECT_THAT(ReadOn(head),
              ElementsAre(Waiter(3), Waiter(2), Waiter(1), Waiter(4)));
  EXPECT_TRUE(head.is_over());
}

TEST_F(QueueHeadTest, WhoIsExcludedHidesNobodyBehind) {
  for (int n = 0; n < 130; ++n) Place(n, n);
  QueueHead head(tx_, queues_, Waiters(0, 60));
  const std::vector<Uuid> first = ReadOn(head);
  ASSERT_THAT(first, SizeIs(kPlaces));
  EXPECT_EQ(first.front(), Waiter(60));
  EXPECT_THAT(ReadOn(head), ElementsAreArray(Waiters(110, 130)));
  EXPECT_TRUE(head.is_over());
}

TEST_F(QueueHeadTest, WhoWaitsLaterOrNowhereIsNotRead) {
  Place(1, absl::ToUnixMicros(Noon()) + 1, "service", QueueState::kLater);
  Place(2, 1, "sales");
  QueueHead head(tx_, queues_, {});
  EXPECT_FALSE(head.is_over());
  EXPECT_THAT(ReadOn(head), IsEmpty());
  EXPECT_TRUE(head.is_over());
}

}  // namespace
}  // namespace kith::interactions
