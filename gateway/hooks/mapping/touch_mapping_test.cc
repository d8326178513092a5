#include "gateway/hooks/mapping/touch_mapping.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gateway/hooks/hook_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kForm[] = R"(
  tenant: "demo" source: "form" path: "/hooks/a" body: HOOK_BODY_FORM
  signature { scheme: SIGNATURE_SCHEME_NONE }
  assurance: ASSURANCE_UNAUTHENTICATED
)";
constexpr char kJson[] = R"(
  tenant: "demo" source: "script" path: "/hooks/a" body: HOOK_BODY_JSON
  signature { scheme: SIGNATURE_SCHEME_GITHUB secret_file: "s" }
  assurance: ASSURANCE_REPORTED
)";
constexpr char kFormTouch[] = R"(
  identities { channel: "EMAIL" value { path: "body.email" } }
  identities { channel: "PHONE" value { path: "body.phone" } }
  set { field: "interaction.kind" value { constant: "WEB_EVENT" } }
)";
constexpr char kJsonTouch[] = R"(
  identities { channel: "EMAIL" value { path: "item.email" } }
  set { field: "interaction.kind" value { constant: "NOTE" } }
)";

LoadedConnector FormOf(const std::string& touch, const std::string& more = "") {
  return LoadedHook(
      absl::StrCat(kForm, "touches {", kFormTouch, touch, "}", more));
}

LoadedConnector JsonOf(const std::string& touch, const std::string& more = "") {
  return LoadedHook(
      absl::StrCat(kJson, "touches {", kJsonTouch, touch, "}", more));
}

// The only touch; a failure if there are others.
v1::HookTouch OnlyTouch(const LoadedConnector& connector,
                        const v1::HookRequest& request) {
  const auto touches = TouchesOf(connector, request);
  EXPECT_TRUE(touches.ok()) << touches.status();
  EXPECT_THAT(touches.value(), SizeIs(1));
  return touches->front();
}

std::string MappingFault(const LoadedConnector& connector,
                         const v1::HookRequest& request) {
  return std::string(TouchesOf(connector, request).status().message());
}

TEST(TouchMappingTest, EmptyValuesAreLeftOut) {
  const auto touch =
      OnlyTouch(FormOf(""), FormPost("email=a%40x.example&phone=")).touch();
  ASSERT_THAT(touch.identities(), SizeIs(1));
  EXPECT_EQ(touch.identities(0).value(), "a@x.example");
  EXPECT_EQ(touch.identities(0).channel(), identity::v1::CHANNEL_EMAIL);
}

TEST(TouchMappingTest, WithoutAValueNobodyIsMeant) {
  EXPECT_EQ(MappingFault(FormOf(""), FormPost("email=&x=1")),
            "touches[0]: identities: all are empty, want a channel value");
}

TEST(TouchMappingTest, AFormNamesNoSourceAndARepeatIsKnown) {
  const auto touch = OnlyTouch(FormOf(""), FormPost("email=a")).touch();
  EXPECT_EQ(touch.interaction().source(), "");
  EXPECT_EQ(touch.interaction().external_id(), "");
  EXPECT_EQ(touch.request_id(), absl::StrCat("hook.", kHookEntry, ".0.0"));
  EXPECT_LE(touch.request_id().size(), 64U);
}

TEST(TouchMappingTest, TheEntryIsTheIdWhereTheSenderGivesNone) {
  const LoadedConnector connector =
      JsonOf("external_id { path: 'body.id' } revision { path: 'body.n' }");
  auto touch =
      OnlyTouch(connector, JsonPost(R"({"email": "a", "n": 3})")).touch();
  EXPECT_EQ(touch.interaction().source(), "script");
  EXPECT_EQ(touch.interaction().external_id(),
            absl::StrCat("journal/", kHookEntry, ".0.0"));
  EXPECT_FALSE(touch.interaction().has_source_revision());
  touch = OnlyTouch(connector, JsonPost(R"({"email": "a", "id": 7, "n": 3})"))
              .touch();
  EXPECT_EQ(touch.interaction().external_id(), "7");
  EXPECT_EQ(touch.interaction().source_revision(), 3);
  EXPECT_EQ(touch.request_id(), "");
}

