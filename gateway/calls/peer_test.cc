#include "gateway/calls/peer.h"

#include <memory>
#include <utility>
#include <vector>

#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

class FakeRequest : public Peer::Sent {
 public:
  void GiveUp() override { ++given_up; }

  int given_up = 0;
};

class PeerTest : public ::testing::Test {
 protected:
  static constexpr int kLimit = 20;

  // So many calls take a place.
  void Wait(int calls) {
    for (int i = 0; i < calls; ++i) {
      auto place = peer_.Enter();
      ASSERT_THAT(place, IsOk());
      places_.push_back(*std::move(place));
    }
  }

  void BecomeSilent() {
    Wait(Peer::kSilentCalls);
    now_ += Peer::kSilence;
    Wait(1);
    ASSERT_THAT(peer_.Enter(), StatusIs(StatusCode::kUnavailable));
  }

  void End(bool answered) {
    auto request = std::make_shared<FakeRequest>();
    peer_.Begin(request);
    peer_.End(*request, answered);
  }

  absl::Time now_ = absl::FromUnixSeconds(1'790'000'000);
  Peer peer_{"identity-svc", kLimit, [this] { return now_; }};
  std::vector<Peer::Place> places_;
};

TEST_F(PeerTest, NoMoreCallsThanTheLimitWait) {
  Wait(kLimit);
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kResourceExhausted,
                                      "identity-svc has too many"));
  places_.pop_back();
  Wait(1);
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kResourceExhausted));
}

TEST_F(PeerTest, AFullServiceThatDoesNotAnswerIsNotBusy) {
  Wait(kLimit);
  now_ += Peer::kQuiet - absl::Microseconds(1);
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kResourceExhausted));
  now_ += absl::Microseconds(1);
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kUnavailable));
  End(/*answered=*/true);
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kResourceExhausted));
}

TEST_F(PeerTest, APlaceIsGivenBackOnceHoweverItIsMoved) {
  Wait(kLimit - 1);
  {
    auto place = peer_.Enter();
    ASSERT_THAT(place, IsOk());
    Peer::Place moved = *std::move(place);
    moved.Release();
    moved.Release();
  }
  Wait(1);
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kResourceExhausted));
}

TEST_F(PeerTest, ASilentServiceIsTriedNowAndThen) {
  Wait(Peer::kSilentCalls);
  now_ += Peer::kSilence - absl::Microseconds(1);
  EXPECT_THAT(peer_.Enter(), IsOk());
  now_ += absl::Microseconds(1);
  EXPECT_THAT(peer_.Enter(), IsOk()) << "a try";
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kUnavailable,
                                      "identity-svc does not answer"));
  now_ += Peer::kTryEach;
  EXPECT_THAT(peer_.Enter(), IsOk()) << "the next";
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kUnavailable));
}

TEST_F(PeerTest, OnlyAnAnswerEndsTheSilence) {
  BecomeSilent();
  places_.clear();
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kUnavailable));
  End(/*answered=*/false);
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kUnavailable));
  End(/*answered=*/true);
  Wait(kLimit);
}

TEST_F(PeerTest, AFewSlowCallsAreNoSilence) {
  Wait(Peer::kSilentCalls - 1);
  now_ += absl::Minutes(1);
  EXPECT_THAT(peer_.Enter(), IsOk());
}

TEST_F(PeerTest, ThatNobodyCalledIsNoSilence) {
  Wait(Peer::kSilentCalls);
  now_ += absl::Minutes(1);
  places_.clear();
  Wait(Peer::kSilentCalls);
  EXPECT_THAT(peer_.Enter(), IsOk());
}

TEST_F(PeerTest, WhatWaitsForASilentServiceIsGivenUp) {
  auto old = std::make_shared<FakeRequest>();
  peer_.Begin(old);
  Wait(Peer::kSilentCalls);
  now_ += Peer::kSilence - absl::Microseconds(1);
  auto recent = std::make_shared<FakeRequest>();
  peer_.Begin(recent);
  peer_.GiveUpIfSilent();
  EXPECT_EQ(old->given_up, 0);
  now_ += absl::Microseconds(1);
  peer_.GiveUpIfSilent();
  EXPECT_EQ(old->given_up, 1);
  EXPECT_EQ(recent->given_up, 0);
  // Found without a call that comes.
  EXPECT_THAT(peer_.Enter(), IsOk()) << "a try";
  EXPECT_THAT(peer_.Enter(), StatusIs(StatusCode::kUnavailable));
  peer_.End(*old, /*answered=*/false);
  now_ += Peer::kSilence;
  peer_.GiveUpIfSilent();
  EXPECT_EQ(old->given_up, 1) << "it has ended";
  EXPECT_EQ(recent->given_up, 1);
}

TEST_F(PeerTest, NothingIsGivenUpWhileTheServiceAnswers) {
  auto slow = std::make_shared<FakeRequest>();
  peer_.Begin(slow);
  Wait(Peer::kSilentCalls);
  now_ += Peer::kSilence;
  End(/*answered=*/true);
  peer_.GiveUpIfSilent();
  EXPECT_EQ(slow->given_up, 0);
}

}  // namespace
}  // namespace kith::gateway
