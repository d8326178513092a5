// Streams by REST, as lines of JSON and as server-sent events, by bytes over a
// socket.

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gateway/edge/codecs/code_table.h"
#include "gateway/edge/testing/edge_harness.h"
#include "gateway/edge/testing/wait.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kEvents[] = "\r\nAccept: text/event-stream\r\n";

class RestStreamTest : public ::testing::Test {
 protected:
  RawReply Numbers(const std::string& query, const std::string& headers = "") {
    return harness_.Call(absl::StrCat("GET /v1/numbers?", query,
                                      headers.empty() ? "\r\n" : headers));
  }

  const CountStream::Figures& counts() { return harness_.library().counts(); }

  EdgeHarness harness_;
};

TEST_F(RestStreamTest, EachMessageIsALine) {
  const RawReply reply = Numbers("to=2");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.complete);
  EXPECT_EQ(reply.Header("content-type"), "application/x-ndjson");
  EXPECT_EQ(reply.Header("x-lead"), "a");
  EXPECT_EQ(reply.Header("cache-control"), "no-store");
  EXPECT_EQ(reply.Header("x-trace-id").size(), 32);
  EXPECT_EQ(reply.body, "{\"result\":{\"n\":1}}\n{\"result\":{\"n\":2}}\n");
}

TEST_F(RestStreamTest, ARequestMayHaveABody) {
  const RawReply reply = harness_.Call(
      "POST /v1/numbers:count\r\nContent-Type: application/json\r\n",
      R"({"to":1})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "{\"result\":{\"n\":1}}\n");
}

TEST_F(RestStreamTest, AStreamWithoutMessagesIsEmpty) {
  const RawReply reply = Numbers("to=0");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.complete);
  EXPECT_EQ(reply.body, "");
}

TEST_F(RestStreamTest, ErrorBeforeTheFirstMessageIsAStatus) {
  for (const char* accept : {"\r\n", kEvents}) {
    for (int code = 1; code <= 16; ++code) {
      const RawReply reply = Numbers(absl::StrCat("failCode=", code), accept);
      EXPECT_EQ(reply.status, HttpStatusOf(code)) << code;
      EXPECT_EQ(reply.Header("content-type"), "application/json");
      EXPECT_THAT(
          reply.body,
          AllOf(StartsWith(absl::StrCat("{\"error\":{\"code\":", reply.status)),
                HasSubstr(absl::StrCat("\"status\":\"",
                                       std::string(CodeName(code)), "\""))));
    }
    EXPECT_EQ(Numbers("to=x", accept).status, 400);
    const RawReply nobody =
        RawClient(harness_.address())
            .Call(EdgeHarness::Bytes(absl::StrCat("GET /v1/numbers", accept),
                                     "", testing::kNobody));
    EXPECT_EQ(nobody.status, 401);
  }
}

TEST_F(RestStreamTest, LaterErrorIsALine) {
  const RawReply reply = Numbers("to=1&failCode=8");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.complete);
  EXPECT_THAT(
      reply.body,
      AllOf(StartsWith("{\"result\":{\"n\":1}}\n{\"error\":{\"code\":429,"),
            HasSubstr("\"status\":\"RESOURCE_EXHAUSTED\""),
            HasSubstr("google.rpc.DebugInfo"), EndsWith("}\n")));
}

TEST_F(RestStreamTest, EventsWhereTheyAreAskedFor) {
  const RawReply reply = Numbers("to=2", kEvents);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "text/event-stream");
  EXPECT_THAT(reply.body, StartsWith("data: {\"n\":1}\n\ndata: {\"n\":2}\n\n"));
  // An event without data is none for a browser.
  EXPECT_THAT(reply.body, HasSubstr("\n\nevent: complete\ndata: "));
  EXPECT_THAT(reply.body, EndsWith("\n\n"));
}

TEST_F(RestStreamTest, LaterErrorIsAnEvent) {
  const RawReply reply = Numbers("to=1&failCode=8", kEvents);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body,
              AllOf(HasSubstr("\n\nevent: error\ndata: {"),
                    HasSubstr("\"status\":\"RESOURCE_EXHAUSTED\""),
                    EndsWith("\n\n"), ::testing::Not(HasSubstr("complete"))));
}

TEST_F(RestStreamTest, DeadlineEndsAStreamUnderWay) {
  const RawReply reply =
      Numbers("to=1&stay=true", "\r\nGrpc-Timeout: 300m\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("\n{\"error\":{\"code\":504,"));
  EXPECT_TRUE(WaitUntil([&] { return counts().cancelled == 1; }));
  EXPECT_EQ(Numbers("stay=true", "\r\nGrpc-Timeout: 100m\r\n").status, 504);
}

TEST_F(RestStreamTest, MessageArrivesBeforeTheNextIsMade) {
  for (const char* accept : {"\r\n", kEvents}) {
    const int before = counts().messages;
    const int cancelled = counts().cancelled;
    {
      RawClient client(harness_.address());
      client.Send(EdgeHarness::Bytes(
          absl::StrCat("GET /v1/numbers?to=2&pauseMillis=60000", accept), ""));
      RawReply reply = client.ReadHead();
      EXPECT_EQ(reply.status, 200);
      EXPECT_TRUE(client.ReadUntil(reply, "{\"n\":1}"));
      EXPECT_TRUE(absl::EndsWith(reply.body, "\n"));
      EXPECT_EQ(counts().messages, before + 1);
    }
    EXPECT_TRUE(WaitUntil([&] { return counts().cancelled > cancelled; }));
  }
}

TEST_F(RestStreamTest, SilentEventsHaveHeartbeats) {
  EdgeOptions options;
  options.limits.heartbeat_time = absl::Milliseconds(50);
  EdgeHarness harness(options);
  RawClient client(harness.address());
  client.Send(EdgeHarness::Bytes(
      absl::StrCat("GET /v1/numbers?to=1&stay=true", kEvents), ""));
  RawReply reply = client.ReadHead();
  EXPECT_TRUE(client.ReadUntil(reply, "\n\n:\n\n:\n\n"));
}

TEST_F(RestStreamTest, StreamIsNotPacked) {
  const RawReply reply =
      Numbers("to=3&letters=3000", "\r\nAccept-Encoding: gzip\r\n");
  EXPECT_EQ(reply.Header("content-encoding"), "");
  EXPECT_THAT(reply.body, HasSubstr("xxxx"));
}

TEST_F(RestStreamTest, AStreamOfRequestsIsRefused) {
  const RawReply reply = harness_.Call(
      "POST /v1/numbers:sum\r\nContent-Type: application/json\r\n", "{}");
  EXPECT_EQ(reply.status, 501);
  EXPECT_THAT(reply.body, HasSubstr("\"status\":\"UNIMPLEMENTED\""));
}

TEST_F(RestStreamTest, UnaryCallsAreNoEvents) {
  const RawReply reply = harness_.Call(absl::StrCat("GET /v1/ids/a", kEvents));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "application/json");
}

}  // namespace
}  // namespace kith::edge
