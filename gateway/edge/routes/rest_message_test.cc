#include "gateway/edge/routes/rest_message.h"

#include <string>

#include "common/status/rpc_status.h"
#include "gmock/gmock.h"
#include "google/api/httpbody.pb.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "kith/edgetest/v1/library.pb.h"

namespace kith::edge {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RestMessageTest : public ::testing::Test {
 protected:
  RestMessageTest() {
    const auto* const service =
        edgetest::v1::EchoRequest::descriptor()->file()->service(0);
    routes_ = *Routes::Make({service});
  }

  // The request of a call in one line, or the fault.
  std::string Read(const char* method, const std::string& target_text,
                   const std::string& body = "") {
    const Target target = *ParseTarget(target_text);
    const auto match = *routes_.FindRest(method, target.path);
    const auto bytes = messages_.Request(match, target.query, body);
    if (!bytes.ok()) return std::string(bytes.status().message());
    const auto& type = *match.route->method->input_type();
    const std::unique_ptr<google::protobuf::Message> message(
        google::protobuf::MessageFactory::generated_factory()
            ->GetPrototype(&type)
            ->New());
    message->ParseFromString(*bytes);
    return message->ShortDebugString();
  }

  const JsonCodec json_{*google::protobuf::DescriptorPool::generated_pool()};
  const RestMessages messages_{
      json_, *google::protobuf::MessageFactory::generated_factory()};
  Routes routes_;
};

TEST_F(RestMessageTest, PathAndQueryMakeTheRequest) {
  EXPECT_EQ(Read("GET", "/v1/shelves/1/books/2?page_size=3&filter.title=a+b"),
            "name: \"shelves/1/books/2\" page_size: 3 "
            "filter { title: \"a b\" }");
  EXPECT_EQ(Read("GET", "/v1/books:find?pageSize=3&counts=1&counts=-2"),
            "page_size: 3 counts: 1 counts: -2");
  EXPECT_EQ(Read("GET", "/v1/books:find?q=%28415%29%20555-2671"),
            "filter { title: \"(415) 555-2671\" }");
  EXPECT_EQ(Read("GET", "/v1/ids/a:b%2Fc"), "name: \"a:b/c\"");
}

TEST_F(RestMessageTest, QueryTakesEachTypeOfField) {
  EXPECT_EQ(Read("GET",
                 "/v1/books:find?filter.languages=de&filter.languages=en"
                 "&filter.since=2026-11-29T10:00:00Z&filter.rare=true"
                 "&filter.weight=1.5&filter.state=STATE_LENT&filter.mark=AAE"
                 "&filter.mask=displayTitle,name&filter.size=4294967295"
                 "&filter.largeSize=18446744073709551615&filter.price=0.5"),
            "filter { languages: \"de\" languages: \"en\" "
            "since { seconds: 1795946400 } rare: true weight: 1.5 "
            "state: STATE_LENT mark: \"\\000\\001\" "
            "mask { paths: \"display_title\" paths: \"name\" } "
            "size: 4294967295 large_size: 18446744073709551615 price: 0.5 }");
}

TEST_F(RestMessageTest, QueryThatDoesNotFitIsRefusedWithoutItsValue) {
  for (const char* query :
       {"page_size=secret", "page_size=", "page_size=99999999999",
        "filter.rare=secret", "filter.rare=1", "filter.state=secret",
        "filter.state=7", "filter.since=secret", "filter.since=%22secret",
        "filter.mark=secret!", "counts=secret", "filter.size=-1",
        "filter.weight=secret", "filter.title=%C3"}) {
    const std::string fault =
        Read("GET", std::string("/v1/books:find?") + query);
    EXPECT_THAT(fault, HasSubstr("does not fit")) << query;
    EXPECT_THAT(fault, Not(HasSubstr("secret"))) << query;
  }
}

TEST_F(RestMessageTest, QueryFieldsMustBeKnownAndFree) {
  const struct {
    const char* query;
    const char* fault;
  } kCases[] = {
      {"nope=1", "nope: no such field of GetBookRequest"},
      {"filter=1", "filter: a message; name a field of it"},
      {"filter.nope=1", "no such field"},
      {"filter.labels=1", "a message; name a field of it"},
      {"page_size.x=1", "no such field"},
      {"filter.mask=a(b)", "filter.mask: "},
      {"page_size=1&pageSize=2", "page_size: given twice"},
      {"q=a&filter.title=b", "filter.title: given twice"},
      {"name=x", "name: is in the path or the body, not in the query"},
      {"filter.pages=1&filter.minutes=2", "filter.minutes: excludes pages"},
  };
  for (const auto& [query, fault] : kCases) {
    EXPECT_THAT(Read("GET", std::string("/v1/shelves/1/books/2?") + query),
                HasSubstr(fault));
  }
  EXPECT_EQ(Read("GET", "/v1/books:find?page_size=3&pageSize=3"),
            "page_size: 3");
}

TEST_F(RestMessageTest, FaultNamesTheFieldForPrograms) {
  const auto match = *routes_.FindRest("GET", "/v1/books:find");
  const auto fault = status::FindDetail<google::rpc::BadRequest>(
      messages_.Request(match, {{"pageSize", "x"}}, "").status());
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->field_violations(0).field(), "page_size");
}

