// HTTP itself: what is refused, limits, order, CORS, drain.

#include <grpcpp/server_builder.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gateway/edge/testing/edge_harness.h"
#include "gateway/edge/testing/wait.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kPost[] = "POST /v1/echo\r\nContent-Type: application/json\r\n";

const char* const kMalformed[] = {
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    "xchunked\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, "
    "chunked\r\n\r\n0\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    "identity\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    "chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: "
    "5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    "chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "POST /v1/echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: "
    "chunked\r\n\r\n0\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: "
    "0\r\nContent-Length: 0\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length : 0\r\n\r\n",
    "GET /v1/ids/a HTTP/1.1\r\n\r\n",
    "GET /v1/ids/a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET /v1/ids/a HTTP/1.1\r\nHost: a b\r\n\r\n",
    "GET /v1/ids/a HTTP/1.1\r\nHost: u@a\r\n\r\n",
    "GET /v1/ids/a HTTP/1.1\r\nHost: a\r\nX-Fold: a\r\n b\r\n\r\n",
    "GET /v1/ids/a HTTP/1.1\r\n Host: a\r\n\r\n",
    "GET /v1/ids/a HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
    "GET /v1/ids/a HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    "GET /v1/ids/a HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: "
    "b\r\n\r\n",
    "GET /v1/ids/a HTTP/2.0\r\nHost: a\r\n\r\n",
    "GET /v1/ids/a HTTP/1.2\r\nHost: a\r\n\r\n",
    "GET  /v1/ids/a HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /v1/ids/a\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\x16\x03\x01\x02\x01\x01\r\n\r\n",
};

TEST(HttpTest, BodiesOfAllRequestsHaveALimitTogether) {
  EdgeOptions options;
  options.limits.all_bodies_bytes = 300'000;
  EdgeHarness harness(options);
  const std::string text(200'000, 'x');
  RawClient first(harness.address());
  first.Send(EdgeHarness::Bytes(
      kPost, R"({"wait_millis":60000,"text":")" + text + "\"}"));
  ASSERT_TRUE(WaitUntil([&] { return harness.library().waiting() == 1; }));
  const std::string bytes =
      EdgeHarness::Bytes(kPost, R"({"text":")" + text + "\"}");
  RawClient second(harness.address());
  const RawReply refused = second.Call(bytes);
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("UNAVAILABLE"));
  EXPECT_TRUE(second.IsClosed());
  first.Close();
  EXPECT_TRUE(WaitUntil(
      [&] { return RawClient(harness.address()).Call(bytes).status == 200; }));
}

TEST(HttpTest, AStreamIsSentWholeWhateverRepliesMayHaveTogether) {
  EdgeOptions options;
  options.limits.all_bodies_bytes = 1;
  const EdgeHarness harness(options);
  const RawReply reply = harness.Call("GET /v1/numbers?to=2");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.complete);
  EXPECT_THAT(reply.body, HasSubstr("\"n\":2"));
}

TEST(HttpTest, AProxysTargetAndAnEmptyLineBeforeARequestAreTaken) {
  const EdgeHarness harness;
  const std::string bytes =
      EdgeHarness::Bytes("GET http://edge.example.com/v1/ids/a", "");
  EXPECT_EQ(RawClient(harness.address()).Call("\r\n" + bytes).status, 200);
}

