#include "gateway/hooks/connector_set.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/text_file.h"
#include "common/testing/test_keys.h"
#include "gateway/hooks/connectors.h"
#include "gateway/hooks/hook_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kShop[] = R"(
  connectors {
    tenant: "demo" source: "forms" path: "/hooks/demo/leads" ready: "web-to-lead"
  }
)";
constexpr char kTwilio[] = R"(
  connectors {
    tenant: "other" source: "twilio" path: "/hooks/other/calls"
    ready: "twilio-calls" signature { secret_file: "twilio.secret" }
  }
)";

class ConnectorSetTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(base::WriteFileAtomically(folder_ + name, text).ok());
  }

  absl::StatusOr<ConnectorSet> Load(
      const std::string& text,
      const std::string& public_url = "https://crm.example.com") {
    Write("connectors.textproto", text);
    return ConnectorSet::Load(file(), keys_->keys()->tenants(), public_url);
  }

  std::string FaultOf(const std::string& text,
                      const std::string& public_url = "https://a.example") {
    return std::string(Load(text, public_url).status().message());
  }

  std::string file() const { return folder_ + "connectors.textproto"; }

  const std::string folder_ = absl::StrCat(
      ::testing::TempDir(), "/",
      ::testing::UnitTest::GetInstance()->current_test_info()->name(), ".");
  const std::shared_ptr<const auth::LiveKeys> keys_ = testing::TestKeys();
};

TEST_F(ConnectorSetTest, FindsAConnectorByPathAndBySource) {
  // It stands beside the connectors file.
  const std::string secret = absl::StrCat(
      ::testing::UnitTest::GetInstance()->current_test_info()->name(),
      ".twilio");
  Write("twilio", "twilio-token\n");
  const auto set = Load(absl::StrCat(
      kShop,
      "connectors { tenant: 'other' source: 'twilio' path: '/hooks/o/calls' "
      "ready: 'twilio-calls' signature { secret_file: '",
      secret, "' } }"));
  ASSERT_TRUE(set.ok()) << set.status();
  const LoadedConnector* const found = set->FindPath("/hooks/o/calls");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->source.tenant_id, 2U);
  EXPECT_EQ(found->source.assurance, config::v1::ASSURANCE_REPORTED);
  EXPECT_THAT(found->keys.secrets, ElementsAre("twilio-token"));
  EXPECT_EQ(found->zone.name(), "Europe/Berlin");
  EXPECT_EQ(set->FindSource(2, "twilio"), found);
  EXPECT_EQ(set->FindSource(1, "twilio"), nullptr);
  EXPECT_EQ(set->FindSource(1, "forms"), set->FindPath("/hooks/demo/leads"));
  EXPECT_EQ(set->FindPath("/hooks/o"), nullptr);
  EXPECT_EQ(set->FindPath("/hooks/o/calls/"), nullptr);
}

TEST_F(ConnectorSetTest, ASourceHasItsMethodsAndItsRate) {
  const auto set = Load(absl::StrCat(
      kShop,
      "connectors { tenant: 'demo' source: 'calls' path: '/hooks/demo/calls' "
      "ready: 'five9-web2campaign' "
      "rate { per_second: 0.5 per_second_and_address: 0.25 } }"));
  ASSERT_TRUE(set.ok()) << set.status();
  const HookSource& usual = set->FindPath("/hooks/demo/leads")->source;
  EXPECT_EQ(usual.tenant, "demo");
  EXPECT_EQ(usual.methods, "POST");
  EXPECT_EQ(usual.per_second, 200);
  EXPECT_EQ(usual.per_second_and_address, 5);
  const HookSource& calls = set->FindPath("/hooks/demo/calls")->source;
  EXPECT_EQ(calls.methods, "POST, GET");
  EXPECT_EQ(calls.per_second, 0.5);
  EXPECT_EQ(calls.per_second_and_address, 0.25);
}