TEST_F(RestMessageTest, BodyIsTheRequestOrAFieldOfIt) {
  EXPECT_EQ(Read("POST", "/v1/echo", R"({"text":"a","bigNumber":"7"})"),
            "text: \"a\" big_number: 7");
  EXPECT_EQ(Read("POST", "/v1/echoes/b:repeat", R"({"bigNumber":"7"})"),
            "text: \"b\" big_number: 7");
  EXPECT_THAT(Read("POST", "/v1/echo?text=a", "{}"),
              HasSubstr("the query must be empty"));
  EXPECT_THAT(Read("POST", "/v1/echo", ""), HasSubstr("is not JSON"));
  EXPECT_THAT(Read("GET", "/v1/books:find", "{}"), HasSubstr("takes no body"));
}

TEST_F(RestMessageTest, BodyMayRepeatWhatThePathHasAndNotContradictIt) {
  EXPECT_EQ(Read("POST", "/v1/echoes/b:repeat", R"({"text":"b"})"),
            "text: \"b\"");
  EXPECT_EQ(Read("POST", "/v1/echoes/b:repeat", R"({"text":""})"),
            "text: \"b\"");
  const std::string fault =
      Read("POST", "/v1/echoes/b:repeat", R"({"text":"secret"})");
  EXPECT_THAT(fault, HasSubstr("text: the body has another value"));
  EXPECT_THAT(fault, Not(HasSubstr("secret")));
  EXPECT_EQ(Read("PATCH", "/v1/shelves/1/books/2",
                 R"({"name":"shelves/1/books/2","pages":3})"),
            "book { name: \"shelves/1/books/2\" pages: 3 } "
            "update_mask { paths: \"pages\" }");
  EXPECT_THAT(
      Read("PATCH", "/v1/shelves/1/books/2", R"({"name":"shelves/1/books/3"})"),
      HasSubstr("book.name: the body has another value"));
}

TEST_F(RestMessageTest, PatchChangesWhatTheBodyNames) {
  EXPECT_EQ(Read("PATCH", "/v1/shelves/1/books/2?request_id=r",
                 R"({"displayTitle":"","pages":4,"etag":"e","new":1})"),
            "book { name: \"shelves/1/books/2\" etag: \"e\" pages: 4 } "
            "update_mask { paths: \"display_title\" paths: \"pages\" } "
            "request_id: \"r\"");
  EXPECT_EQ(Read("PATCH", "/v1/shelves/1/books/2?updateMask=pages",
                 R"({"display_title":"x","pages":3})"),
            "book { name: \"shelves/1/books/2\" display_title: \"x\" pages: 3 }"
            " update_mask { paths: \"pages\" }");
  EXPECT_THAT(Read("PATCH", "/v1/shelves/1/books/2?book.pages=3", "{}"),
              HasSubstr("is in the path or the body"));
}

TEST_F(RestMessageTest, ReplyIsJsonOrAFieldOfItOrBytes) {
  edgetest::v1::GetBookResponse response;
  response.mutable_request()->set_page_size(3);
  const auto reply = [&](const char* path, const std::string& bytes) {
    return *messages_.Reply(*routes_.FindRest("GET", path)->route, bytes);
  };
  EXPECT_EQ(reply("/v1/ids/a", response.SerializeAsString()).bytes,
            R"({"request":{"pageSize":3}})");
  EXPECT_EQ(reply("/v1/files/a", response.SerializeAsString()).bytes,
            R"({"pageSize":3})");
  EXPECT_EQ(reply("/v1/files/a", "").bytes, "{}");
  google::api::HttpBody cover;
  cover.set_content_type("image/png");
  cover.set_data(std::string("\x89PNG\0", 5));
  const auto content = reply("/v1/covers/a", cover.SerializeAsString());
  EXPECT_EQ(content.type, "image/png");
  EXPECT_EQ(content.bytes, cover.data());
}

}  // namespace
}  // namespace kith::edge
