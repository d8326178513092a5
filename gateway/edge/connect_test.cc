// Connect unary, by bytes over a socket: the cases of the protocol's reference.

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gateway/edge/codecs/code_table.h"
#include "gateway/edge/codecs/gzip.h"
#include "gateway/edge/testing/edge_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/edgetest/v1/library.pb.h"

namespace kith::edge {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

#define LIBRARY "/kith.edgetest.v1.Library"
constexpr char kEcho[] =
    "POST " LIBRARY "/Echo\r\nContent-Type: application/json\r\n";
constexpr char kEchoProto[] =
    "POST " LIBRARY "/Echo\r\nContent-Type: application/proto\r\n";

class ConnectTest : public ::testing::Test {
 protected:
  RawReply Call(const std::string& request, const std::string& body = "") {
    return harness_.Call(request, body);
  }
  RawReply Get(const std::string& query) {
    return Call(absl::StrCat("GET " LIBRARY "/GetBook?", query));
  }

  EdgeHarness harness_{{.message_bytes = 100'000}};
};

TEST_F(ConnectTest, JsonIsThatOfProtobuf) {
  const RawReply reply = Call(
      kEcho, R"({"text":"hi","bigNumber":"9007199254740993","blob":"AAEC"})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "application/json");
  EXPECT_EQ(reply.body,
            R"({"text":"hi","bigNumber":"9007199254740993","blob":"AAEC"})");
}

TEST_F(ConnectTest, MetadataAreHeadersAndTrailers) {
  const RawReply reply = Call(kEcho, "{}");
  EXPECT_EQ(reply.Header("x-lead"), "a");
  EXPECT_EQ(reply.Header("x-b-bin"), "AAEC");
  EXPECT_EQ(reply.Header("trailer-x-trail"), "b");
  EXPECT_THAT(reply.Header("date"),
              ::testing::MatchesRegex(
                  "[A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ [0-9]+ [0-9:]+ GMT"));
}

TEST_F(ConnectTest, EachCodeHasItsStatusNameAndDetails) {
  for (int code = 1; code <= 16; ++code) {
    const RawReply reply =
        Call(kEcho, absl::StrCat("{\"failCode\":", code, "}"));
    EXPECT_EQ(reply.status, HttpStatusOf(code)) << code;
    EXPECT_EQ(reply.Header("content-type"), "application/json");
    // What is INTERNAL stays inside.
    EXPECT_EQ(reply.body,
              code == 13
                  ? R"({"code":"internal","message":"internal error"})"
                  : absl::StrCat("{\"code\":\"", std::string(ConnectName(code)),
                                 "\",\"message\":\"fail \xE2\x98\x83 100%\","
                                 "\"details\":[{\"type\":"
                                 "\"google.rpc.DebugInfo\",\"value\":"
                                 "\"EgZkZXRhaWw\"}]}"));
    EXPECT_EQ(reply.Header("trailer-x-trail"), "b");
  }
}

TEST_F(ConnectTest, ErrorOfAProtoCallIsJson) {
  edgetest::v1::EchoRequest request;
  request.set_fail_code(5);
  const RawReply reply = Call(kEchoProto, request.SerializeAsString());
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.Header("content-type"), "application/json");
}

TEST_F(ConnectTest, GetTakesTheMessageFromTheQuery) {
  RawReply reply =
      Get("encoding=json&message=%7B%22name%22%3A%22x%22%7D&connect=v1");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"request":{"name":"x"}})");
  reply = Get("new=1&message=CgF4&base64=1&encoding=proto&connect=v1");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "application/proto");
  EXPECT_EQ(reply.body, "\x0a\x03\x0a\x01x");
  const std::string packed = absl::WebSafeBase64Escape(Gzip(R"({"name":"x"})"));
  reply = Get("encoding=json&base64=1&compression=gzip&message=" + packed);
  EXPECT_EQ(reply.status, 200) << reply.body;
}

TEST_F(ConnectTest, GetIsRefusedWithoutWhatItNeeds) {
  EXPECT_EQ(Get("encoding=json").status, 400);
  EXPECT_EQ(Get("message=%7B%7D").status, 415);
  EXPECT_EQ(Get("encoding=xml&message=x").status, 415);
  EXPECT_EQ(Get("encoding=proto&base64=1&message=%2A").status, 400);
  EXPECT_EQ(Get("encoding=json&message=%7B%7D&connect=v2").status, 400);
  EXPECT_EQ(Get("encoding=json&message=%7B%7D&compression=br").status, 501);
  EXPECT_EQ(Get("encoding=json&message=%zz").status, 400);
}

