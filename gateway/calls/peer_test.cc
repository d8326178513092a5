#include "gateway/calls/peer.h"

#include <utility>
#include <vector>

#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

class PeerTest : public ::testing::Test {
 protected:
  // Begins so many calls.
  void Enter(int calls) {
    for (int i = 0; i < calls; ++i) {
      auto place = peer_.Enter();
      ASSERT_THAT(place, IsOk());
      places_.push_back(*std::move(place));
    }
  }

  absl::Time now_ = absl::FromUnixSeconds(1'790'000'000);
  Peer peer_{"identity-svc", 20, [this] { return now_; }};
  std::vector<Peer::Place> places_;
};

TEST_F(PeerTest, NoMoreThanTheLimitWait) {
  Enter(20);
  EXPECT_THAT(peer_.Enter(), StatusIs(absl::StatusCode::kResourceExhausted,
                                      "identity-svc has too many"));
  places_.front().Leave(absl::OkStatus());
  EXPECT_THAT(peer_.Enter(), IsOk());
  // That one left when it was destroyed; and none leaves twice.
  places_.front().Leave(absl::OkStatus());
  Enter(1);
  EXPECT_THAT(peer_.Enter(), StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(PeerTest, WhoMovesAPlaceLeavesOnce) {
  Enter(19);
  {
    auto place = peer_.Enter();
    const Peer::Place moved = *std::move(place);
  }
  Enter(1);
  EXPECT_THAT(peer_.Enter(), StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(PeerTest, ASilentServiceIsTriedNowAndThen) {
  Enter(Peer::kSilentCalls);
  now_ += Peer::kSilence - absl::Microseconds(1);
  EXPECT_THAT(peer_.Enter(), IsOk());
  now_ += absl::Microseconds(1);
  EXPECT_THAT(peer_.Enter(), IsOk()) << "a try";
  EXPECT_THAT(peer_.Enter(), StatusIs(absl::StatusCode::kUnavailable,
                                      "identity-svc does not answer"));
  now_ += Peer::kTryEach;
  EXPECT_THAT(peer_.Enter(), IsOk()) << "the next";
  EXPECT_THAT(peer_.Enter(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(PeerTest, AnAnswerEndsTheSilence) {
  Enter(Peer::kSilentCalls + 1);
  now_ += Peer::kSilence;
  Enter(1);
  ASSERT_THAT(peer_.Enter(), StatusIs(absl::StatusCode::kUnavailable));
  // Nothing that the service has said.
  for (const absl::Status& none :
       {absl::UnavailableError(""), absl::DeadlineExceededError("")}) {
    places_.back().Leave(none);
    places_.pop_back();
    EXPECT_THAT(peer_.Enter(), StatusIs(absl::StatusCode::kUnavailable));
  }
  Enter(0);
  places_.back().Leave(absl::NotFoundError("nobody"));
  places_.pop_back();
  Enter(1);
  EXPECT_THAT(peer_.Enter(), IsOk());
}

TEST_F(PeerTest, AFewSlowCallsAreNoSilence) {
  Enter(Peer::kSilentCalls - 1);
  now_ += absl::Minutes(1);
  EXPECT_THAT(peer_.Enter(), IsOk());
}

TEST_F(PeerTest, NoCallsAreNoSilence) {
  Enter(Peer::kSilentCalls);
  now_ += absl::Minutes(1);
  places_.clear();
  Enter(Peer::kSilentCalls);
  EXPECT_THAT(peer_.Enter(), IsOk());
}

}  // namespace
}  // namespace kith::gateway
