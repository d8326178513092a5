#include "gateway/hooks/reading/expression.h"

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

template <typename Proto>
Proto ProtoOf(const std::string& text) {
  Proto proto;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proto))
      << text;
  return proto;
}

const Json& Root() {
  static const auto* const root = new Json(Json::parse(R"({
    "body": {
      "email": "ada@example.com", "first": "Ada", "last": "", "nothing": null,
      "id": 9007199254740993, "share": 0.25, "yes": true, "tags": ["a", 1],
      "Call.ANI": "+431", "deep": {"list": [{"x": "1"}, {"x": "2"}]},
      "Headers": [{"Name": "message-id", "Value": "<m@x>"},
                  {"Name": "Date", "Value": "today"}]},
    "query": {"utm_source": "ads"},
    "header": {"x-id": "h1"},
    "setting": {"topic": "lead"},
    "received_time": "2026-11-30T12:00:00Z"})"));
  return *root;
}

// The text of an expression, or "fault: " and why there is none.
std::string TextOfExpression(const std::string& text) {
  const auto result =
      Evaluate(ProtoOf<config::v1::Expression>(text),
               {.root = Root(), .item = Root()["body"]["deep"]["list"][1]});
  return result.ok() ? *result
                     : "fault: " + std::string(result.status().message());
}

TEST(ExpressionTest, PathsNameValues) {
  EXPECT_EQ(TextOfExpression("path: 'body.email'"), "ada@example.com");
  EXPECT_EQ(TextOfExpression("path: 'query.utm_source'"), "ads");
  EXPECT_EQ(TextOfExpression("path: 'header.x-id'"), "h1");
  EXPECT_EQ(TextOfExpression("path: 'setting.topic'"), "lead");
  EXPECT_EQ(TextOfExpression("path: 'received_time'"), "2026-11-30T12:00:00Z");
  EXPECT_EQ(TextOfExpression("path: 'item.x'"), "2");
  EXPECT_EQ(TextOfExpression("path: 'body.deep.list[0].x'"), "1");
  EXPECT_EQ(TextOfExpression("path: 'body.deep.list[x=2].x'"), "2");
  EXPECT_EQ(TextOfExpression("path: 'body.Headers[Name=Message-ID].Value'"),
            "<m@x>");
  EXPECT_EQ(TextOfExpression("path: 'body.Call\\\\.ANI'"), "+431");
}

TEST(ExpressionTest, NumbersKeepAllTheirDigits) {
  EXPECT_EQ(TextOfExpression("path: 'body.id'"), "9007199254740993");
  EXPECT_EQ(TextOfExpression("path: 'body.share'"), "0.25");
  EXPECT_EQ(TextOfExpression("path: 'body.yes'"), "true");
  EXPECT_EQ(TextOfExpression("path: 'body.tags'"), "a, 1");
}

TEST(ExpressionTest, WhatIsNotThereIsEmpty) {
  for (const char* path :
       {"body.missing", "body.nothing", "body.last", "body.email.more",
        "body.deep.list[9].x", "body.deep.list[x=9].x", "body.email[0]",
        "query.x"}) {
    EXPECT_EQ(TextOfExpression("path: '" + std::string(path) + "'"), "")
        << path;
  }
}

TEST(ExpressionTest, AnObjectIsAFaultThatSaysWhere) {
  EXPECT_EQ(TextOfExpression("path: 'body.deep'"),
            "fault: body.deep: is an object, want a text");
  EXPECT_EQ(
      TextOfExpression("path: 'body.deep.list'"),
      "fault: body.deep.list: is a list of objects or lists, want a text");
}

TEST(ExpressionTest, TemplatesJoinWhatIsThere) {
  EXPECT_EQ(TextOfExpression("template: '{body.first} {body.last}'"), "Ada");
  EXPECT_EQ(TextOfExpression("template: '{body.last} {body.first}!'"), "Ada!");
  EXPECT_EQ(TextOfExpression("template: 'a {body.last} {body.first}'"),
            "a Ada");
  EXPECT_EQ(TextOfExpression("template: 'Dear {body.last}'"), "");
  EXPECT_EQ(TextOfExpression("template: '{{{body.first}}'"), "{Ada}");
}

TEST(ExpressionTest, TheFirstThatIsNotEmptyCounts) {
  EXPECT_EQ(TextOfExpression("path: 'body.last' otherwise { path: 'body.x' } "
                             "otherwise { constant: 'c' } "
                             "otherwise { constant: 'd' }"),
            "c");
  EXPECT_EQ(TextOfExpression("path: 'body.first' otherwise { constant: 'c' }"),
            "Ada");
  // Steps are those of each.
  EXPECT_EQ(
      TextOfExpression("path: 'body.first' steps { after: '!' } "
                       "otherwise { constant: 'x!y' steps { after: '!' } }"),
      "y");
}

TEST(ExpressionTest, AFaultOfAStepNamesThePath) {
  EXPECT_EQ(TextOfExpression("path: 'body.first' steps { time { named: "
                             "NAMED_TIME_FORMAT_RFC3339 } }"),
            "fault: body.first: is no time since 1970 in the form "
            "RFC3339");
}

TEST(ExpressionTest, MalformedPathsAreRefused) {
  for (const char* path :
       {"", "bdy.x", ".x", "body.", "body..x", "body[", "body[]", "body[x]",
        "body[-1]", "body[0", "body[0]x", "body[x=1"}) {
    EXPECT_FALSE(CheckPath(path).ok()) << path;
  }
  EXPECT_EQ(CheckPath("bdy.x").message(),
            "path \"bdy.x\", want one that begins with body, item, query, "
            "header, setting, received_time, sha256");
  EXPECT_FALSE(PartsOfTemplate("a {body.x").ok());
}

TEST(ExpressionTest, PathsSayWhichNameTheyRead) {
  EXPECT_EQ(NameUnder("body.email.x", {"body", "item"}), "email");
  EXPECT_EQ(NameUnder("item[0].x", {"body", "item"}), "0");
  EXPECT_EQ(NameUnder("header.x-id", {"body", "item"}), "");
  EXPECT_EQ(NameUnder("body", {"body"}), "");
}

bool ConditionHolds(const std::string& text) {
  return Holds(ProtoOf<config::v1::Condition>(text),
               {.root = Root(), .item = Root()["body"]})
      .value();
}

TEST(ExpressionTest, ConditionsHoldOrNot) {
  EXPECT_TRUE(ConditionHolds("value { path: 'body.email' }"));
  EXPECT_FALSE(ConditionHolds("value { path: 'body.last' }"));
  EXPECT_TRUE(ConditionHolds("value { path: 'body.last' } negated: true"));
  EXPECT_TRUE(ConditionHolds("value { path: 'body.first' } in: 'x' in: 'ADA'"));
  EXPECT_FALSE(ConditionHolds("value { path: 'body.first' } in: 'x'"));
  EXPECT_TRUE(
      ConditionHolds("value { path: 'body.first' } in: 'x' negated: true"));
  EXPECT_TRUE(
      ConditionHolds("value { path: 'body.email' } starts_with: 'ada@'"));
  EXPECT_FALSE(
      ConditionHolds("value { path: 'body.email' } starts_with: 'bob@'"));
}

}  // namespace
}  // namespace kith::gateway