TEST_F(ConnectTest, MethodsOfHttpAreThoseOfTheMethod) {
  RawReply reply = Call("GET " LIBRARY "/Echo?encoding=json&message=%7B%7D");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.Header("allow"), "POST");
  EXPECT_THAT(reply.body, StartsWith("{\"code\":\"unimplemented\""));
  reply = Call("DELETE " LIBRARY "/GetBook");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.Header("allow"), "GET, POST");
  RawClient client(harness_.address());
  client.Send(EdgeHarness::Bytes("HEAD " LIBRARY "/GetBook", ""));
  EXPECT_EQ(client.Read(/*head=*/true).status, 405);
  // No body came with it.
  EXPECT_EQ(client.Call(EdgeHarness::Bytes(kEcho, "{}")).status, 200);
}

TEST_F(ConnectTest, UnknownMethodHasAConnectError) {
  for (const char* path : {"/Nope", "/echo", "/", ""}) {
    const RawReply reply =
        Call(absl::StrCat("POST " LIBRARY, path,
                          "\r\nContent-Type: application/json\r\n"),
             "{}");
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_THAT(reply.body, StartsWith("{\"code\":\"unimplemented\""));
  }
}

TEST_F(ConnectTest, TypesOfMessages) {
  const auto type = [&](const char* method, const char* type) {
    return Call(absl::StrCat("POST " LIBRARY, method,
                             "\r\nContent-Type: ", type, "\r\n"),
                "{}");
  };
  EXPECT_EQ(type("/Echo", "application/json; charset=utf-8").status, 200);
  EXPECT_EQ(type("/Echo", "Application/JSON").status, 200);
  for (const char* bad : {"image/jpeg", "application/connect+json",
                          "application/grpc", "text/plain", ""}) {
    const RawReply reply = type("/Echo", bad);
    EXPECT_EQ(reply.status, 415) << bad;
    EXPECT_EQ(reply.Header("accept-post"),
              "application/json, application/proto");
  }
  EXPECT_EQ(type("/Count", "application/json").status, 415);
}

TEST_F(ConnectTest, UnknownCodingIsRefusedWithTheKnownOnes) {
  const RawReply reply =
      Call(absl::StrCat(kEcho, "Content-Encoding: foo\r\n"), "{}");
  EXPECT_EQ(reply.status, 501);
  EXPECT_EQ(reply.Header("accept-encoding"), "gzip");
}

