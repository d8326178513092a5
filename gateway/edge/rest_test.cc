// REST by google.api.http annotations, by bytes over a socket.

#include <string>

#include "absl/strings/str_cat.h"
#include "gateway/edge/codecs/code_table.h"
#include "gateway/edge/codecs/gzip.h"
#include "gateway/edge/testing/edge_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kPostEcho[] =
    "POST /v1/echo\r\nContent-Type: application/json\r\n";

class RestTest : public ::testing::Test {
 protected:
  RawReply Call(const std::string& request, const std::string& body = "") {
    return harness_.Call(request, body);
  }

  EdgeHarness harness_{{.message_bytes = 100'000}};
};

TEST_F(RestTest, PathQueryAndBodyMakeTheCall) {
  const struct {
    const char* request;
    const char* body;
    const char* reply;
  } kCases[] = {
      {"GET /v1/shelves/1/books/2?page_size=3", "",
       R"({"request":{"name":"shelves/1/books/2","pageSize":3}})"},
      {"GET /v1/books:find?q=%28415%29%20555-2671", "",
       R"({"request":{"filter":{"title":"(415) 555-2671"}}})"},
      {"GET /v1/ids/a:b%2Fc", "", R"({"request":{"name":"a:b/c"}})"},
      {"GET /v1/files/a/b%2Fc", "", R"({"name":"a/b%2Fc"})"},
      {"PATCH /v1/shelves/1/books/2\r\nContent-Type: application/json\r\n",
       R"({"displayTitle":"T"})",
       R"({"request":{"book":{"name":"shelves/1/books/2","displayTitle":"T"},)"
       R"("updateMask":"displayTitle"}})"},
      {"DELETE /v1/shelves/1/books/2", "", "{}"},
      {"POST /v1/echoes/hi:repeat\r\nContent-Type: application/json\r\n", "{}",
       R"({"text":"hi"})"},
  };
  for (const auto& [request, body, expected] : kCases) {
    const RawReply reply = Call(request, body);
    EXPECT_EQ(reply.status, 200) << request << reply.body;
    EXPECT_EQ(reply.Header("content-type"), "application/json");
    EXPECT_EQ(reply.Header("cache-control"), "no-store");
    EXPECT_EQ(reply.body, expected);
  }
}

TEST_F(RestTest, HttpBodyPassesAsItIs) {
  const RawReply reply = Call("GET /v1/covers/image%2Fpng");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "image/png");
  EXPECT_EQ(reply.body, std::string("\x89PNG\0\r\n", 7));
}

TEST_F(RestTest, EachCodeIsAnErrorOfAip193) {
  for (int code = 1; code <= 16; ++code) {
    const RawReply reply =
        Call(kPostEcho, absl::StrCat("{\"failCode\":", code, "}"));
    EXPECT_EQ(reply.status, HttpStatusOf(code)) << code;
    EXPECT_EQ(reply.Header("content-type"), "application/json");
    EXPECT_THAT(
        reply.body,
        AllOf(StartsWith(absl::StrCat("{\"error\":{\"code\":", reply.status)),
              HasSubstr(absl::StrCat("\"status\":\"",
                                     std::string(CodeName(code)), "\""))));
    if (code != 13) {
      EXPECT_THAT(reply.body, HasSubstr("type.googleapis.com/google.rpc."));
    }
  }
}

const struct {
  const char* request;
  const char* body;
  int status;
  const char* code;
} kErrors[] = {
    {"GET /v1/nothing", "", 404, "NOT_FOUND"},
    {"GET /", "", 404, "NOT_FOUND"},
    {"GET /v1/shelves/1/books/", "", 404, "NOT_FOUND"},
    {"POST /v1/shelves/1/books/2", "", 405, "UNIMPLEMENTED"},
    {"GET /v1/books:find?page_size=x", "", 400, "INVALID_ARGUMENT"},
    {"GET /v1/books:find?nope=1", "", 400, "INVALID_ARGUMENT"},
    {"GET /v1/ids/%zz", "", 400, "INVALID_ARGUMENT"},
    {"GET /v1/ids/a\r\nGrpc-Timeout: 5\r\n", "", 400, "INVALID_ARGUMENT"},
    {"POST /v1/echo\r\nContent-Type: application/json\r\n"
     "Grpc-Timeout: 20m\r\n",
     R"({"waitMillis":60000})", 504, "DEADLINE_EXCEEDED"},
    {kPostEcho, "{\"tex", 400, "INVALID_ARGUMENT"},
    {kPostEcho, "", 400, "INVALID_ARGUMENT"},
    {"POST /v1/echo?text=a\r\nContent-Type: application/json\r\n", "{}", 400,
     "INVALID_ARGUMENT"},
    {"POST /v1/echo", "{}", 415, "INVALID_ARGUMENT"},
    {"POST /v1/echo\r\nContent-Type: text/plain\r\n", "{}", 415,
     "INVALID_ARGUMENT"},
    {"POST /v1/echo\r\nContent-Type: application/json\r\n"
     "Content-Encoding: br\r\n",
     "{}", 415, "UNIMPLEMENTED"},
    {"GET /v1/ids/a\r\nContent-Type: application/json\r\n", "{}", 400,
     "INVALID_ARGUMENT"},
};

TEST_F(RestTest, ErrorsOfTheEdgeHaveTheSameShape) {
  for (const auto& [request, body, status, code] : kErrors) {
    const RawReply reply = Call(request, body);
    EXPECT_EQ(reply.status, status) << request << reply.body;
    EXPECT_THAT(
        reply.body,
        AllOf(StartsWith(absl::StrCat("{\"error\":{\"code\":", status, ",")),
              HasSubstr(absl::StrCat("\"status\":\"", code, "\""))));
    EXPECT_NE(reply.Header("x-trace-id"), "");
  }
  EXPECT_EQ(Call("PUT /v1/shelves/1/books/2").Header("allow"),
            "DELETE, GET, PATCH");
}

TEST_F(RestTest, TooLargeABodyIsRefused) {
  for (const std::string& body :
       {std::string(100'001, ' '), std::string(400'000, ' ')}) {
    const RawReply reply = Call(kPostEcho, body);
    EXPECT_EQ(reply.status, 413);
    EXPECT_THAT(reply.body, HasSubstr("RESOURCE_EXHAUSTED"));
  }
  EXPECT_EQ(Call(absl::StrCat(kPostEcho, "Content-Encoding: gzip\r\n"),
                 Gzip(std::string(30 << 20, ' ')))
                .status,
            413);
}

TEST_F(RestTest, GzipBothWays) {
  const RawReply reply =
      Call(absl::StrCat(kPostEcho, "Content-Encoding: gzip\r\n",
                        "Accept-Encoding: gzip\r\n"),
           Gzip(R"({"letters":3000})"));
  EXPECT_EQ(reply.Header("content-encoding"), "gzip");
  EXPECT_THAT(*Gunzip(reply.body, 10'000), HasSubstr("xxxx"));
}

TEST_F(RestTest, ATraceGoesOnFromTheCaller) {
  constexpr char kTrace[] = "0af7651916cd43dd8448eb211c80319c";
  const RawReply reply = Call(absl::StrCat("GET /v1/ids/a\r\nTraceparent: 00-",
                                           kTrace, "-b7ad6b7169203331-01\r\n"));
  EXPECT_EQ(reply.Header("x-trace-id"), kTrace);
  EXPECT_NE(Call("GET /v1/ids/a").Header("x-trace-id"), kTrace);
}

}  // namespace
}  // namespace kith::edge
