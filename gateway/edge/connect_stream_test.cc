// Streams of Connect, by bytes over a socket: the cases of the protocol's
// reference.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gateway/edge/codecs/code_table.h"
#include "gateway/edge/codecs/gzip.h"
#include "gateway/edge/testing/edge_harness.h"
#include "gateway/edge/testing/frames.h"
#include "gateway/edge/testing/wait.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/edgetest/v1/library.pb.h"

namespace kith::edge {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// The flags of a frame.
constexpr int kMessage = 0;
constexpr int kPacked = 1;
constexpr int kEndStream = 2;

constexpr char kCountJson[] =
    "POST /kith.edgetest.v1.Library/Count\r\n"
    "Content-Type: application/connect+json\r\n";
constexpr char kCountProto[] =
    "POST /kith.edgetest.v1.Library/Count\r\n"
    "Content-Type: application/connect+proto\r\n";

constexpr char kTrail[] = R"("metadata":{"x-trail":["b"]})";
// Opens a stream that goes on until somebody ends it.
constexpr char kEndless[] = R"({"to":1,"stay":true})";

class ConnectStreamTest : public ::testing::Test {
 protected:
  // Sends a body as it is. A stream has the status 200, whatever happens.
  RawReply Post(const std::string& head, const std::string& body) {
    RawReply reply = harness_.Call(head, body);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_TRUE(reply.complete);
    return reply;
  }

  // Sends one message of JSON.
  RawReply Count(const std::string& json, const std::string& headers = "") {
    return Post(absl::StrCat(kCountJson, headers), FrameBytes(kMessage, json));
  }

  // What the stream ends with, where it has no message before that.
  static std::string EndOf(const RawReply& reply) {
    const std::vector<Frame> frames = FramesOf(reply.body);
    if (frames.size() != 1) return absl::StrCat(frames.size(), " frames");
    EXPECT_EQ(frames[0].flags, kEndStream);
    return frames[0].bytes;
  }

  const CountStream::Figures& counts() { return harness_.library().counts(); }