TEST_F(ConnectorSetTest, AllFaultsNameTheirConnector) {
  const std::string fault = FaultOf(
      absl::StrCat(kShop, kShop, kTwilio,
                   "connectors { tenant: 'nobody' source: 'x' path: '/hooks/x' "
                   "ready: 'no-such' }"));
  EXPECT_THAT(fault,
              HasSubstr("connectors file: connector \"demo/forms\": path "
                        "\"/hooks/demo/leads\" is that of another"));
  EXPECT_THAT(fault, HasSubstr("connector \"demo/forms\": source \"forms\" is "
                               "that of another connector"));
  EXPECT_THAT(fault, HasSubstr("connector \"other/twilio\": "
                               "signature.secret_file "));
  EXPECT_THAT(fault, HasSubstr("connector \"nobody/x\": ready \"no-such\", "
                               "want one of "));
}

TEST_F(ConnectorSetTest, ASourceIsOfATenantThatThereIs) {
  EXPECT_THAT(FaultOf("connectors { tenant: 'nobody' source: 'x' "
                      "path: '/hooks/x' ready: 'web-to-lead' }"),
              HasSubstr("tenant \"nobody\", want the slug of a tenant"));
}

TEST_F(ConnectorSetTest, TwilioWantsThePublicAddress) {
  EXPECT_THAT(FaultOf(kTwilio, ""), HasSubstr("want --public_url beside it"));
}

TEST_F(ConnectorSetTest, AFaultOfASecretHasNothingOfIt) {
  Write("short", "abc\n");
  const std::string fault = FaultOf(absl::StrCat(
      "connectors { tenant: 'other' source: 'twilio' path: '/hooks/o' "
      "ready: 'twilio-calls' signature { secret_file: '",
      folder_, "short' } }"));
  EXPECT_THAT(fault, HasSubstr("line 1: 3 bytes, want 8 to 1000"));
  EXPECT_THAT(fault, Not(HasSubstr("abc")));
}

TEST_F(ConnectorSetTest, TheFileIsReadAgainWhenItChanges) {
  Write("connectors.textproto", kShop);
  const auto connectors = Connectors::Load(file(), keys_, "");
  ASSERT_TRUE(connectors.ok()) << connectors.status();
  Connectors& live = **connectors;
  EXPECT_TRUE(live.Find("/hooks/demo/leads").has_value());
  EXPECT_FALSE(live.Find("/hooks/demo/more").has_value());
  Write("connectors.textproto",
        "connectors { tenant: 'demo' source: 'more' path: '/hooks/demo/more' "
        "ready: 'html-form' }");
  EXPECT_TRUE(live.Refresh().ok());
  EXPECT_TRUE(live.Find("/hooks/demo/more").has_value());
  EXPECT_FALSE(live.Find("/hooks/demo/leads").has_value());
}

TEST_F(ConnectorSetTest, ABadFileLeavesTheLastGoodOneInForce) {
  Write("connectors.textproto", kShop);
  const auto connectors = Connectors::Load(file(), keys_, "");
  ASSERT_TRUE(connectors.ok()) << connectors.status();
  Write("connectors.textproto", "connectors { tenant: 'demo' }");
  // The watching thread may have looked first; it returns an error once.
  (*connectors)->Refresh().IgnoreError();
  EXPECT_TRUE((*connectors)->Find("/hooks/demo/leads").has_value());
}

TEST_F(ConnectorSetTest, WhatASourceSentIsNotLostWithItsConnector) {
  Write("connectors.textproto", kShop);
  const auto connectors = Connectors::Load(file(), keys_, "");
  ASSERT_TRUE(connectors.ok()) << connectors.status();
  const HookSource gone = {.tenant_id = 1, .source = "gone"};
  EXPECT_EQ(
      (*connectors)->Admit(gone, FormPost("a=1"), kHookTime).status.code(),
      absl::StatusCode::kNotFound);
  EXPECT_EQ((*connectors)
                ->Understand(gone, {.entry_id = kHookEntry,
                                    .receive_time = kHookTime,
                                    .request = FormPost("a=1")})
                .status()
                .code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ((*connectors)->AnswerTo(gone, FormPost("a=1"), kHookEntry).status(),
            204);
}

}  // namespace
}  // namespace kith::gateway
