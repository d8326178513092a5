#include "gateway/hooks/door/hook_replies.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using edge::FindHeader;

TEST(HookRepliesTest, AnAnswerIsThatOfTheConnector) {
  v1::HookAnswer answer;
  answer.set_status(200);
  answer.set_content_type("application/json");
  answer.set_body("{}");
  const edge::Reply reply = AnswerReply(answer);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "{}");
  EXPECT_EQ(FindHeader(reply.headers, "content-type"), "application/json");
  EXPECT_EQ(FindHeader(reply.headers, "location"), "");
}

TEST(HookRepliesTest, AnAnswerMayBeEmptyOrLeadOn) {
  v1::HookAnswer answer;
  answer.set_status(204);
  EXPECT_TRUE(AnswerReply(answer).headers.empty());
  answer.set_status(303);
  answer.set_location("https://www.example.com/thanks");
  const edge::Reply reply = AnswerReply(answer);
  EXPECT_EQ(reply.status, 303);
  EXPECT_EQ(FindHeader(reply.headers, "location"),
            "https://www.example.com/thanks");
}

TEST(HookRepliesTest, ARefusalSaysWhatIsWrong) {
  const std::vector<std::pair<absl::Status, int>> cases = {
      {absl::UnauthenticatedError("why"), 401},
      {absl::NotFoundError("why"), 404},
      {absl::UnimplementedError("why"), 405},
      {absl::OutOfRangeError("why"), 413},
      {absl::InvalidArgumentError("why"), 415}};
  for (const auto& [refusal, status] : cases) {
    const edge::Reply reply = RefusalReply(refusal, "GET, POST");
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.body, "why\n");
    EXPECT_EQ(FindHeader(reply.headers, "allow"),
              status == 405 ? "GET, POST" : "");
    EXPECT_EQ(FindHeader(reply.headers, "set-cookie"), "");
  }
}

TEST(HookRepliesTest, WhoComesTooSoonIsToldWhenToComeAgain) {
  const std::vector<std::pair<absl::Duration, std::string>> cases = {
      {absl::Milliseconds(1), "1"},
      {absl::Seconds(1), "1"},
      {absl::Milliseconds(1'001), "2"},
      {absl::Seconds(10), "10"}};
  for (const auto& [wait, seconds] : cases) {
    const edge::Reply reply = TooManyReply(wait);
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(FindHeader(reply.headers, "retry-after"), seconds) << wait;
  }
}

TEST(HookRepliesTest, WhatWasNotKeptIsNotSaidToBe) {
  for (const absl::Status& fault :
       {absl::UnavailableError("interactions-svc cannot be reached"),
        absl::ResourceExhaustedError("full"),
        absl::DeadlineExceededError("late"), absl::UnknownError("odd"),
        absl::FailedPreconditionError("no key"),
        absl::PermissionDeniedError("lacks journal.write")}) {
    const edge::Reply reply = NotKeptReply(fault);
    EXPECT_EQ(reply.status, 503) << fault;
    EXPECT_EQ(FindHeader(reply.headers, "retry-after"), "5");
    // What it is like behind the gateway is nobody's business.
    EXPECT_EQ(reply.body, "the request was not kept; come again later\n");
  }
  EXPECT_EQ(NotKeptReply(absl::NotFoundError("no tenant")).status, 404);
  EXPECT_EQ(NotKeptReply(absl::InvalidArgumentError("headers")).status, 400);
}

}  // namespace
}  // namespace kith::gateway
