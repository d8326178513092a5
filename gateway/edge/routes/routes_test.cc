// Path templates, the trie of them, and routes from descriptors.

#include "gateway/edge/routes/routes.h"

#include <string>

#include "gateway/edge/routes/path_template.h"
#include "gateway/edge/routes/route_trie.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "kith/edgetest/v1/library.pb.h"

namespace kith::edge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(PathTemplateTest, TakesTheSyntaxOfHttpProto) {
  const auto parsed =
      PathTemplate::Parse("/v1/{name=shelves/*/books/*}/{rest=**}:archive");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->segments.size(), 6);
  EXPECT_EQ(parsed->verb, "archive");
  ASSERT_EQ(parsed->variables.size(), 2);
  EXPECT_EQ(parsed->variables[0].field, "name");
  EXPECT_EQ(parsed->variables[0].begin, 1);
  EXPECT_EQ(parsed->variables[0].end, 5);
  EXPECT_TRUE(parsed->variables[1].to_end);
}

TEST(PathTemplateTest, RefusesWhatIsNoTemplate) {
  for (const char* bad : {"", "v1", "/", "/v1/", "/v1//a", "/v1/{}", "/v1/{a",
                          "/v1/a}", "/v1/{a=**}/b", "/v1/**/b", "/v1/{a}/{a}",
                          "/v1/{a={b}}", "/v1:", "/v1:a:b", "/v1:a/b",
                          "/v1/{a}b", "/v1/a*", "/v1?a=b", "/v1/{a=}"}) {
    EXPECT_FALSE(PathTemplate::Parse(bad).ok()) << bad;
  }
}

class RouteTrieTest : public ::testing::Test {
 protected:
  void Add(const char* method, const char* path) {
    ASSERT_EQ(trie_.Add(method, *PathTemplate::Parse(path), next_++),
              std::nullopt);
  }
  RouteTrie::Match Find(const char* method, const char* path) {
    return *trie_.Find(method, path);
  }

  RouteTrie trie_;
  int next_ = 0;
};

TEST_F(RouteTrieTest, LiteralGoesBeforeOneAndOneBeforeTheRest) {
  Add("GET", "/v1/{rest=**}");
  Add("GET", "/v1/{one}");
  Add("GET", "/v1/literal");
  Add("GET", "/v1/literal/{one}/end");
  EXPECT_EQ(Find("GET", "/v1/literal").route, 2);
  EXPECT_EQ(Find("GET", "/v1/other").route, 1);
  EXPECT_EQ(Find("GET", "/v1/a/b").route, 0);
  // Where the literal leads nowhere, the others are tried.
  EXPECT_EQ(Find("GET", "/v1/literal/x/other").route, 0);
  EXPECT_EQ(Find("GET", "/v1/literal/x/end").route, 3);
  EXPECT_EQ(Find("GET", "/v2/literal").route, -1);
}

TEST_F(RouteTrieTest, EmptySegmentsMatchNothing) {
  Add("GET", "/v1/{one}");
  Add("GET", "/v1/all/{rest=**}");
  for (const char* path :
       {"/v1/", "/v1//", "/", "", "/v1", "/v1/all/", "//v1/a", "/v1/a/"}) {
    EXPECT_EQ(Find("GET", path).route, -1) << path;
  }
}

TEST_F(RouteTrieTest, VerbIsWhatIsKnownAndElsePartOfTheId) {
  Add("POST", "/v1/x/{id}:archive");
  Add("GET", "/v1/x/{id}");
  Add("POST", "/v1/x:merge");
  const auto archive = Find("POST", "/v1/x/a:b:archive");
  EXPECT_EQ(archive.route, 0);
  EXPECT_THAT(archive.variables, ElementsAre(Pair("id", "a:b")));
  const auto id = Find("GET", "/v1/x/a:b");
  EXPECT_EQ(id.route, 1);
  EXPECT_THAT(id.variables, ElementsAre(Pair("id", "a:b")));
  EXPECT_THAT(Find("GET", "/v1/x/a:").variables, ElementsAre(Pair("id", "a:")));
  EXPECT_THAT(Find("GET", "/v1/x/a%3Aarchive").variables,
              ElementsAre(Pair("id", "a:archive")));
  EXPECT_EQ(Find("POST", "/v1/x:merge").route, 2);
  EXPECT_EQ(Find("POST", "/v1/x:split").route, -1);
}

TEST_F(RouteTrieTest, SegmentsAreDecodedAndBordersAreNot) {
  Add("GET", "/v1/one/{id}");
  Add("GET", "/v1/{name=shelves/*/books/*}");
  Add("GET", "/v1/files/{path=**}");
  EXPECT_THAT(Find("GET", "/v1/one/a%2Fb%20c").variables,
              ElementsAre(Pair("id", "a/b c")));
  EXPECT_THAT(Find("GET", "/v1/shelves/1%202/books/a%2Fb").variables,
              ElementsAre(Pair("name", "shelves/1 2/books/a%2Fb")));
  EXPECT_THAT(Find("GET", "/v1/files/a/b%2fc/d").variables,
              ElementsAre(Pair("path", "a/b%2fc/d")));
  EXPECT_THAT(Find("GET", "/v1/files/a").variables,
              ElementsAre(Pair("path", "a")));
  EXPECT_EQ(Find("GET", "/v1/%6Fne/a").route, 0);
  EXPECT_TRUE(
      absl::IsInvalidArgument(trie_.Find("GET", "/v1/one/%zz").status()));
}

