#include "gateway/hooks/connector_validation.h"

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "gateway/hooks/hook_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kGood[] = R"(
  tenant: "demo" source: "form" path: "/hooks/a" body: HOOK_BODY_FORM
  signature { scheme: SIGNATURE_SCHEME_GITHUB secret_file: "s" }
  assurance: ASSURANCE_REPORTED
  touches {
    identities { channel: "EMAIL" value { path: "body.email" } }
    set { field: "interaction.kind" value { constant: "NOTE" } }
  }
)";

// The faults of a good connector over which this is laid.
std::vector<std::string> FaultsWith(const std::string& change) {
  auto connector = HookProto<config::v1::Connector>(kGood);
  connector.MergeFrom(HookProto<config::v1::Connector>(change));
  return FaultsOf(connector);
}

std::vector<std::string> FaultsOfTouch(const std::string& touch) {
  auto connector = HookProto<config::v1::Connector>(kGood);
  connector.mutable_touches(0)->MergeFrom(
      HookProto<config::v1::TouchMapping>(touch));
  return FaultsOf(connector);
}

// A change of a good connector, and a part of what is said of it.
struct FaultCase {
  const char* change;
  const char* fault;
};

TEST(ConnectorValidationTest, AGoodConnectorHasNoFault) {
  EXPECT_THAT(FaultsWith(""), IsEmpty());
}

