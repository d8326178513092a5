// gRPC-Web, by bytes over a socket: the cases of the protocol's reference.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gateway/edge/codecs/gzip.h"
#include "gateway/edge/testing/edge_harness.h"
#include "gateway/edge/testing/frames.h"
#include "gateway/edge/testing/wait.h"
#include "gmock/gmock.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "kith/edgetest/v1/library.pb.h"

namespace kith::edge {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// The flags of a frame.
constexpr int kPlain = 0;
constexpr int kGzipped = 1;
constexpr int kTrailers = 0x80;

constexpr char kWebEcho[] =
    "POST /kith.edgetest.v1.Library/Echo\r\n"
    "Content-Type: application/grpc-web+proto\r\n";
constexpr char kWebCount[] =
    "POST /kith.edgetest.v1.Library/Count\r\n"
    "Content-Type: application/grpc-web+proto\r\n";
constexpr char kTextCount[] =
    "POST /kith.edgetest.v1.Library/Count\r\n"
    "Content-Type: application/grpc-web-text\r\n";

// text = "hi".
const char* const kHi = "\x0a\x02hi";

// The fields of a frame of trailers, each of which has a line of its own.
std::map<std::string, std::string> TrailersOf(const Frame& frame) {
  EXPECT_EQ(frame.flags, kTrailers);
  std::map<std::string, std::string> fields;
  std::vector<std::string> lines = absl::StrSplit(frame.bytes, "\r\n");
  EXPECT_EQ(lines.back(), "");
  lines.pop_back();
  for (const std::string& line : lines) {
    const std::pair<std::string, std::string> field =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    EXPECT_EQ(field.first, absl::AsciiStrToLower(field.first));
    EXPECT_NE(field.first, "") << frame.bytes;
    EXPECT_TRUE(fields.insert(field).second) << line;
  }
  return fields;
}

class GrpcWebTest : public ::testing::Test {
 protected:
  // Sends a body as it is. The status is 200, whatever becomes of the call.
  RawReply Post(const std::string& head, const std::string& body) {
    RawReply reply = harness_.Call(head, body);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_TRUE(reply.complete);
    return reply;
  }

  // Sends one message.
  RawReply Echo(const edgetest::v1::EchoRequest& request) {
    return Post(kWebEcho, FrameBytes(kPlain, request.SerializeAsString()));
  }

  // The status of a reply that has no message.
  static std::string StatusOf(const RawReply& reply) {
    const std::vector<Frame> frames = FramesOf(reply.body);
    if (frames.size() != 1) return absl::StrCat(frames.size(), " frames");
    return TrailersOf(frames[0])["grpc-status"];
  }