TEST_F(ConnectTest, GzipBothWays) {
  const RawReply reply =
      Call(absl::StrCat(kEcho, "Content-Encoding: gzip\r\n",
                        "Accept-Encoding: br, gzip;q=0.8\r\n"),
           Gzip(R"({"letters":3000})"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-encoding"), "gzip");
  EXPECT_LT(reply.body.size(), 200);
  EXPECT_THAT(*Gunzip(reply.body, 10'000), HasSubstr("xxxx"));
  for (const char* accepted : {"identity", "gzip;q=0", "br"}) {
    EXPECT_EQ(Call(absl::StrCat(kEcho, "Accept-Encoding: ", accepted, "\r\n"),
                   R"({"letters":3000})")
                  .Header("content-encoding"),
              "")
        << accepted;
  }
}

TEST_F(ConnectTest, EmptyBodyIsNotUnpacked) {
  EXPECT_EQ(Call(absl::StrCat(kEchoProto, "Content-Encoding: gzip\r\n")).status,
            200);
}

TEST_F(ConnectTest, TooLargeAMessageIsRefusedPackedOrNot) {
  const RawReply bomb = Call(absl::StrCat(kEcho, "Content-Encoding: gzip\r\n"),
                             Gzip(std::string(30 << 20, ' ')));
  EXPECT_EQ(bomb.status, 429);
  EXPECT_THAT(bomb.body, StartsWith("{\"code\":\"resource_exhausted\""));
  const RawReply large = Call(kEcho, std::string(100'001, ' '));
  EXPECT_EQ(large.status, 429);
  EXPECT_THAT(large.body, StartsWith("{\"code\":\"resource_exhausted\""));
}

TEST_F(ConnectTest, BadMessagesAreInvalid) {
  for (const char* body : {R"({"tex)", "", "[]", R"({"text":1})"}) {
    const RawReply reply = Call(kEcho, body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_THAT(reply.body, StartsWith("{\"code\":\"invalid_argument\""));
  }
  EXPECT_EQ(Call(kEcho, R"({"new":{"a":[1]}})").status, 200);
  EXPECT_EQ(Call(kEchoProto, "").status, 200);
  const RawReply reply = Call(kEchoProto, "\x0a\x09");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, StartsWith("{\"code\":\"invalid_argument\""));
  // Text that is not UTF-8.
  EXPECT_EQ(Call(kEchoProto, "\x0a\x01\xC3").status, 400);
}

TEST_F(ConnectTest, DeepJsonIsRefusedAtOnce) {
  const absl::Time start = absl::Now();
  const RawReply reply =
      Call(kEcho, absl::StrCat(R"({"extra":{"a":)", std::string(90'000, '[')));
  EXPECT_EQ(reply.status, 400);
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(500));
}

TEST_F(ConnectTest, DeadlineEndsTheCall) {
  const RawReply reply = Call(absl::StrCat(kEcho, "Connect-Timeout-Ms: 50\r\n"),
                              R"({"waitMillis":60000})");
  EXPECT_EQ(reply.status, 504);
  EXPECT_THAT(reply.body, StartsWith("{\"code\":\"deadline_exceeded\""));
  EXPECT_EQ(
      Call(absl::StrCat(kEcho, "Connect-Timeout-Ms: 9999999999\r\n"), "{}")
          .status,
      200);
  for (const char* bad : {"abc", "12345678901", "-1"}) {
    EXPECT_EQ(
        Call(absl::StrCat(kEcho, "Connect-Timeout-Ms: ", bad, "\r\n"), "{}")
            .status,
        400)
        << bad;
  }
}

TEST_F(ConnectTest, VersionIsOneOrNotGiven) {
  EXPECT_EQ(
      Call(absl::StrCat(kEcho, "Connect-Protocol-Version: 1\r\n"), "{}").status,
      200);
  EXPECT_EQ(
      Call(absl::StrCat(kEcho, "Connect-Protocol-Version: 2\r\n"), "{}").status,
      400);
}

TEST_F(ConnectTest, HeadersBecomeMetadata) {
  const RawReply reply =
      Call(absl::StrCat(kEcho, "X-Foo: 1\r\nX-Foo: 2\r\nX-A-Bin: aGk\r\n",
                        "X-B-Bin: aGk=\r\nX-Forwarded-For: 10.0.0.1\r\n",
                        "X-User-Id: 7\r\n"),
           "{}");
  EXPECT_THAT(reply.body,
              AllOf(HasSubstr("\"x-foo: 1\""), HasSubstr("\"x-foo: 2\""),
                    HasSubstr("\"x-a-bin: hi\""), HasSubstr("\"x-b-bin: hi\""),
                    Not(HasSubstr("forwarded")), Not(HasSubstr("x-user"))));
}

TEST_F(ConnectTest, HeadersThatGrpcAbortsForAreLeftOut) {
  for (const char* header :
       {"x-foo: caf\xC3\xA9", "x!foo: 1", "x-foo: a\tb", "x-foo-bin: %%%"}) {
    EXPECT_EQ(Call(absl::StrCat(kEcho, header, "\r\n"), "{}").status, 200)
        << header;
  }
}

TEST_F(ConnectTest, TooManyHeadersForTheServiceAreRefused) {
  const RawReply reply = Call(
      absl::StrCat(kEcho, "X-Large: ", std::string(8000, 'a'), "\r\n"), "{}");
  EXPECT_EQ(reply.status, 429);
}

TEST_F(ConnectTest, TheGateIsTheOneOfGrpc) {
  const auto call = [&](testing::TestKey key) {
    return RawClient(harness_.address())
        .Call(EdgeHarness::Bytes(kEcho, "{}", key));
  };
  EXPECT_EQ(call(testing::kDemo).status, 200);
  const RawReply nobody = call(testing::kNobody);
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(nobody.Header("www-authenticate"), "Bearer");
  EXPECT_THAT(nobody.body, StartsWith("{\"code\":\"unauthenticated\""));
  EXPECT_EQ(call(testing::kDemoNoScopes).status, 403);
  EXPECT_EQ(call(testing::kDemoPublic).status, 403);
}

TEST(ConnectLimitTest, LimitOfAKeySaysWhenToComeBack) {
  config::v1::CallLimits limits;
  limits.set_calls_per_second(0.1);
  EdgeHarness harness({}, limits);
  EXPECT_EQ(harness.Call(kEcho, "{}").status, 200);
  const RawReply reply = harness.Call(kEcho, "{}");
  EXPECT_EQ(reply.status, 429);
  EXPECT_THAT(reply.Header("retry-after"),
              ::testing::MatchesRegex("[1-9][0-9]*"));
}

}  // namespace
}  // namespace kith::edge
