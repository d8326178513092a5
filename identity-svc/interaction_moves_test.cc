#include <string>
#include <thread>
#include <vector>

#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

class InteractionMovesTest : public IdentityServiceTest {
 protected:
  static v1::InteractionMove MoveNamed(const std::string& id = kCleo) {
    v1::InteractionMove move;
    move.set_move_id(id);
    move.set_identity_key("00112233445566778899aabbccddeeff");
    move.set_from_contact_id(kAda);
    move.set_to_contact_id(kBob);
    return move;
  }

  absl::StatusOr<v1::InteractionMove> Advance(const v1::InteractionMove& move,
                                              int64_t moved_count = 0,
                                              bool done = false,
                                              TestKey key = kDemo) {
    v1::AdvanceInteractionMoveRequest request;
    *request.mutable_move() = move;
    request.set_moved_count(moved_count);
    request.set_done(done);
    return harness_.Call(&Stub::AdvanceInteractionMove, request, key);
  }
};

TEST_F(InteractionMovesTest, CountsEachBatchOnceUntilTheEnd) {
  const auto begun = Advance(MoveNamed());
  ASSERT_THAT(begun, IsOk());
  EXPECT_EQ(begun->batch_count(), 0);
  EXPECT_FALSE(begun->done());
  const auto first = Advance(*begun, 100);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->batch_count(), 1);
  EXPECT_EQ(first->moved_count(), 100);
  // A call that was cut off tells it again.
  const auto again = Advance(*begun, 100);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->batch_count(), 1);
  EXPECT_EQ(again->moved_count(), 100);
  const auto second = Advance(*first, 7);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->moved_count(), 107);
  EXPECT_FALSE(second->done());
  const auto ended = Advance(*second, 0, /*done=*/true);
  ASSERT_THAT(ended, IsOk());
  EXPECT_TRUE(ended->done());
  // Another request reads what is stored, and what comes after changes nothing.
  EXPECT_EQ(Advance(MoveNamed())->moved_count(), 107);
  const auto late = Advance(*ended, 5);
  ASSERT_THAT(late, IsOk());
  EXPECT_EQ(late->moved_count(), 107);
  EXPECT_EQ(Rows("moves"), 1);
}

TEST_F(InteractionMovesTest, OfTwoCallersAtOnceOneCounts) {
  const auto begun = Advance(MoveNamed());
  ASSERT_THAT(begun, IsOk());
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] { EXPECT_THAT(Advance(*begun, 3), IsOk()); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Advance(MoveNamed())->moved_count(), 3);
  // Nor do those who begin it at once begin it twice.
  std::vector<std::thread> beginners;
  for (int i = 0; i < 8; ++i) {
    beginners.emplace_back(
        [&] { EXPECT_THAT(Advance(MoveNamed(kBob), 2), IsOk()); });
  }
  for (std::thread& beginner : beginners) beginner.join();
  EXPECT_EQ(Advance(MoveNamed(kBob))->moved_count(), 2);
  EXPECT_EQ(Rows("moves"), 2);
}

TEST_F(InteractionMovesTest, AnIdMeansOneMoveOfOneTenant) {
  ASSERT_THAT(Advance(MoveNamed(), 9), IsOk());
  v1::InteractionMove other = MoveNamed();
  other.set_to_contact_id(kCleo);
  EXPECT_THAT(Advance(other),
              StatusIs(absl::StatusCode::kInvalidArgument, "other contacts"));
  const auto theirs = Advance(MoveNamed(), 0, false, kOther);
  ASSERT_THAT(theirs, IsOk());
  EXPECT_EQ(theirs->moved_count(), 0);
}

TEST_F(InteractionMovesTest, LimitsHold) {
  const auto faults = Advance({}, 101).status();
  for (const char* fault :
       {"move.move_id: ", "move.identity_key: not set", "move.from_contact_id",
        "move.to_contact_id", "moved_count: 101, want 0 to 100"}) {
    EXPECT_THAT(faults, StatusIs(absl::StatusCode::kInvalidArgument, fault));
  }
  v1::InteractionMove move = MoveNamed();
  move.set_batch_count(-1);
  EXPECT_THAT(Advance(move),
              StatusIs(absl::StatusCode::kInvalidArgument, "batch_count"));
}

}  // namespace
}  // namespace kith::identity