  EdgeHarness harness_{{.message_bytes = 100'000}};
};

TEST_F(GrpcWebTest, MessageThenTrailers) {
  for (const char* type :
       {"application/grpc-web+proto", "application/grpc-web"}) {
    const RawReply reply = Post(
        absl::StrCat("POST /kith.edgetest.v1.Library/Echo\r\nContent-Type: ",
                     type, "\r\nX-Grpc-Web: 1\r\nTE: trailers\r\n"),
        FrameBytes(kPlain, kHi));
    EXPECT_THAT(reply.Header("content-type"),
                StartsWith("application/grpc-web"));
    EXPECT_EQ(reply.Header("x-lead"), "a");
    EXPECT_EQ(reply.Header("x-b-bin"), "AAEC");
    const std::vector<Frame> frames = FramesOf(reply.body);
    ASSERT_EQ(frames.size(), 2) << type;
    EXPECT_EQ(frames[0].flags, kPlain);
    EXPECT_THAT(frames[0].bytes, StartsWith(kHi));
    EXPECT_THAT(TrailersOf(frames[1]),
                ::testing::IsSupersetOf(std::map<std::string, std::string>{
                    {"grpc-status", "0"}, {"x-trail", "b"}}));
    // The status is at one place only: a client of ours would read it as a
    // reply without a message.
    EXPECT_EQ(reply.Header("grpc-status"), "");
  }
}

TEST_F(GrpcWebTest, EachCodeIsInTheTrailersWithItsDetails) {
  for (int code = 1; code <= 16; ++code) {
    edgetest::v1::EchoRequest request;
    request.set_fail_code(code);
    const std::vector<Frame> frames = FramesOf(Echo(request).body);
    ASSERT_EQ(frames.size(), 1) << code;
    auto trailers = TrailersOf(frames[0]);
    EXPECT_EQ(trailers["grpc-status"], absl::StrCat(code));
    EXPECT_EQ(trailers["x-trail"], "b");
    if (code == 13) {
      EXPECT_EQ(trailers["grpc-message"], "internal error");
      continue;
    }
    EXPECT_EQ(trailers["grpc-message"], "fail %E2%98%83 100%25");
    std::string bytes;
    ASSERT_TRUE(
        absl::Base64Unescape(trailers["grpc-status-details-bin"], &bytes));
    google::rpc::Status status;
    ASSERT_TRUE(status.ParseFromString(bytes));
    EXPECT_EQ(status.code(), code);
    EXPECT_THAT(status.details(0).type_url(),
                HasSubstr("google.rpc.DebugInfo"));
  }
}

TEST_F(GrpcWebTest, TextIsBase64BothWays) {
  const std::string frame = FrameBytes(kPlain, kHi);
  // In one part, and in several that each have padding.
  for (const std::string& body :
       {absl::Base64Escape(frame),
        absl::StrCat(absl::Base64Escape(frame.substr(0, 1)),
                     absl::Base64Escape(frame.substr(1, 4)),
                     absl::Base64Escape(frame.substr(5)))}) {
    const RawReply reply = Post(
        "POST /kith.edgetest.v1.Library/Echo\r\n"
        "Content-Type: application/grpc-web-text\r\n"
        "Accept: application/grpc-web-text\r\n",
        body);
    EXPECT_THAT(reply.Header("content-type"),
                StartsWith("application/grpc-web-text"));
    const std::vector<Frame> frames = FramesOf(Base64PartsOf(reply.body));
    ASSERT_EQ(frames.size(), 2) << reply.body;
    EXPECT_THAT(frames[0].bytes, StartsWith(kHi));
    EXPECT_EQ(TrailersOf(frames[1])["grpc-status"], "0");
  }
}

TEST_F(GrpcWebTest, TextThatIsNoBase64IsInvalid) {
  const RawReply reply = Post(
      "POST /kith.edgetest.v1.Library/Echo\r\n"
      "Content-Type: application/grpc-web-text+proto\r\n",
      "%%%%");
  const std::vector<Frame> frames = FramesOf(Base64PartsOf(reply.body));
  ASSERT_EQ(frames.size(), 1);
  EXPECT_EQ(TrailersOf(frames[0])["grpc-status"], "3");
}

TEST_F(GrpcWebTest, MessagesMayBeJson) {
  const RawReply reply = Post(
      "POST /kith.edgetest.v1.Library/Echo\r\n"
      "Content-Type: application/grpc-web+json\r\n",
      FrameBytes(kPlain, R"({"text":"hi"})"));
  EXPECT_EQ(reply.Header("content-type"), "application/grpc-web+json");
  const std::vector<Frame> frames = FramesOf(reply.body);
  ASSERT_EQ(frames.size(), 2);
  EXPECT_EQ(frames[0].bytes, R"({"text":"hi"})");
}

TEST_F(GrpcWebTest, StreamHasAFrameForEachMessage) {
  const RawReply reply = Post(kWebCount, FrameBytes(kPlain, "\x08\x03"));
  const std::vector<Frame> frames = FramesOf(reply.body);
  ASSERT_EQ(frames.size(), 4);
  EXPECT_EQ(frames[2].bytes, "\x08\x03");
  EXPECT_EQ(TrailersOf(frames[3])["grpc-status"], "0");
  EXPECT_EQ(TrailersOf(frames[3])["x-trail"], "b");
}

TEST_F(GrpcWebTest, StreamThatFailsHasItsMessagesBeforeTheError) {
  edgetest::v1::CountRequest request;
  request.set_to(2);
  request.set_fail_code(8);
  const std::vector<Frame> frames = FramesOf(
      Post(kWebCount, FrameBytes(kPlain, request.SerializeAsString())).body);
  ASSERT_EQ(frames.size(), 3);
  EXPECT_EQ(TrailersOf(frames[2])["grpc-status"], "8");
}

TEST_F(GrpcWebTest, BadRequestsHaveTheirCode) {
  const std::string one = FrameBytes(kPlain, kHi);
  const struct {
    const char* headers;
    std::string body;
    const char* code;
  } kCases[] = {
      {"", "", "12"},
      {"", absl::StrCat(one, one), "12"},
      {"", FrameBytes(kGzipped, kHi), "13"},
      {"Grpc-Encoding: foo\r\n", one, "12"},
      {"Grpc-Encoding: gzip\r\n", FrameBytes(kGzipped, kHi), "3"},
      {"Grpc-Encoding: gzip\r\n",
       FrameBytes(kGzipped, Gzip(std::string(30 << 20, 'a'))), "8"},
      {"", one.substr(0, 4), "3"},
      {"", one.substr(0, 6), "3"},
      {"", absl::StrCat(std::string(1, '\0'), "\xFF\xFF\xFF\xFF", "hi"), "8"},
      {"", FrameBytes(kPlain, "\x0a\x09"), "3"},
      {"Grpc-Timeout: 5\r\n", one, "3"},
      {"Grpc-Timeout: 123456789m\r\n", one, "3"},
  };
  for (const auto& [headers, body, code] : kCases) {
    EXPECT_EQ(StatusOf(Post(absl::StrCat(kWebEcho, headers), body)), code)
        << headers << body.substr(0, 100);
  }
  EXPECT_EQ(Post(absl::StrCat(kWebEcho, "Grpc-Encoding: foo\r\n"), one)
                .Header("grpc-accept-encoding"),
            "gzip");
}

TEST_F(GrpcWebTest, AStreamOfRequestsIsRefused) {
  EXPECT_EQ(StatusOf(Post("POST /kith.edgetest.v1.Adder/Sum\r\n"
                          "Content-Type: application/grpc-web+proto\r\n",
                          FrameBytes(kPlain, ""))),
            "12");
}

TEST_F(GrpcWebTest, HttpRefusesWhatIsNoCall) {
  RawReply reply = harness_.Call(
      "POST /kith.edgetest.v1.Library/Nope\r\n"
      "Content-Type: application/grpc-web+proto\r\n",
      FrameBytes(kPlain, ""));
  EXPECT_EQ(reply.status, 404);
  reply = harness_.Call(
      "POST /kith.edgetest.v1.Library/Echo\r\n"
      "Content-Type: application/grpc-web+foo\r\n",
      FrameBytes(kPlain, ""));
  EXPECT_EQ(reply.status, 415);
  for (const char* method : {"GET", "DELETE"}) {
    reply = harness_.Call(
        absl::StrCat(method,
                     " /kith.edgetest.v1.Library/Echo\r\n"
                     "Content-Type: application/grpc-web+proto\r\n"));
    EXPECT_EQ(reply.status, 405) << method;
  }
}

TEST_F(GrpcWebTest, MessagesMayBePackedBothWays) {
  edgetest::v1::EchoRequest request;
  request.set_letters(3000);
  const RawReply reply =
      Post(absl::StrCat(kWebEcho, "Grpc-Encoding: gzip\r\n",
                        "Grpc-Accept-Encoding: gzip,identity\r\n"),
           FrameBytes(kGzipped, Gzip(request.SerializeAsString())));
  const std::vector<Frame> frames = FramesOf(reply.body);
  ASSERT_EQ(frames.size(), 2);
  if (frames[0].flags == kGzipped) {
    EXPECT_EQ(reply.Header("grpc-encoding"), "gzip");
    EXPECT_THAT(*Gunzip(frames[0].bytes, 10'000), HasSubstr("xxxx"));
  } else {
    EXPECT_THAT(frames[0].bytes, HasSubstr("xxxx"));
  }
}

TEST_F(GrpcWebTest, WhoMayNotIsToldInTheTrailers) {
  const auto call = [&](testing::TestKey key) {
    return RawClient(harness_.address())
        .Call(EdgeHarness::Bytes(kWebEcho, FrameBytes(kPlain, ""), key));
  };
  EXPECT_EQ(StatusOf(call(testing::kNobody)), "16");
  EXPECT_EQ(StatusOf(call(testing::kDemoNoScopes)), "7");
}

TEST_F(GrpcWebTest, DeadlineEndsTheCall) {
  edgetest::v1::EchoRequest request;
  request.set_wait_millis(60'000);
  EXPECT_EQ(StatusOf(Post(absl::StrCat(kWebEcho, "Grpc-Timeout: 50m\r\n"),
                          FrameBytes(kPlain, request.SerializeAsString()))),
            "4");
}

TEST_F(GrpcWebTest, HeadersBecomeMetadata) {
  const RawReply reply =
      Post(absl::StrCat(kWebEcho,
                        "X-Foo: 1\r\nX-Grpc-Web: 1\r\n"
                        "X-User-Agent: grpc-web-javascript/0.1\r\n"),
           FrameBytes(kPlain, ""));
  edgetest::v1::EchoResponse response;
  ASSERT_TRUE(response.ParseFromString(FramesOf(reply.body)[0].bytes));
  EXPECT_THAT(response.metadata(), ::testing::Contains("x-foo: 1"));
  EXPECT_THAT(response.metadata(),
              ::testing::Not(::testing::Contains(HasSubstr("x-grpc-web"))));
}

TEST_F(GrpcWebTest, MessageOfATextStreamArrivesBeforeTheNextIsMade) {
  edgetest::v1::CountRequest request;
  request.set_to(2);
  request.set_pause_millis(60'000);
  const CountStream::Figures& counts = harness_.library().counts();
  {
    RawClient client(harness_.address());
    client.Send(EdgeHarness::Bytes(
        kTextCount,
        absl::Base64Escape(FrameBytes(kPlain, request.SerializeAsString()))));
    RawReply reply = client.ReadHead();
    EXPECT_EQ(reply.status, 200);
    // Nothing of it waits for bytes of the next one to be whole.
    EXPECT_TRUE(client.ReadUntil(
        reply, absl::Base64Escape(FrameBytes(kPlain, "\x08\x01"))));
    EXPECT_EQ(counts.messages, 1);
  }
  EXPECT_TRUE(WaitUntil([&] { return counts.cancelled == 1; }));
}

TEST_F(GrpcWebTest, ClientThatGoesAwayCancelsAUnaryCall) {
  edgetest::v1::EchoRequest request;
  request.set_wait_millis(60'000);
  {
    RawClient client(harness_.address());
    client.Send(EdgeHarness::Bytes(
        kWebEcho, FrameBytes(kPlain, request.SerializeAsString())));
    ASSERT_TRUE(WaitUntil([&] { return harness_.library().waiting() == 1; }));
  }
  EXPECT_TRUE(WaitUntil([&] { return harness_.library().cancelled() == 1; }));
}

TEST(GrpcWebOriginTest, PageMayReadWhatItNeeds) {
  EdgeHarness harness({.origins = {"https://app.example.com"}});
  const RawReply reply = harness.Call(
      absl::StrCat(kWebEcho, "Origin: https://app.example.com\r\n"),
      FrameBytes(kPlain, ""));
  EXPECT_EQ(reply.Header("access-control-allow-origin"),
            "https://app.example.com");
  EXPECT_THAT(reply.Header("access-control-expose-headers"),
              HasSubstr("Grpc-Status-Details-Bin"));
  EXPECT_EQ(reply.Header("x-trace-id").size(), 32);
}

TEST(GrpcWebOriginTest, PreflightNamesTheOriginOnce) {
  EdgeHarness harness({.origins = {"https://app.example.com"}});
  const RawReply reply = harness.Call(
      "OPTIONS /kith.edgetest.v1.Library/Echo\r\n"
      "Origin: https://app.example.com\r\n"
      "Access-Control-Request-Method: POST\r\n"
      "Access-Control-Request-Headers: "
      "authorization,content-type,grpc-timeout,x-grpc-web,x-user-agent\r\n");
  EXPECT_EQ(reply.status, 204);
  // A browser refuses a reply that has it twice, whatever it is.
  EXPECT_EQ(std::count_if(reply.headers.begin(), reply.headers.end(),
                          [](const auto& field) {
                            return field.first == "access-control-allow-origin";
                          }),
            1);
  for (const char* name :
       {"Authorization", "Content-Type", "Grpc-Timeout", "X-Grpc-Web"}) {
    EXPECT_THAT(reply.Header("access-control-allow-headers"), HasSubstr(name));
  }
}

}  // namespace
}  // namespace kith::edge
