// The principles of the door that hold before the journal and the services:
// what anybody posts makes leads and suggestions, and nothing else.

#include <string>

#include "absl/strings/match.h"
#include "gateway/hooks/admission.h"
#include "gateway/hooks/hook_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

LoadedConnector PublicForm() {
  return LoadedHook(R"(tenant: "demo" source: "form" path: "/hooks/a"
                       ready: "html-form")");
}

TEST(HookPrinciplesTest, ADoubleClickARetryAndAReplayMakeOneEffect) {
  const LoadedConnector connector = PublicForm();
  const v1::HookRequest request = FormPost("email=ada%40example.com");
  EXPECT_EQ(AdmitHook(connector, request, kHookTime).idempotency_key,
            AdmitHook(connector, request, kHookTime + absl::Seconds(1))
                .idempotency_key);
  // A replay of the entry makes the same touches, by the same names.
  const auto first = TouchesOf(connector, request);
  const auto again = TouchesOf(connector, request);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->size(), 1U);
  EXPECT_EQ(first->front().SerializeAsString(),
            again->front().SerializeAsString());
  EXPECT_FALSE(first->front().touch().request_id().empty());
}

TEST(HookPrinciplesTest, WhoCanPostWithoutASignatureIsUnauthenticated) {
  auto connector = HookProto<config::v1::Connector>(
      "source: 'form' path: '/hooks/a' ready: 'html-form' "
      "assurance: ASSURANCE_VERIFIED");
  ASSERT_TRUE(AddReady(connector).ok());
  EXPECT_THAT(FaultsOf(connector),
              ::testing::ElementsAre(HasSubstr("want UNAUTHENTICATED")));
}

TEST(HookPrinciplesTest, AFormNamesNoContactNoThreadAndNoSource) {
  const auto touches = TouchesOf(
      PublicForm(),
      FormPost("email=a%40x.example&contact_id=x&thread_id=y&source=z&"
               "external_id=e&stage=CUSTOMER&assurance=VERIFIED"));
  ASSERT_TRUE(touches.ok()) << touches.status();
  const v1::RecordTouchRequest& touch = touches->front().touch();
  EXPECT_EQ(touch.contact_id(), "");
  EXPECT_EQ(touch.interaction().thread_id(), "");
  EXPECT_EQ(touch.interaction().source(), "");
  EXPECT_EQ(touch.interaction().external_id(), "");
  EXPECT_EQ(touch.contact().stage(), contacts::v1::STAGE_UNSPECIFIED);
  // They are kept, for people to read.
  EXPECT_EQ(touch.interaction().attributes().at("contact_id"), "x");
}

TEST(HookPrinciplesTest, AFormAsksForConsentAndNeverGrantsOrRefuses) {
  const auto touches =
      TouchesOf(PublicForm(), FormPost("email=a%40x.example&newsletter=on"));
  ASSERT_TRUE(touches.ok()) << touches.status();
  ASSERT_EQ(touches->front().consents_size(), 1);
  EXPECT_EQ(touches->front().consents(0).consent().state(),
            identity::v1::CONSENT_STATE_PENDING);
  auto refusing = PublicForm().config;
  refusing.mutable_touches(0)->mutable_consents(0)->set_state("REFUSED");
  EXPECT_THAT(FaultsOf(refusing),
              ::testing::ElementsAre(HasSubstr("anybody could refuse")));
}

TEST(HookPrinciplesTest, WhatIsNotUnderstoodSaysWhy) {
  const auto touches = TouchesOf(PublicForm(), FormPost("name=Ada"));
  EXPECT_EQ(touches.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(touches.status().message()),
              HasSubstr("want a channel value"));
  // The journal has it all the same.
  EXPECT_TRUE(
      AdmitHook(PublicForm(), FormPost("name=Ada"), kHookTime).status.ok());
}

TEST(HookPrinciplesTest, NoReadyMadeConnectorGrantsConsent) {
  for (const auto& [name, text] : ReadyConnectors()) {
    EXPECT_FALSE(absl::StrContains(text, "GRANTED")) << name;
  }
}

}  // namespace
}  // namespace kith::gateway
