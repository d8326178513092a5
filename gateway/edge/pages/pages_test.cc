#include "gateway/edge/pages/pages.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/text_file.h"
#include "common/testing/temporary_directory.h"
#include "gateway/edge/codecs/gzip.h"
#include "gateway/edge/openapi/embedded_descriptors.h"
#include "gateway/edge/pages/docs.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string& Long() {
  static const auto* const text = new std::string(5000, 'x');
  return *text;
}

RequestHead Head(const std::string& method, const std::string& path,
                 const Headers& headers = {}) {
  return {.method = method, .target = path, .headers = headers};
}

Reply NoReply() {
  Reply reply;
  reply.status = 0;
  return reply;
}

class PagesTest : public ::testing::Test {
 protected:
  PagesTest() {
    pages_.Add("/docs", "text/html", "<p>");
    pages_.Add("/docs/a.js", "text/javascript", Long());
    pages_.AddRedirect("/", "/docs");
  }

  Reply Get(const std::string& path, const Headers& headers = {}) const {
    return pages_.Find(Head("GET", path, headers), path).value_or(NoReply());
  }

  Pages pages_;
};

TEST_F(PagesTest, PageHasItsTypeAndLoadsNothingFromElsewhere) {
  const Reply reply = Get("/docs");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "<p>");
  EXPECT_EQ(FindHeader(reply.headers, "content-type"), "text/html");
  EXPECT_THAT(
      std::string(FindHeader(reply.headers, "content-security-policy")),
      AllOf(HasSubstr("default-src 'none'"), HasSubstr("script-src 'self';"),
            HasSubstr("frame-ancestors 'none'"), Not(HasSubstr("unsafe"))));
}

TEST_F(PagesTest, OnlyTheWholePathFindsAPage) {
  for (const char* path :
       {"/docs/", "/doc", "/docs/../docs", "/docs/%2e%2e/docs", "/docs/a.js/",
        "//docs", "/docs/../../etc/passwd", ""}) {
    EXPECT_EQ(Get(path).status, 0) << path;
  }
}

TEST_F(PagesTest, KnownEtagGetsNoBody) {
  const std::string etag(FindHeader(Get("/docs").headers, "etag"));
  for (const std::string& known :
       {etag, etag.substr(2), absl::StrCat("\"other\", ", etag),
        std::string("*")}) {
    const Reply reply = Get("/docs", {{"if-none-match", known}});
    EXPECT_EQ(reply.status, 304) << known;
    EXPECT_EQ(reply.body, "");
    EXPECT_EQ(FindHeader(reply.headers, "etag"), etag);
  }
  EXPECT_EQ(Get("/docs", {{"if-none-match", "W/\"other\""}}).status, 200);
  EXPECT_NE(FindHeader(Get("/docs/a.js").headers, "etag"), etag);
}

TEST_F(PagesTest, LongPagesArePackedForWhoTakesThat) {
  const Reply reply = Get("/docs/a.js", {{"accept-encoding", "br, gzip"}});
  EXPECT_EQ(FindHeader(reply.headers, "content-encoding"), "gzip");
  EXPECT_EQ(FindHeader(reply.headers, "vary"), "accept-encoding");
  EXPECT_EQ(Gunzip(reply.body, 10'000).value(), Long());
  EXPECT_EQ(Get("/docs/a.js").body, Long());
  EXPECT_EQ(Get("/docs", {{"accept-encoding", "gzip"}}).body, "<p>");
}

TEST_F(PagesTest, PagesAreReadAlone) {
  const auto post = pages_.Find(Head("POST", "/docs"), "/docs");
  ASSERT_TRUE(post.has_value());
  EXPECT_EQ(post->status, 405);
  EXPECT_EQ(FindHeader(post->headers, "allow"), "GET, HEAD");
  EXPECT_EQ(pages_.Find(Head("HEAD", "/docs"), "/docs")->status, 200);
}

TEST_F(PagesTest, RootLeadsToTheDocumentation) {
  const Reply reply = Get("/");
  EXPECT_EQ(reply.status, 302);
  EXPECT_EQ(FindHeader(reply.headers, "location"), "/docs");
}

class DocsTest : public ::testing::Test {
 protected:
  static Reply Get(const std::string& directory, const std::string& path) {
    const auto* const service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            "kith.gateway.v1.GatewayService");
    const auto pages = MakeDocs(Routes::Make({service}).value(),
                                EmbeddedDescriptors(), directory,
                                /*has_sessions=*/false);
    return pages->Find(Head("GET", path), path).value_or(NoReply());
  }
};

TEST_F(DocsTest, WithoutAViewerThePageListsTheMethods) {
  for (const std::string& directory :
       {std::string(), std::string("/nowhere")}) {
    const Reply list = Get(directory, "/docs");
    EXPECT_THAT(list.body,
                AllOf(HasSubstr("<code>GET /v1/customers:lookup</code>"),
                      HasSubstr("Returns everything about one customer."),
                      HasSubstr("customers.read"), Not(HasSubstr("<script"))));
    EXPECT_EQ(Get(directory, "/docs/list.css").status, 200);
    EXPECT_EQ(Get(directory, "/docs/docs.js").status, 0);
  }
  EXPECT_THAT(Get("", "/openapi.json").body, HasSubstr("\"openapi\":\"3.1"));
}

TEST_F(DocsTest, ViewerIsServedIfAllOfItIsThere) {
  const testing::TemporaryDirectory temporary;
  const std::string& directory = temporary.path();
  for (const char* name : {"docs.html", "docs.css", "docs.js", "swagger-ui.css",
                           "swagger-ui-bundle.js"}) {
    EXPECT_THAT(Get(directory, "/docs").body, HasSubstr("<table>"));
    ASSERT_TRUE(base::WriteFileAtomically(temporary.Path(name),
                                          absl::StrCat("of ", name))
                    .ok());
  }
  EXPECT_EQ(Get(directory, "/docs").body, "of docs.html");
  EXPECT_EQ(Get(directory, "/docs/swagger-ui-bundle.js").body,
            "of swagger-ui-bundle.js");
}

}  // namespace
}  // namespace kith::edge