  EdgeHarness harness_{{.message_bytes = 100'000}};
};

std::string ErrorStart(const char* code) {
  return absl::StrCat(R"({"error":{"code":")", code, "\"");
}

TEST_F(ConnectStreamTest, MessagesThenTheEndWithTheTrailers) {
  const RawReply reply = Count(R"({"to":2})");
  EXPECT_EQ(reply.Header("content-type"), "application/connect+json");
  EXPECT_EQ(reply.Header("x-lead"), "a");
  EXPECT_EQ(reply.Header("x-b-bin"), "AAEC");
  EXPECT_NE(reply.Header("date"), "never");
  EXPECT_EQ(
      reply.body,
      absl::StrCat(FrameBytes(kMessage, R"({"n":1})"),
                   FrameBytes(kMessage, R"({"n":2})"),
                   FrameBytes(kEndStream, absl::StrCat("{", kTrail, "}"))));
}

TEST_F(ConnectStreamTest, EndIsJsonWhateverTheMessagesAre) {
  edgetest::v1::CountRequest request;
  request.set_to(1);
  const RawReply reply =
      Post(kCountProto, FrameBytes(kMessage, request.SerializeAsString()));
  EXPECT_EQ(reply.Header("content-type"), "application/connect+proto");
  EXPECT_EQ(
      reply.body,
      absl::StrCat(FrameBytes(kMessage, "\x08\x01"),
                   FrameBytes(kEndStream, absl::StrCat("{", kTrail, "}"))));
}

TEST_F(ConnectStreamTest, AStreamWithoutMessagesEndsWell) {
  EXPECT_EQ(EndOf(Count("{}")), absl::StrCat("{", kTrail, "}"));
}

TEST_F(ConnectStreamTest, EachCodeEndsAStreamWithItsNameAndDetails) {
  for (int code = 1; code <= 16; ++code) {
    const RawReply reply =
        Count(absl::StrCat(R"({"to":2,"failCode":)", code, "}"));
    const std::vector<Frame> frames = FramesOf(reply.body);
    ASSERT_EQ(frames.size(), 3) << code;
    EXPECT_EQ(frames[1].bytes, R"({"n":2})");
    EXPECT_EQ(frames[2].flags, kEndStream);
    EXPECT_THAT(
        frames[2].bytes,
        AllOf(StartsWith(ErrorStart(std::string(ConnectName(code)).c_str())),
              HasSubstr(kTrail),
              // What is INTERNAL stays inside.
              HasSubstr(code == 13 ? R"("message":"internal error")"
                                   : R"("value":"EgZkZXRhaWw")")));
  }
}

TEST_F(ConnectStreamTest, BadRequestsEndTheStreamWithAnError) {
  const std::string one = FrameBytes(kMessage, "{}");
  const struct {
    const char* headers;
    std::string body;
    const char* code;
  } kCases[] = {
      {"", "", "unimplemented"},
      {"", absl::StrCat(one, one), "unimplemented"},
      {"", FrameBytes(kPacked, "{}"), "internal"},
      {"", one.substr(0, 4), "invalid_argument"},
      {"", one.substr(0, 6), "invalid_argument"},
      {"Connect-Content-Encoding: foo\r\n", one, "unimplemented"},
      {"", absl::StrCat(std::string(1, '\0'), "\xFF\xFF\xFF\xFF", "{}"),
       "resource_exhausted"},
      {"Connect-Content-Encoding: gzip\r\n",
       FrameBytes(kPacked, Gzip(std::string(30 << 20, ' '))),
       "resource_exhausted"},
      {"Connect-Content-Encoding: gzip\r\n", FrameBytes(kPacked, "{}"),
       "invalid_argument"},
      {"", FrameBytes(kMessage, R"({"to)"), "invalid_argument"},
      {"", FrameBytes(kMessage, ""), "invalid_argument"},
      {"Connect-Timeout-Ms: abc\r\n", one, "invalid_argument"},
      {"Connect-Timeout-Ms: 12345678901\r\n", one, "invalid_argument"},
      {"Connect-Protocol-Version: 2\r\n", one, "invalid_argument"},
  };
  for (const auto& [headers, body, code] : kCases) {
    const RawReply reply = Post(absl::StrCat(kCountJson, headers), body);
    EXPECT_THAT(EndOf(reply), StartsWith(ErrorStart(code)))
        << headers << body.substr(0, 100);
  }
  EXPECT_EQ(counts().messages, 0);
}

TEST_F(ConnectStreamTest, EndOfStreamFromAClientIsRefused) {
  EXPECT_THAT(EndOf(Post(kCountJson, FrameBytes(kEndStream, "{}"))),
              AnyOf(StartsWith(ErrorStart("unimplemented")),
                    StartsWith(ErrorStart("invalid_argument"))));
}

TEST_F(ConnectStreamTest, MalformedProtoIsInvalid) {
  EXPECT_THAT(EndOf(Post(kCountProto, FrameBytes(kMessage, "\x08"))),
              StartsWith(ErrorStart("invalid_argument")));
}

TEST_F(ConnectStreamTest, UnknownEncodingIsRefusedWithTheKnownOnes) {
  const RawReply reply = Count("{}", "Connect-Content-Encoding: foo\r\n");
  EXPECT_EQ(reply.Header("connect-accept-encoding"), "gzip");
}

TEST_F(ConnectStreamTest, MessagesMayBePackedBothWays) {
  const RawReply reply =
      Post(absl::StrCat(kCountJson, "Connect-Content-Encoding: gzip\r\n",
                        "Connect-Accept-Encoding: gzip\r\n"),
           FrameBytes(kPacked, Gzip(R"({"to":1,"letters":3000})")));
  const std::vector<Frame> frames = FramesOf(reply.body);
  ASSERT_EQ(frames.size(), 2);
  if (frames[0].flags == kPacked) {
    EXPECT_EQ(reply.Header("connect-content-encoding"), "gzip");
    EXPECT_THAT(*Gunzip(frames[0].bytes, 10'000), HasSubstr("xxxx"));
  } else {
    EXPECT_THAT(frames[0].bytes, HasSubstr("xxxx"));
  }
  // The coding of the body as a whole is another thing.
  EXPECT_EQ(reply.Header("content-encoding"), "");
  // A message may be as it is nevertheless.
  EXPECT_THAT(
      FramesOf(Count(R"({"to":1})", "Connect-Content-Encoding: gzip\r\n").body),
      ::testing::SizeIs(2));
}

TEST_F(ConnectStreamTest, WhoMayNotIsToldInTheStream) {
  const auto call = [&](testing::TestKey key) {
    return RawClient(harness_.address())
        .Call(EdgeHarness::Bytes(kCountJson, FrameBytes(kMessage, "{}"), key));
  };
  EXPECT_THAT(EndOf(call(testing::kNobody)),
              StartsWith(ErrorStart("unauthenticated")));
  EXPECT_THAT(EndOf(call(testing::kDemoNoScopes)),
              StartsWith(ErrorStart("permission_denied")));
}

TEST_F(ConnectStreamTest, DeadlineEndsAStreamUnderWay) {
  const std::vector<Frame> frames =
      FramesOf(Count(kEndless, "Connect-Timeout-Ms: 300\r\n").body);
  ASSERT_EQ(frames.size(), 2);
  EXPECT_EQ(frames[0].bytes, R"({"n":1})");
  EXPECT_THAT(frames[1].bytes, StartsWith(ErrorStart("deadline_exceeded")));
  EXPECT_TRUE(WaitUntil([&] { return counts().cancelled == 1; }));
}

TEST_F(ConnectStreamTest, MessageArrivesBeforeTheNextIsMade) {
  RawClient client(harness_.address());
  client.Send(EdgeHarness::Bytes(
      kCountJson, FrameBytes(kMessage, R"({"to":2,"pauseMillis":60000})")));
  RawReply reply = client.ReadHead();
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(client.ReadUntil(reply, R"({"n":1})"));
  EXPECT_EQ(counts().messages, 1);
}

TEST_F(ConnectStreamTest, ClientThatGoesAwayCancelsTheCall) {
  {
    RawClient client(harness_.address());
    client.Send(EdgeHarness::Bytes(kCountJson, FrameBytes(kMessage, kEndless)));
    RawReply reply = client.ReadHead();
    ASSERT_TRUE(client.ReadUntil(reply, R"({"n":1})"));
    EXPECT_EQ(counts().open, 1);
  }
  const absl::Time left = absl::Now();
  EXPECT_TRUE(WaitUntil([&] { return counts().open == 0; }));
  EXPECT_LT(absl::Now() - left, absl::Seconds(1));
  EXPECT_EQ(counts().cancelled, 1);
}

TEST_F(ConnectStreamTest, RequestsBehindAStreamAreAnsweredAfterIt) {
  RawClient client(harness_.address());
  const std::string request =
      EdgeHarness::Bytes(kCountJson, FrameBytes(kMessage, R"({"to":1})"));
  client.Send(absl::StrCat(request, request));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(FramesOf(client.Read().body), ::testing::SizeIs(2));
  }
}

TEST_F(ConnectStreamTest, ClientOfHttp10GetsNoChunks) {
  std::string request =
      EdgeHarness::Bytes(kCountJson, FrameBytes(kMessage, R"({"to":1})"));
  request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
  RawClient client(harness_.address());
  client.Send(request);
  const RawReply reply = client.ReadHead();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("transfer-encoding"), "");
  EXPECT_EQ(
      client.ReadToEnd(),
      absl::StrCat(FrameBytes(kMessage, R"({"n":1})"),
                   FrameBytes(kEndStream, absl::StrCat("{", kTrail, "}"))));
}

TEST_F(ConnectStreamTest, AStreamOfRequestsIsReadToItsEnd) {
  const auto sum = [&](const std::string& body) {
    return Post(
               "POST /kith.edgetest.v1.Adder/Sum\r\n"
               "Content-Type: application/connect+json\r\n",
               body)
        .body;
  };
  EXPECT_EQ(sum(absl::StrCat(FrameBytes(kMessage, R"({"n":1})"),
                             FrameBytes(kMessage, R"({"n":2})"))),
            absl::StrCat(FrameBytes(kMessage, R"({"total":"3"})"),
                         FrameBytes(kEndStream, "{}")));
  EXPECT_EQ(sum(""), absl::StrCat(FrameBytes(kMessage, "{}"),
                                  FrameBytes(kEndStream, "{}")));
}

TEST_F(ConnectStreamTest, ReplyHasWhatAllRepliesHave) {
  EdgeHarness harness({.origins = {"https://app.example.com"}});
  const RawReply reply = harness.Call(
      absl::StrCat(kCountJson, "Origin: https://app.example.com\r\n"),
      FrameBytes(kMessage, R"({"to":1})"));
  EXPECT_EQ(reply.Header("x-trace-id").size(), 32);
  EXPECT_EQ(reply.Header("cache-control"), "no-store");
  EXPECT_EQ(reply.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(reply.Header("access-control-allow-origin"),
            "https://app.example.com");
  EXPECT_THAT(reply.Header("access-control-expose-headers"),
              HasSubstr("Connect-Content-Encoding"));
}

TEST_F(ConnectStreamTest, StreamsAreOnlyPosted) {
  const RawReply reply = harness_.Call(
      "GET /kith.edgetest.v1.Library/Count?encoding=json&message=%7B%7D");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.Header("allow"), "POST");
  for (const char* type : {"application/json", "application/proto"}) {
    EXPECT_EQ(harness_
                  .Call(absl::StrCat("POST /kith.edgetest.v1.Library/Count\r\n",
                                     "Content-Type: ", type, "\r\n"),
                        "{}")
                  .status,
              415);
  }
}

TEST(ConnectStreamLimitTest, ClientThatReadsNothingIsLeft) {
  EdgeOptions options;
  options.limits.write_time = absl::Milliseconds(200);
  EdgeHarness harness(options);
  const CountStream::Figures& counts = harness.library().counts();
  RawClient client(harness.address());
  // 2 GB, of which no more is made than buffers on the way take.
  client.Send(EdgeHarness::Bytes(
      kCountJson, FrameBytes(kMessage, R"({"to":20000,"letters":100000})")));
  EXPECT_TRUE(WaitUntil([&] { return counts.cancelled == 1; }));
  EXPECT_LT(counts.messages, 1000);
}

TEST(ConnectStreamLimitTest, DrainLetsAStreamEnd) {
  EdgeHarness harness;
  RawClient client(harness.address());
  client.Send(EdgeHarness::Bytes(
      kCountJson, FrameBytes(kMessage, R"({"to":2,"pauseMillis":200})")));
  RawReply reply = client.ReadHead();
  ASSERT_TRUE(client.ReadUntil(reply, R"({"n":1})"));
  harness.edge().Drain();
  EXPECT_TRUE(client.ReadUntil(reply, kTrail));
  while (client.ReadChunk(reply)) {
  }
  EXPECT_TRUE(reply.complete);
  EXPECT_TRUE(client.IsClosed());
}

TEST(ConnectStreamLimitTest, EndOfTheEdgeCancelsAStream) {
  EdgeHarness harness;
  RawClient client(harness.address());
  client.Send(EdgeHarness::Bytes(kCountJson, FrameBytes(kMessage, kEndless)));
  RawReply reply = client.ReadHead();
  ASSERT_TRUE(client.ReadUntil(reply, R"({"n":1})"));
  harness.DestroyEdge();
  EXPECT_TRUE(WaitUntil([&] { return harness.library().counts().open == 0; }));
}

}  // namespace
}  // namespace kith::edge