TEST_F(RouteTrieTest, SaysWhichMethodsAPathHas) {
  Add("GET", "/v1/x/{id}");
  Add("DELETE", "/v1/x/{id}");
  EXPECT_THAT(Find("PUT", "/v1/x/a").allowed, ElementsAre("DELETE", "GET"));
  EXPECT_THAT(Find("PUT", "/v1/y/a").allowed, IsEmpty());
}

TEST_F(RouteTrieTest, NamesTheRouteThatTakesTheSame) {
  Add("GET", "/v1/x/{id}");
  EXPECT_EQ(trie_.Add("GET", *PathTemplate::Parse("/v1/x/{name}"), 7), 0);
  EXPECT_EQ(trie_.Add("POST", *PathTemplate::Parse("/v1/x/{name}"), 8),
            std::nullopt);
}

const google::protobuf::ServiceDescriptor& LibraryDescriptor() {
  return *edgetest::v1::EchoRequest::descriptor()->file()->service(0);
}

TEST(RoutesTest, ReadsTheAnnotations) {
  const auto routes = Routes::Make({&LibraryDescriptor()});
  ASSERT_TRUE(routes.ok()) << routes.status();
  EXPECT_EQ(routes->FindMethod("/kith.edgetest.v1.Library/Echo")->name(),
            "Echo");
  EXPECT_EQ(routes->FindMethod("/kith.edgetest.v1.Library/echo"), nullptr);
  EXPECT_TRUE(routes->IsRpcPath("/kith.edgetest.v1.Library/Nope"));
  EXPECT_FALSE(routes->IsRpcPath("/v1/echo"));
  const auto echo = *routes->FindRest("POST", "/v1/echoes/a:repeat");
  ASSERT_NE(echo.route, nullptr);
  EXPECT_EQ(echo.route->method->name(), "Echo");
  EXPECT_EQ(echo.route->pattern, "/v1/echoes/{text}:repeat");
  EXPECT_TRUE(echo.route->body_is_request);
  const auto patch = *routes->FindRest("PATCH", "/v1/shelves/1/books/2");
  ASSERT_NE(patch.route, nullptr);
  EXPECT_EQ(patch.route->body->name(), "book");
  EXPECT_THAT((*routes->FindRest("POST", "/v1/shelves/1/books/2")).allowed,
              ElementsAre("DELETE", "GET", "PATCH"));
}

// A service with methods whose annotations are given.
absl::Status MakeRoutes(const std::vector<std::string>& options) {
  std::string text = R"(
    name: "t.proto" package: "t" syntax: "proto3"
    dependency: "google/api/annotations.proto"
    dependency: "kith/common/v1/common.proto"
    message_type { name: "M"
      field { name: "a" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
      field { name: "l" number: 2 type: TYPE_STRING label: LABEL_REPEATED }
      field { name: "m" number: 3 type: TYPE_MESSAGE type_name: ".t.M"
              label: LABEL_OPTIONAL } }
    service { name: "S" )";
  for (size_t i = 0; i < options.size(); ++i) {
    text += R"(method { name: "R)" + std::to_string(i) +
            R"(" input_type: ".t.M" output_type: ".t.M" options { )" +
            options[i] + " } }";
  }
  google::protobuf::FileDescriptorProto file;
  if (!google::protobuf::TextFormat::ParseFromString(text + "}", &file)) {
    return absl::InternalError("bad test");
  }
  google::protobuf::DescriptorPool pool(
      google::protobuf::DescriptorPool::generated_pool());
  const auto* const built = pool.BuildFile(file);
  if (built == nullptr) return absl::InternalError("bad test");
  return Routes::Make({built->service(0)}).status();
}

std::string Http(const std::string& rule) {
  return "[google.api.http] { " + rule + " }";
}

TEST(RoutesTest, StartFailsForAWrongAnnotation) {
  EXPECT_TRUE(MakeRoutes({Http("get: '/v1/{a}'"), ""}).ok());
  EXPECT_TRUE(MakeRoutes({Http("post: '/v1/{m.a}' body: 'm'")}).ok());
  const struct {
    std::vector<std::string> options;
    const char* fault;
  } kCases[] = {
      {{Http("get: '/v1/{a}'"), Http("get: '/v1/{m.a}'")},
       "GET /v1/{m.a} and /v1/{a} of R0 take the same requests"},
      {{Http("get: '/v1/{b}'")}, "no such field"},
      {{Http("get: '/v1/{l}'")}, "a list in a path"},
      {{Http("get: '/v1/{m}'")}, "a message; name a field of it"},
      {{Http("get: 'v1'")}, "path template"},
      {{Http("get: '/v1' body: '*'")}, "a GET or DELETE with a body"},
      {{Http("post: '/v1' body: 'b'")}, "has no field b"},
      {{Http("post: '/v1' body: 'a'")}, "the body is no single message"},
      {{Http("get: '/v1' response_body: 'b'")}, "has no field b"},
      {{Http("custom { kind: 'HEAD' path: '/v1' }")}, "want one of get"},
      {{Http("get: '/v1'") +
        "[kith.common.v1.query_parameters] { name: 'q' field: 'b' }"},
       "no such field"},
      {{Http("get: '/v1'") +
        "[kith.common.v1.query_parameters] { name: 'a' field: 'a' }"},
       "two meanings"},
  };
  for (const auto& [options, fault] : kCases) {
    const absl::Status status = MakeRoutes(options);
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << options[0];
    EXPECT_THAT(std::string(status.message()), HasSubstr(fault));
    EXPECT_THAT(std::string(status.message()), HasSubstr("t.S.R"));
  }
}

}  // namespace
}  // namespace kith::edge