TEST(TouchMappingTest, ARevisionIsANumber) {
  EXPECT_EQ(MappingFault(JsonOf("external_id { path: 'body.id' } "
                                "revision { path: 'body.n' }"),
                         JsonPost(R"({"email":"a","id":"x","n":"-1"})")),
            "touches[0]: revision: want a number from 0");
}

TEST(TouchMappingTest, EachItemIsATouch) {
  const LoadedConnector connector = JsonOf("", "each: 'body.all'");
  const auto touches = TouchesOf(
      connector, JsonPost(R"({"all": [{"email": "a"}, {"email": "b"}]})"));
  ASSERT_TRUE(touches.ok()) << touches.status();
  ASSERT_THAT(*touches, SizeIs(2));
  EXPECT_EQ((*touches)[1].touch().identities(0).value(), "b");
  EXPECT_EQ((*touches)[1].touch().interaction().external_id(),
            absl::StrCat("journal/", kHookEntry, ".1.0"));
  EXPECT_THAT(TouchesOf(connector, JsonPost(R"({"all": []})")).value(),
              IsEmpty());
  EXPECT_EQ(MappingFault(connector, JsonPost(R"({"all": {}})")),
            "body.all: want a list of at most 1000 items");
  EXPECT_EQ(MappingFault(connector, JsonPost(R"({"all": [{"email":"a"}, 1]})")),
            "body.all[1]: touches[0]: identities: all are empty, want a "
            "channel value");
}

TEST(TouchMappingTest, WhatNobodyHasThoughtOfIsAFault) {
  const LoadedConnector connector =
      JsonOf("when { value { path: 'body.type' } in: 'sale' }",
             "ignored { value { path: 'body.type' } in: 'ping' }");
  EXPECT_THAT(TouchesOf(connector, JsonPost(R"({"type": "ping"})")).value(),
              IsEmpty());
  EXPECT_THAT(MappingFault(connector, JsonPost(R"({"type": "other"})")),
              HasSubstr("the conditions of no touch hold"));
  EXPECT_TRUE(
      TouchesOf(connector, JsonPost(R"({"type": "sale", "email": "a"})")).ok());
}

TEST(TouchMappingTest, AFaultSaysWhere) {
  EXPECT_EQ(MappingFault(JsonOf("set { field: 'interaction.outcome' "
                                "value { path: 'body.outcome' } }"),
                         JsonPost(R"({"email": "a", "outcome": "GOOD"})")),
            "touches[0]: interaction.outcome: outcome: want one of "
            "ANSWERED, MISSED, VOICEMAIL, FAILED, OPT_OUT_ASKED");
}

TEST(TouchMappingTest, TheTimeIsThatOfTheEventElseOfTheArrival) {
  const LoadedConnector connector = JsonOf(
      "set { field: 'interaction.occurred_time' "
      "value { path: 'body.at' steps { time { named: "
      "NAMED_TIME_FORMAT_UNIX_SECONDS } } } }");
  EXPECT_EQ(OnlyTouch(connector, JsonPost(R"({"email":"a","at":5})"))
                .touch()
                .interaction()
                .occurred_time()
                .seconds(),
            5);
  EXPECT_EQ(OnlyTouch(connector, JsonPost(R"({"email":"a"})"))
                .touch()
                .interaction()
                .occurred_time()
                .seconds(),
            absl::ToUnixSeconds(kHookTime));
}

TEST(TouchMappingTest, AnAmountHasItsCurrency) {
  const LoadedConnector connector = LoadedHook(absl::StrCat(
      kJson,
      "touches { identities { channel: 'EMAIL' value { path: 'body.email' } } "
      "set { field: 'interaction.kind' value { constant: 'PURCHASE' } } "
      "amount { value { path: 'body.sum' } currency { path: 'body.in' } "
      "minor_units: true } }"));
  const auto touch =
      OnlyTouch(connector, JsonPost(R"({"email":"a","sum":1250,"in":"eur"})"));
  EXPECT_EQ(touch.touch().interaction().amount().amount_micros(), 12'500'000);
  EXPECT_EQ(touch.touch().interaction().amount().currency_code(), "EUR");
  EXPECT_FALSE(OnlyTouch(connector, JsonPost(R"({"email":"a"})"))
                   .touch()
                   .interaction()
                   .has_amount());
  EXPECT_EQ(MappingFault(connector, JsonPost(R"({"email":"a","sum":1})")),
            "touches[0]: currency: want three letters");
}