TEST(HttpTest, ALineOfAChunkHasALimit) {
  const EdgeHarness harness;
  const std::string head = EdgeHarness::Bytes(
      "POST /v1/echo\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n",
      "");
  for (const std::string& body :
       {"2;" + std::string(200'000, 'x'),
        "2\r\n{}\r\n0\r\nx: " + std::string(200'000, 'x')}) {
    RawClient client(harness.address());
    client.Send(head + body);
    EXPECT_EQ(client.Read().status, 400);
  }
}

TEST(HttpTest, ALargeBodyIsReadOfWhoIsKnown) {
  EdgeOptions options;
  options.keys = testing::TestKeys();
  const EdgeHarness harness(options);
  const std::string body = R"({"text":")" + std::string(100'000, 'x') + "\"}";
  const std::string bytes = EdgeHarness::Bytes(
      "POST /v1/echo\r\nContent-Type: application/json\r\n", body);
  EXPECT_EQ(RawClient(harness.address()).Call(bytes).status, 200);
  std::string unknown = bytes.substr(0, bytes.size() - body.size());
  unknown.replace(unknown.find("Bearer"), 6, "Bearex");
  // Before any of its body.
  RawClient client(harness.address());
  const RawReply refused = client.Call(unknown);
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, HasSubstr("UNAUTHENTICATED"));
  client.Close();
}

TEST(HttpTest, RefusesWhatTwoParsersReadDifferently) {
  EdgeHarness harness;
  const std::string hidden = "GET /v1/ids/hidden HTTP/1.1\r\nHost: a\r\n\r\n";
  std::vector<std::string> requests(std::begin(kMalformed),
                                    std::end(kMalformed));
  requests.push_back(absl::StrCat("GET /v1/ids/a HTTP/1.1\r\nHost: a\r\nX: a",
                                  std::string(1, '\0'), "b\r\n\r\n"));
  for (const std::string& request : requests) {
    RawClient client(harness.address());
    client.Send(request + hidden);
    const RawReply reply = client.Read();
    EXPECT_EQ(reply.status, 400) << request;
    EXPECT_THAT(reply.body, StartsWith("{\"error\":{\"code\":400,"));
    EXPECT_EQ(reply.Header("x-trace-id").size(), 32);
    EXPECT_EQ(reply.Header("connection"), "close") << request;
    // Nothing answers what is hidden behind it.
    EXPECT_TRUE(client.IsClosed()) << request;
  }
}

TEST(HttpTest, RefusalOnAPathOfConnectIsOfConnect) {
  EdgeHarness harness;
  const RawReply reply =
      RawClient(harness.address())
          .Call(
              "POST /kith.edgetest.v1.Library/Echo HTTP/1.1\r\nHost: "
              "a\r\nHost: b\r\n\r\n");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, StartsWith("{\"code\":\"invalid_argument\""));
}

TEST(HttpTest, ChunkedBodyIsReadAndItsTrailersAreNoHeaders) {
  EdgeHarness harness;
  RawClient client(harness.address());
  const std::string head = absl::StrCat(
      "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: "
      "application/json\r\nTransfer-Encoding: chunked\r\nAuthorization: ",
      testing::Authorization(testing::kDemo), "\r\n\r\n");
  RawReply reply = client.Call(absl::StrCat(
      head, "1\r\n{\r\nB;x=y\r\n\"text\":\"a\"}\r\n0\r\nX-Evil: 1\r\n\r\n"));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.body, R"({"text":"a"})");
  reply = client.Call(absl::StrCat(head, "zz\r\n{}\r\n0\r\n\r\n"));
  EXPECT_EQ(reply.status, 400);
  EXPECT_TRUE(client.IsClosed());
}

TEST(HttpTest, ChunkedBodyHasTheLimitOfAll) {
  EdgeHarness harness({.message_bytes = 1000});
  RawClient client(harness.address());
  const RawReply reply = client.Call(
      absl::StrCat("POST /v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                   "chunked\r\n\r\n7d0\r\n",
                   std::string(2000, ' '), "\r\n0\r\n\r\n"));
  EXPECT_EQ(reply.status, 413);
  EXPECT_TRUE(client.IsClosed());
}

TEST(HttpTest, RepliesComeInOrder) {
  EdgeHarness harness;
  RawClient client(harness.address());
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    requests += EdgeHarness::Bytes(
        kPost, absl::StrCat(R"({"text":")", i, R"(","waitMillis":)",
                            i % 2 == 0 ? 5 : 0, "}"));
  }
  client.Send(requests);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.Read().body, absl::StrCat(R"({"text":")", i, "\"}"));
  }
}

TEST(HttpTest, BytesMayComeOneByOne) {
  EdgeHarness harness;
  RawClient client(harness.address());
  for (const char byte : EdgeHarness::Bytes(kPost, "{}")) {
    client.Send(std::string(1, byte));
  }
  EXPECT_EQ(client.Read().status, 200);
}

