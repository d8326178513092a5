#include "gateway/edge/openapi/openapi.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gateway/edge/openapi/embedded_descriptors.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "kith/edgetest/v1/library.pb.h"

namespace kith::edge {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

Comments OurComments() {
  return Comments::Parse(EmbeddedDescriptors()).value();
}

Json DocumentOf(const std::string& service) {
  const auto* const found =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          service);
  return Json::parse(OpenApiDocument(Routes::Make({found}).value(),
                                     OurComments(),
                                     /*has_sessions=*/false));
}

const Json& Gateway() {
  static const auto* const document =
      new Json(DocumentOf("kith.gateway.v1.GatewayService"));
  return *document;
}

const Json& Library() {
  static const auto* const document =
      new Json(DocumentOf("kith.edgetest.v1.Library"));
  return *document;
}

std::vector<std::string> KeysOf(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

// The names of an operation's parameters in the path or the query.
std::vector<std::string> NamesOf(const Json& operation, const char* in) {
  std::vector<std::string> names;
  for (const Json& parameter : operation["parameters"]) {
    if (parameter["in"] == in) names.push_back(parameter["name"]);
  }
  return names;
}

const Json& SchemaOf(const Json& document, const std::string& message) {
  return document["components"]["schemas"][message];
}

TEST(OpenApiTest, EveryRouteIsAnOperationWithANameOfItsOwn) {
  const Json& view =
      Gateway()["paths"]["/v1/customers/{customer.contact_id}"]["get"];
  EXPECT_EQ(view["operationId"], "GetCustomerView");
  EXPECT_EQ(Gateway()["paths"]["/v1/customers:lookup"]["get"]["operationId"],
            "GetCustomerView2");
  EXPECT_THAT(KeysOf(Gateway()["paths"]["/v1/customers/{customer.contact_id}"]),
              ElementsAre("get", "patch"));
}

TEST(OpenApiTest, CommentsAreDescriptions) {
  const Json& view = Gateway()["paths"]["/v1/customers:lookup"]["get"];
  EXPECT_EQ(view["summary"], "Returns everything about one customer");
  EXPECT_THAT(std::string(view["description"]),
              StartsWith("Returns everything about one customer. A part"));
  const Json& contact = SchemaOf(Gateway(), "kith.contacts.v1.Contact");
  EXPECT_THAT(std::string(contact["properties"]["displayName"]["description"]),
              Not(IsEmpty()));
  EXPECT_THAT(
      std::string(SchemaOf(Gateway(), "kith.contacts.v1.Stage")["description"]),
      HasSubstr("\n- `STAGE_CUSTOMER`: "));
  EXPECT_THAT(std::string(Gateway()["info"]["description"]),
              HasSubstr("request_id makes a repeat of a write safe"));
}

TEST(OpenApiTest, FieldsOfRepliesAloneAreReadOnly) {
  const Json& contact = SchemaOf(Gateway(), "kith.contacts.v1.Contact");
  EXPECT_EQ(contact["properties"]["memberIds"]["readOnly"], true);
  EXPECT_FALSE(contact["properties"]["labels"].contains("readOnly"));
}

TEST(OpenApiTest, ScopesAndErrorsAreThoseOfTheOptions) {
  const Json& view = Gateway()["paths"]["/v1/customers:lookup"]["get"];
  EXPECT_EQ(view["security"].dump(), R"([{"key":["customers.read"]}])");
  EXPECT_THAT(KeysOf(view["responses"]),
              ElementsAre("200", "400", "401", "403", "404", "429", "503",
                          "504", "default"));
  EXPECT_EQ(view["responses"]["404"]["description"],
            "- `NOT_FOUND`: the tenant has no such customer.\n");
  EXPECT_THAT(
      std::string(Gateway()["paths"]["/v1/customers:batchGet"]["post"]
                           ["responses"]["429"]["description"]),
      HasSubstr("`RESOURCE_EXHAUSTED` with the reason `TOO_MANY_MEMBERS`: "));
  EXPECT_EQ(
      view["responses"]["404"]["content"]["application/json"]["schema"]["$ref"],
      "#/components/schemas/Error");
}

TEST(OpenApiTest, QueryHasShortNamesAndNoFieldThatThePathRulesOut) {
  const Json& paths = Gateway()["paths"];
  EXPECT_THAT(NamesOf(paths["/v1/customers:timeline"]["get"], "query"),
              ElementsAre("q", "channel", "namespace", "customer.contactId",
                          "pageSize", "pageToken", "kind"));
  EXPECT_THAT(
      NamesOf(paths["/v1/customers:lookup"]["get"], "query"),
      ElementsAre("q", "channel", "namespace", "customer.contactId", "readMask",
                  "interactionsSize", "includePastIdentities"));
  const Json& by_id = paths["/v1/customers/{customer.contact_id}"]["get"];
  EXPECT_THAT(NamesOf(by_id, "path"), ElementsAre("customer.contact_id"));
  EXPECT_THAT(
      NamesOf(by_id, "query"),
      ElementsAre("readMask", "interactionsSize", "includePastIdentities"));
  EXPECT_THAT(NamesOf(paths["/v1/customers"]["post"], "query"),
              ElementsAre("contactId", "requestId"));
  EXPECT_THAT(NamesOf(paths["/v1/customers:batchGet"]["post"], "query"),
              IsEmpty());
}

TEST(OpenApiTest, BodyLacksWhatThePathHas) {
  const Json& merge =
      Gateway()["paths"]["/v1/customers/{survivor.contact_id}:merge"]["post"];
  const Json& body =
      merge["requestBody"]["content"]["application/json"]["schema"];
  EXPECT_THAT(KeysOf(body["properties"]), Contains("absorbed"));
  EXPECT_THAT(KeysOf(body["properties"]), Not(Contains("survivor")));
}

TEST(OpenApiTest, PathsOfOneShapeAreOnePath) {
  const Json& paths = Library()["paths"];
  const Json& item = paths["/v1/shelves/{name.3}/books/{name.5}"];
  EXPECT_THAT(KeysOf(item), ElementsAre("get", "patch", "delete"));
  EXPECT_THAT(NamesOf(item["patch"], "path"), ElementsAre("name.3", "name.5"));
  const Json& body =
      item["patch"]["requestBody"]["content"]["application/json"]["schema"];
  EXPECT_THAT(KeysOf(body["properties"]),
              ElementsAre("displayTitle", "etag", "pages"));
  EXPECT_TRUE(paths.contains("/v1/files/{name}"));
}

TEST(OpenApiTest, StreamsAreLinesOrEvents) {
  const Json& watch =
      Gateway()["paths"]["/v1/customers/{customer.contact_id}:watch"]["get"];
  const Json& content = watch["responses"]["200"]["content"];
  EXPECT_THAT(KeysOf(content),
              ElementsAre("application/x-ndjson", "text/event-stream"));
  EXPECT_EQ(content["text/event-stream"]["schema"]["$ref"],
            "#/components/schemas/kith.gateway.v1.WatchCustomerResponse");
}

TEST(OpenApiTest, StreamsSayHowToWatchThem) {
  const Json& paths = Gateway()["paths"];
  const std::string path = "/v1/customers/{customer.contact_id}:watch";
  EXPECT_THAT(std::string(paths[path]["get"]["description"]),
              HasSubstr("'http://<address>" + path + "'"));
  EXPECT_THAT(std::string(paths["/v1/customers:lookup"]["get"]["description"]),
              Not(HasSubstr("curl")));
}

TEST(OpenApiTest, SessionsAreThereIfTheGatewayHasThem) {
  const Routes routes = Routes::Make({}).value();
  const auto paths = [&](bool has_sessions) {
    return Json::parse(
        OpenApiDocument(routes, OurComments(), has_sessions))["paths"];
  };
  EXPECT_FALSE(paths(false).contains("/v1/session"));
  EXPECT_THAT(KeysOf(paths(true)["/v1/session"]),
              ElementsAre("get", "post", "delete"));
}

TEST(OpenApiTest, BytesOfAnyTypeHaveNoSchema) {
  const Json& cover = Library()["paths"]["/v1/covers/{content_type}"]["get"];
  EXPECT_EQ(cover["responses"]["200"]["content"].dump(), R"({"*/*":{}})");
}

TEST(OpenApiTest, SameRoutesMakeTheSameBytes) {
  EXPECT_EQ(Gateway().dump(),
            DocumentOf("kith.gateway.v1.GatewayService").dump());
}

TEST(SchemasTest, FieldsHaveTheirFormInJson) {
  const Json& fields =
      SchemaOf(Library(), "kith.edgetest.v1.GetBookRequest")["properties"];
  EXPECT_EQ(fields["name"].dump(), R"({"type":"string"})");
  EXPECT_EQ(fields["pageSize"]["type"], "integer");
  EXPECT_EQ(fields["counts"].dump(),
            R"({"type":"array","items":{"type":"string","format":"int64"}})");
  const Json& filter = SchemaOf(Library(), "kith.edgetest.v1.Filter");
  const Json& of = filter["properties"];
  EXPECT_EQ(of["since"]["format"], "date-time");
  EXPECT_EQ(of["rare"]["type"], "boolean");
  EXPECT_EQ(of["mark"]["contentEncoding"], "base64");
  EXPECT_EQ(of["largeSize"]["type"], "string");
  EXPECT_EQ(of["labels"]["additionalProperties"].dump(),
            R"({"type":"string"})");
  EXPECT_EQ(of["mask"]["type"], "string");
  EXPECT_EQ(of["weight"]["oneOf"][1].dump(),
            R"({"enum":["NaN","Infinity","-Infinity"]})");
  EXPECT_EQ(of["state"]["$ref"], "#/components/schemas/kith.edgetest.v1.State");
  EXPECT_EQ(SchemaOf(Library(), "kith.edgetest.v1.State")["enum"].dump(),
            R"(["STATE_UNSPECIFIED","STATE_LENT"])");
}

TEST(SchemasTest, OneofIsOneOfItsFieldsOrNone) {
  const Json& oneof =
      SchemaOf(Library(), "kith.edgetest.v1.Filter")["allOf"][0]["oneOf"];
  ASSERT_EQ(oneof.size(), 3);
  EXPECT_EQ(oneof[0]["required"].dump(), R"(["pages"])");
  EXPECT_EQ(oneof[1]["properties"]["minutes"]["type"], "integer");
  EXPECT_EQ(oneof[2]["not"]["anyOf"].dump(),
            R"([{"required":["pages"]},{"required":["minutes"]}])");
}

TEST(CommentsTest, WhatHasNoCommentIsEmpty) {
  EXPECT_EQ(OurComments().Of(*edgetest::v1::Book::descriptor()), "");
  EXPECT_EQ(
      OurComments().Of(*google::protobuf::FileDescriptorSet::descriptor()),
      "The protocol compiler can output a FileDescriptorSet containing the "
      ".proto\nfiles it parses.");
}

TEST(CommentsTest, OtherBytesAreRefused) {
  EXPECT_EQ(Comments::Parse("no set").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(CommentsTest, FirstSentenceIsOneLine) {
  EXPECT_EQ(FirstSentence("One\nof 1.5 two. Three.\n\nFour."),
            "One of 1.5 two");
  EXPECT_EQ(FirstSentence("One.\n\nTwo."), "One");
  EXPECT_EQ(FirstSentence(""), "");
}

}  // namespace
}  // namespace kith::edge