constexpr char kNewsletter[] = R"(
  consents {
    when { value { path: "body.news" } }
    channel: "EMAIL" purpose: "MARKETING" state: "PENDING" method: "FORM"
    text_id: "t1" page { path: "body.page" } topic { constant: "shoes" }
  }
)";

TEST(TouchMappingTest, AWordIsForTheValueOfItsChannel) {
  const LoadedConnector connector = FormOf(kNewsletter);
  const auto touch =
      OnlyTouch(connector, FormPost("email=a&phone=1&news=on&page=p"));
  ASSERT_THAT(touch.consents(), SizeIs(1));
  const v1::RecordConsentRequest& request = touch.consents(0);
  EXPECT_EQ(request.value().value(), "a");
  EXPECT_EQ(request.customer().value().value(), "a");
  EXPECT_EQ(request.request_id(), absl::StrCat("hook.", kHookEntry, ".0.0.c0"));
  const identity::v1::Consent& consent = request.consent();
  EXPECT_EQ(consent.state(), identity::v1::CONSENT_STATE_PENDING);
  EXPECT_EQ(consent.purpose(), identity::v1::CONSENT_PURPOSE_MARKETING);
  EXPECT_EQ(consent.captured_by(), identity::v1::CONSENT_CAPTURER_PERSON);
  EXPECT_EQ(consent.method(), identity::v1::CONSENT_METHOD_FORM);
  EXPECT_EQ(consent.text().text_id(), "t1");
  EXPECT_EQ(consent.evidence().uri(), "p");
  EXPECT_EQ(consent.topic(), "shoes");
  EXPECT_EQ(consent.captured_time().seconds(), absl::ToUnixSeconds(kHookTime));
}

TEST(TouchMappingTest, WithoutTheBoxOrTheValueThereIsNoWord) {
  const LoadedConnector connector = FormOf(kNewsletter);
  EXPECT_THAT(OnlyTouch(connector, FormPost("email=a")).consents(), IsEmpty());
  EXPECT_THAT(OnlyTouch(connector, FormPost("phone=1&news=on")).consents(),
              IsEmpty());
}

TEST(TouchMappingTest, OtherFieldsBecomeAttributes) {
  const LoadedConnector connector = FormOf("rest { except: 'oid' }");
  const auto touch = OnlyTouch(
      connector,
      FormPost("email=a&oid=00D&00N50=x&Favourite+Colour=red&empty=&n=1&n=2"));
  EXPECT_THAT(
      touch.touch().interaction().attributes(),
      UnorderedElementsAre(Pair("field_00n50", "x"),
                           Pair("favourite_colour", "red"), Pair("n", "1, 2")));
}