TEST(HttpTest, Http10IsClosedAfterTheReply) {
  EdgeHarness harness;
  RawClient client(harness.address());
  EXPECT_EQ(client.Call("GET /v1/ids/a HTTP/1.0\r\n\r\n").status, 401);
  EXPECT_TRUE(client.IsClosed());
}

TEST(HttpTest, EndlessHeadIsRefused) {
  EdgeHarness harness;
  RawClient client(harness.address());
  client.Send("GET /v1/ids/a HTTP/1.1\r\nX: ");
  const std::string part(4096, 'a');
  for (int i = 0; i < 5; ++i) client.Send(part);
  EXPECT_EQ(client.Read().status, 431);
  EXPECT_TRUE(client.IsClosed());
}

TEST(HttpTest, LargeBodyIsRefusedBeforeItIsSent) {
  EdgeHarness harness;
  RawClient client(harness.address());
  const RawReply reply = client.Call(
      "POST /v1/echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
      "Content-Length: 99999999999\r\n\r\n");
  EXPECT_EQ(reply.status, 413);
  EXPECT_TRUE(client.IsClosed());
}

TEST(HttpTest, ExpectedBodyIsAskedFor) {
  EdgeHarness harness;
  RawClient client(harness.address());
  std::string request =
      EdgeHarness::Bytes(absl::StrCat(kPost, "Expect: 100-continue\r\n"), "{}");
  request.resize(request.size() - 2);
  client.Send(request);
  EXPECT_EQ(client.Read().status, 100);
  EXPECT_EQ(client.Call("{}").status, 200);
  EXPECT_EQ(
      client.Call(EdgeHarness::Bytes("GET /v1/ids/a\r\nExpect: tea\r\n", ""))
          .status,
      417);
}

EdgeOptions Hasty() {
  EdgeOptions options;
  options.limits.head_time = absl::Milliseconds(100);
  options.limits.body_time = absl::Milliseconds(100);
  options.limits.idle_time = absl::Milliseconds(100);
  return options;
}

TEST(HttpTest, SlowAndIdleConnectionsAreClosed) {
  EdgeHarness harness(Hasty());
  RawClient idle(harness.address());
  RawClient slow_head(harness.address());
  slow_head.Send("GET /v1/ids/a HTTP/1.1\r\n");
  RawClient slow_body(harness.address());
  slow_body.Send(
      "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{");
  EXPECT_TRUE(idle.IsClosed());
  EXPECT_TRUE(slow_head.IsClosed());
  EXPECT_TRUE(slow_body.IsClosed());
}

TEST(HttpTest, BytesOfASlowHeadDoNotKeepItOpen) {
  EdgeHarness harness(Hasty());
  RawClient client(harness.address());
  client.Send("GET /v1/ids/a HTTP/1.1\r\nX: ");
  EXPECT_TRUE(WaitUntil([&] { return !client.Send("a"); }));
}

TEST(HttpTest, SlowCallKeepsItsConnection) {
  EdgeHarness harness(Hasty());
  EXPECT_EQ(harness.Call(kPost, R"({"waitMillis":400})").status, 200);
}

TEST(HttpTest, TooManyConnectionsAreClosed) {
  EdgeOptions options;
  options.limits.connections = 2;
  EdgeHarness harness(options);
  RawClient one(harness.address());
  EXPECT_EQ(one.Call(EdgeHarness::Bytes("GET /v1/ids/a", "")).status, 200);
  {
    RawClient two(harness.address());
    EXPECT_EQ(two.Call(EdgeHarness::Bytes("GET /v1/ids/a", "")).status, 200);
    EXPECT_TRUE(RawClient(harness.address()).IsClosed());
  }
  EXPECT_TRUE(
      WaitUntil([&] { return harness.Call("GET /v1/ids/a").status == 200; }));
}