TEST(ConnectorValidationTest, AnExpressionIsNotLongerThanAnybodyWouldWrite) {
  const auto faults = [](size_t size) {
    return FaultsWith("idempotency_key { template: '" + std::string(size, 'x') +
                      "' }");
  };
  EXPECT_THAT(faults(10'000), IsEmpty());
  EXPECT_THAT(faults(10'001),
              ElementsAre("idempotency_key: is too long, want at most 10000 "
                          "bytes"));
}

constexpr FaultCase kConnectorCases[] = {
    // The door acts with the key of the gateway, which may.
    {"source: 'kith.visit'",
     "source: \"kith.visit\", want another: the gateway alone records visits"},
    {"source: 'Form'", "source: \"Form\", want [a-z0-9][a-z0-9_.-]{0,63}"},
    {"path: '/v1/a'",
     "path: \"/v1/a\", want /hooks/ and 1 to 200 characters of "
     "[A-Za-z0-9._~/-], no \"..\""},
    {"path: '/hooks/'", "path: \"/hooks/\", want"},
    {"idempotency_key { key_template: '{body.a}/{bdy.b}' }",
     "idempotency_key: path \"bdy.b\", want one that begins with"},
    {"idempotency_key { key_template: '{body.a' }",
     R"(idempotency_key: template, want a "}" for each "{")"},
    {"path: '/hooks/../v1'", "no \"..\""},
    {"path: '/hooks/a?b'", "want /hooks/"},
    {"methods: 'PUT'", "methods: \"PUT\", want POST or GET"},
    {"rate { per_second: 0.09 }", "rate.per_second: 0.09, want 0.1 to 10000"},
    {"rate { per_second: 10001 }", "rate.per_second: 10001, want"},
    {"rate { per_second: nan }", "rate.per_second: nan, want"},
    {"rate { per_second_and_address: 0 }",
     "rate.per_second_and_address: 0, want 0.1 to 10000"},
    {"signature { scheme: SIGNATURE_SCHEME_NONE }",
     "assurance: want UNAUTHENTICATED, as the signature is NONE"},
    {"signature { scheme: SIGNATURE_SCHEME_NONE }",
     "signature.secret_file: want none"},
    {"signature { tolerance_seconds: 0 }",
     "signature.tolerance_seconds: 0, want 1 to 3600"},
    {"signature { scheme: SIGNATURE_SCHEME_TOKEN }",
     "signature.token_path: \"\", want header.NAME or query.NAME"},
    {"signature { token_path: 'query.t' }", "and none for others"},
    {"assurance: ASSURANCE_UNAUTHENTICATED each: 'body.rows'",
     "each: want none of an UNAUTHENTICATED connector"},
    {"each: 'rows'", "each: path \"rows\", want one that begins with"},
    {"idempotency_key { }", "idempotency_key: has no value, want"},
    {"repeat_seconds: 4000", "repeat_seconds: 4000, want 0 to 3600"},
    {"ignored { in: 'x' }", "ignored[0].value: has no value"},
    {"answer { status: 500 }", "answer.status: 500, want 200 to 204"},
    {"answer { body: 'x' }", "answer.body: want a body and its"},
    {"answer { redirect { hosts: 'https://x' } }",
     "answer.redirect.hosts: \"https://x\", want a host such as"},
    {"answer { redirect { hosts: 'x.example' "
     "otherwise: 'https://y.example/' } }",
     "answer.redirect.otherwise: \"https://y.example/\", want https "
     "and one of the hosts"},
    {"suspect { honeypots: 'x' }", "suspect.honeypots: path \"x\""},
    {"suspect { min_seconds: 601 }",
     "suspect.min_seconds: 601, want 0 to 600"}};

TEST(ConnectorValidationTest, EveryFaultSaysWhatIsThereAndWhatIsWanted) {
  for (const FaultCase& each : kConnectorCases) {
    EXPECT_THAT(absl::StrJoin(FaultsWith(each.change), "\n"),
                HasSubstr(each.fault))
        << each.change;
  }
}

constexpr FaultCase kTouchCases[] = {
    {"identities { channel: 'MAIL' value { path: 'body.a' } }",
     "touches[0].identities[1].channel: \"MAIL\", want one of PHONE, "
     "EMAIL, SOCIAL, VISITOR, EXTERNAL"},
    {"identities { channel: 'SOCIAL' value { path: 'body.a' } }",
     "touches[0].identities[1].namespace: \"\", want"},
    {"identities { channel: 'EMAIL' namespace: 'x' "
     "value { path: 'body.a' } }",
     "identities[1].namespace: \"x\", want"},
    {"set { field: 'interaction.contact_id' value { constant: 'x' } }",
     "touches[0].set[1]: field \"interaction.contact_id\", want one of"},
    {"set { field: 'interaction.outcome' value { constant: 'OK' } }",
     "touches[0].set[1]: outcome: want one of ANSWERED"},
    {"set { field: 'interaction.topic' value { template: '{body.a' } }",
     R"(touches[0].set[1].value: template, want a "}" for each "{")"},
    {"set { field: 'interaction.topic' value { path: 'body.a' "
     "steps { at_most: 0 } } }",
     "touches[0].set[1].value.steps[0]: at_most 0, want 1 to 50000"},
    {"set { field: 'interaction.topic' value { path: 'body.a' "
     "steps { time { } } } }",
     "steps[0].time: has no form, want `named` or `pattern`"},
    {"set { field: 'interaction.topic' value { path: 'body.a' "
     "steps { time { pattern: '%Y' zone: 'Mars' } } } }",
     "steps[0].time: zone \"Mars\" is not known here"},
    {"set { field: 'interaction.topic' value { path: 'body.a' "
     "steps { } } }",
     "steps[0]: is not set, want a step"},
    {"set { field: 'interaction.topic' value { path: 'body.a' "
     "steps { map { } } } }",
     "steps[0].map.texts: 0 of them, want 1 to 500"},
    {"set { field: 'interaction.topic' value { path: 'body.a' "
     "otherwise { path: 'body.b' otherwise { path: 'body.c' } } } }",
     "value.otherwise[0]: has `otherwise` of its own"},
    {"amount { }", "touches[0].amount.value: has no value"},
    {"amount { places { key: 'ISK' value: 2 } }",
     "touches[0].amount.places: want minor_units beside it"},
    {"amount { minor_units: true places { key: 'isk' value: 2 } }",
     "touches[0].amount.places: \"isk\" 2, want three great letters and 0 to "
     "6"},
    {"amount { minor_units: true places { key: 'ISK' value: 7 } }",
     "touches[0].amount.places: \"ISK\" 7, want three great letters and 0 to "
     "6"},
    {"revision { path: 'body.n' }",
     "touches[0].revision: want external_id beside it"},
    {"consents { channel: 'EMAIL' purpose: 'MARKETING' "
     "state: 'GRANTED' method: 'FORM' }",
     "consents[0].state: \"GRANTED\", want PENDING or REFUSED"},
    {"consents { channel: 'EMAIL' purpose: 'ALL' "
     "state: 'PENDING' method: 'FORM' }",
     "consents[0].purpose: \"ALL\", want MARKETING, SALES or SHARE"},
    {"consents { channel: 'EMAIL' purpose: 'SALES' "
     "state: 'PENDING' method: 'PROVIDER' }",
     "consents[0].method: PROVIDER, want it only with REFUSED"}};

TEST(ConnectorValidationTest, EveryFaultOfATouchSaysWhere) {
  for (const FaultCase& each : kTouchCases) {
    EXPECT_THAT(absl::StrJoin(FaultsOfTouch(each.change), "\n"),
                HasSubstr(each.fault))
        << each.change;
  }
}

TEST(ConnectorValidationTest, AllFaultsAreSaidAtOnce) {
  EXPECT_THAT(FaultsWith("source: 'X' each: 'x' repeat_seconds: -1"),
              ElementsAre(HasSubstr("source"), HasSubstr("each"),
                          HasSubstr("repeat_seconds")));
}

TEST(ConnectorValidationTest, WithoutATouchThereIsNoConnector) {
  auto connector = HookProto<config::v1::Connector>(kGood);
  connector.clear_touches();
  EXPECT_THAT(FaultsOf(connector),
              ElementsAre("touches: 0 of them, want 1 to 50"));
  connector = HookProto<config::v1::Connector>(kGood);
  connector.mutable_touches(0)->mutable_set(0)->set_field("interaction.topic");
  EXPECT_THAT(FaultsOf(connector),
              ElementsAre("touches[0].set: no interaction.kind, want one"));
}

}  // namespace
}  // namespace kith::gateway