TEST(TouchMappingTest, NoMoreAttributesThanAnInteractionMayHave) {
  std::string form = "email=a";
  for (int i = 0; i < 100; ++i) absl::StrAppend(&form, "&f", i, "=1");
  absl::StrAppend(&form, "&aa=", std::string(2'000, 'x'));
  const auto touch = OnlyTouch(FormOf("rest {}"), FormPost(form)).touch();
  EXPECT_THAT(touch.interaction().attributes(), SizeIs(64));
  EXPECT_EQ(touch.interaction().attributes().at("aa").size(), 1'000U);
}

TEST(TouchMappingTest, AFormSaysNothingOfWhatKithHasFoundOfIt) {
  const auto touch =
      OnlyTouch(FormOf("rest {}"),
                FormPost("email=a&verdict=HUMAN&Verdict+Reason=x"))
          .touch();
  EXPECT_THAT(touch.interaction().attributes(),
              UnorderedElementsAre(Pair("field_verdict", "HUMAN"),
                                   Pair("field_verdict_reason", "x")));
}

// Else a form would have the affiliate of its choice beside those of its visit.
TEST(TouchMappingTest, AFormSaysNothingOfTheTouchesOfItsVisit) {
  const std::string longest = "last." + std::string(80, 'x');
  const auto touch =
      OnlyTouch(
          FormOf("rest {}"),
          FormPost("email=a&first.affiliate=me&firsthand=1&" + longest + "=2"))
          .touch();
  EXPECT_THAT(touch.interaction().attributes(),
              UnorderedElementsAre(
                  Pair("field_first.affiliate", "me"), Pair("firsthand", "1"),
                  Pair("field_last." + std::string(53, 'x'), "2")));
}

TEST(TouchMappingTest, ATextOfAllTouchesDoesNotGrowWithoutEnd) {
  const LoadedConnector connector = JsonOf(
      "set { field: 'interaction.body' "
      "value { path: 'body.text' steps { at_most: 50000 } } }",
      "each: 'body.all'");
  const auto request = [](int items) {
    std::string body =
        absl::StrCat(R"({"text":")", std::string(50'000, 'x'), R"(","all":[)");
    for (int i = 0; i < items; ++i) {
      absl::StrAppend(&body, i == 0 ? "" : ",", R"({"email":"a"})");
    }
    return JsonPost(body + "]}");
  };
  EXPECT_THAT(TouchesOf(connector, request(150)).value(), SizeIs(150));
  EXPECT_THAT(MappingFault(connector, request(200)),
              HasSubstr("more than 1000 touches or 8388608 bytes of them"));
}

// Else a replay would take one touch for another that is recorded.
TEST(TouchMappingTest, APlaceStaysWhenOthersAreIgnored) {
  constexpr char kTwoTouches[] = R"(
    touches {
      when { value { path: "item.kind" } in: "sale" }
      identities { channel: "EMAIL" value { path: "item.email" } }
      set { field: "interaction.kind" value { constant: "NOTE" } }
    }
  )";
  const v1::HookRequest request =
      JsonPost(R"({"all": [{"email":"a"}, {"email":"b","kind":"sale"}]})");
  const auto places = [&](const std::string& more) {
    const LoadedConnector connector =
        JsonOf("", absl::StrCat("each: 'body.all'", kTwoTouches, more));
    const Json root = ReadHook(connector.config, request, kHookTime).value();
    const auto mapped = MapTouches({.config = connector.config,
                                    .named_fields = connector.named_fields,
                                    .root = root,
                                    .entry_id = kHookEntry,
                                    .receive_time = kHookTime});
    std::vector<int32_t> found;
    for (const PlacedTouch& each : mapped.value()) found.push_back(each.place);
    return found;
  };
  EXPECT_THAT(places(""), ElementsAre(0, 50, 51));
  EXPECT_THAT(places("ignored { value { path: 'item.email' } in: 'a' }"),
              ElementsAre(50, 51));
}

constexpr char kSuspect[] = R"(
  suspect {
    honeypots: "body.website"
    shown_time { path: "body.shown" steps {
      time { named: NAMED_TIME_FORMAT_UNIX_SECONDS } } }
    min_seconds: 3
  }
)";

TEST(TouchMappingTest, AMachineIsSuspectedAndNotDropped) {
  const LoadedConnector connector = FormOf("rest {}", kSuspect);
  const auto attributes = [&](const std::string& form) {
    return OnlyTouch(connector, FormPost("email=a" + form))
        .touch()
        .interaction()
        .attributes();
  };
  EXPECT_THAT(attributes("&website=x"),
              UnorderedElementsAre(Pair("verdict", "SUSPECT"),
                                   Pair("verdict_reason", "HONEYPOT website")));
  EXPECT_THAT(
      attributes(absl::StrCat("&shown=", absl::ToUnixSeconds(kHookTime) - 2)),
      Contains(Pair("verdict_reason", "TOO_QUICK 2 s")));
  EXPECT_THAT(
      attributes(absl::StrCat("&shown=", absl::ToUnixSeconds(kHookTime) - 3)),
      Not(Contains(Pair("verdict", "SUSPECT"))));
  // The form itself says when it was shown.
  EXPECT_THAT(attributes("&shown=yesterday&website="), IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