TEST(HttpTest, ClientThatGoesAwayCancelsItsCall) {
  EdgeHarness harness;
  {
    RawClient client(harness.address());
    client.Send(EdgeHarness::Bytes(kPost, R"({"waitMillis":60000})"));
    ASSERT_TRUE(WaitUntil([&] { return harness.library().waiting() == 1; }));
  }
  EXPECT_TRUE(WaitUntil([&] { return harness.library().cancelled() == 1; }));
}

TEST(HttpTest, DrainLetsCallsEndAndClosesIdleConnections) {
  EdgeHarness harness;
  RawClient idle(harness.address());
  EXPECT_EQ(idle.Call(EdgeHarness::Bytes("GET /v1/ids/a", "")).status, 200);
  RawClient busy(harness.address());
  busy.Send(EdgeHarness::Bytes(kPost, R"({"waitMillis":200})") +
            EdgeHarness::Bytes(kPost, "{}"));
  ASSERT_TRUE(WaitUntil([&] { return harness.library().waiting() == 1; }));
  harness.edge().Drain();
  EXPECT_TRUE(idle.IsClosed());
  const RawReply reply = busy.Read();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("connection"), "close");
  EXPECT_TRUE(busy.IsClosed());
  EXPECT_FALSE(RawClient(harness.address()).Send("GET / HTTP/1.1\r\n\r\n") &&
               RawClient(harness.address()).Send("x"));
}

TEST(HttpTest, EndOfTheEdgeCancelsWhatIsUnderWay) {
  EdgeHarness harness;
  RawClient client(harness.address());
  client.Send(EdgeHarness::Bytes(kPost, R"({"waitMillis":60000})"));
  ASSERT_TRUE(WaitUntil([&] { return harness.library().waiting() == 1; }));
  harness.DestroyEdge();
  EXPECT_TRUE(client.IsClosed());
  EXPECT_TRUE(WaitUntil([&] { return harness.library().waiting() == 0; }));
}

TEST(HttpTest, PagesOfListedOriginsMayCall) {
  EdgeHarness harness({.origins = {"https://app.example.com"}});
  const std::string origin = "Origin: https://app.example.com\r\n";
  const std::string preflight =
      "OPTIONS /v1/echo\r\nAccess-Control-Request-Method: POST\r\n";
  RawReply reply = harness.Call(preflight + origin);
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.Header("access-control-allow-origin"),
            "https://app.example.com");
  EXPECT_EQ(reply.Header("access-control-max-age"), "7200");
  reply = harness.Call(preflight + "Origin: https://evil.example.com\r\n");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.Header("access-control-allow-origin"), "");
  for (const char* request : {"GET /v1/ids/a\r\n", "GET /v1/nothing\r\n",
                              "GET /v1/ids/a\r\nHost: second\r\n",
                              "POST /kith.edgetest.v1.Library/Nope\r\n"}) {
    reply = harness.Call(request + origin);
    EXPECT_EQ(reply.Header("access-control-allow-origin"),
              "https://app.example.com")
        << request;
    EXPECT_EQ(reply.Header("vary"), "Origin");
    EXPECT_THAT(reply.Header("access-control-expose-headers"),
                HasSubstr("X-Trace-Id"));
  }
}

TEST(EdgeTest, StartSaysWhyItFails) {
  auth::KeyLimiter limiter{config::v1::CallLimits()};
  EdgeHarness harness;
  grpc::ServerBuilder builder;
  const auto server = builder.BuildAndStart();
  const auto start = [&](const std::string& address, const char* service) {
    return Edge::Start({.address = address}, {service}, *server).status();
  };
  EXPECT_TRUE(absl::IsNotFound(start("127.0.0.1:0", "no.Service")));
  const char* const service = "kith.edgetest.v1.Library";
  EXPECT_TRUE(absl::IsUnavailable(start(harness.address(), service)));
  for (const char* bad : {"", "127.0.0.1", "example.com:80", "127.0.0.1:70000",
                          "127.0.0.1:x", ":80"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(start(bad, service))) << bad;
  }
  EXPECT_TRUE(start("[::1]:0", service).ok());
}

}  // namespace
}  // namespace kith::edge
