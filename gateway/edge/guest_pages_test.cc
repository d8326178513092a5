// Pages for who has no credential, before sessions and routes.

#include "gateway/edge/pages/guest_pages.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/testing/test_keys.h"
#include "gateway/edge/testing/edge_harness.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

// Says what it was asked.
class EchoPages final : public GuestPages {
 public:
  absl::string_view RouteOf(absl::string_view path) const override {
    return absl::StartsWith(path, "/guest/") ? "/guest/{link}" : "";
  }

  bool TakesBody(absl::string_view path) const override {
    return path == "/guest/link";
  }

  size_t MostBodyBytes(absl::string_view path) const override {
    return path == "/guest/small" ? 4 : 1 << 20;
  }

  std::shared_ptr<Exchange> Answer(const Request& request,
                                   absl::string_view path,
                                   base::RequestContext trace,
                                   Handler::Done done) const override {
    done({.status = 200,
          .headers = {{"content-type", "text/plain"}},
          .body = path == "/guest/peer"
                      ? request.head.peer
                      : absl::StrCat(request.head.method, " ", path, " ",
                                     request.body, " ", trace.trace_id)});
    return nullptr;
  }
};

EdgeOptions WithGuests(const GuestPages& pages) {
  EdgeOptions options;
  options.guests = {&pages};
  return options;
}

TEST(GuestPagesTest, AnswerWithoutACredentialAndWithATrace) {
  const EchoPages pages;
  const EdgeHarness harness(WithGuests(pages));
  RawClient client(harness.address());
  const RawReply reply = client.Call(
      "POST /guest/a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
      "Cookie: kith_session=none\r\nOrigin: https://elsewhere.example\r\n"
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      "\r\n\r\nxyz");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "POST /guest/a xyz 0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(reply.Header("cache-control"), "no-store");
  EXPECT_EQ(reply.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(reply.Header("access-control-allow-origin"), "");
}

// Nobody else without a credential has the listener read on.
TEST(GuestPagesTest, WhoHasALinkSendsABodyOfAnyLength) {
  const EchoPages pages;
  EdgeOptions options = WithGuests(pages);
  options.keys = testing::TestKeys();
  const EdgeHarness harness(std::move(options));
  for (const auto& [path, status] : std::vector<std::pair<std::string, int>>{
           {"/guest/link", 200}, {"/guest/other", 401}, {"/v1/ids/a", 401}}) {
    RawClient client(harness.address());
    const RawReply reply = client.Call(absl::StrCat(
        "POST ", path,
        " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nxyz\r\n0\r\n\r\n"));
    EXPECT_EQ(reply.status, status) << path;
  }
}

TEST(GuestPagesTest, LimitTheirBodies) {
  const EchoPages pages;
  const EdgeHarness harness(WithGuests(pages));
  EXPECT_EQ(harness.Call("POST /guest/small", "1234").status, 200);
  EXPECT_EQ(harness.Call("POST /guest/small", "12345").status, 413);
  EXPECT_EQ(harness.Call("POST /guest/other", "12345").status, 200);
  RawClient client(harness.address());
  EXPECT_EQ(client
                .Call("POST /guest/small HTTP/1.1\r\nHost: a\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n"
                      "3\r\nxyz\r\n2\r\nxy\r\n0\r\n\r\n")
                .status,
            413);
}

TEST(GuestPagesTest, KnowWhoHasConnected) {
  const EchoPages pages;
  const EdgeHarness harness(WithGuests(pages));
  const RawReply reply =
      harness.Call("GET /guest/peer\r\nX-Forwarded-For: 198.51.100.1\r\n");
  EXPECT_EQ(reply.body, "127.0.0.1");
}

// Each has paths of its own.
class OtherPages final : public GuestPages {
 public:
  absl::string_view RouteOf(absl::string_view path) const override {
    return path == "/other" ? "/other" : "";
  }
  bool TakesBody(absl::string_view /*path*/) const override { return false; }
  size_t MostBodyBytes(absl::string_view /*path*/) const override { return 0; }
  std::shared_ptr<Exchange> Answer(const Request& /*request*/,
                                   absl::string_view /*path*/,
                                   base::RequestContext /*trace*/,
                                   Handler::Done done) const override {
    done({.status = 204});
    return nullptr;
  }
};

TEST(GuestPagesTest, MayBeOfSeveralKinds) {
  const EchoPages pages;
  const OtherPages others;
  EdgeOptions options;
  options.guests = {&pages, &others};
  const EdgeHarness harness(std::move(options));
  EXPECT_EQ(harness.Call("GET /guest/a").status, 200);
  EXPECT_EQ(harness.Call("GET /other").status, 204);
  EXPECT_EQ(harness.Call("GET /v1/ids/a").status, 200);
}

TEST(GuestPagesTest, LeaveOtherPathsToTheRoutes) {
  const EchoPages pages;
  const EdgeHarness harness(WithGuests(pages));
  EXPECT_EQ(harness.Call("GET /v1/ids/a").status, 200);
  EXPECT_EQ(harness.Call("GET /guest").status, 404);
  const EdgeHarness without;
  EXPECT_EQ(without.Call("GET /guest/a").status, 404);
}

}  // namespace
}  // namespace kith::edge
