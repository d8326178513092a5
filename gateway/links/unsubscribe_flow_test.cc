#include "gateway/links/unsubscribe_flow.h"

#include <string>
#include <vector>

#include "absl/strings/strip.h"
#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

const std::string* const kMailKey = new std::string(32, 'e');

class UnsubscribeFlowTest : public ::testing::Test {
 protected:
  UnsubscribeFlowTest() {
    gateway_.identity.batch_may_contact = [this](const auto& request,
                                                 auto& response) {
      asked_.push_back(request);
      for (int i = 0; i < request.requests_size(); ++i) {
        auto& read = *response.add_results()->mutable_response();
        auto& permission = *read.add_permissions();
        permission.set_identity_key(*kMailKey);
        permission.set_channel(channel_);
      }
      return absl::OkStatus();
    };
  }

  static v1::CreateUnsubscribeLinkRequest Wanting() {
    v1::CreateUnsubscribeLinkRequest request;
    request.mutable_customer()->set_contact_id(kAda);
    request.mutable_value()->set_value("ada@example.com");
    request.set_purpose(identity::v1::CONSENT_PURPOSE_MARKETING);
    request.set_topic("news");
    return request;
  }

  GatewayHarness gateway_;
  identity::v1::Channel channel_ = identity::v1::CHANNEL_EMAIL;
  std::vector<identity::v1::BatchMayContactRequest> asked_;
};

TEST_F(UnsubscribeFlowTest, ALinkSaysWhatItRefusesAndNoValue) {
  auto request = Wanting();
  request.set_interaction_id(kBob);
  const auto link = gateway_.Call(&Stub::CreateUnsubscribeLink, request);
  ASSERT_THAT(link, IsOk());
  EXPECT_EQ(link->contact_id(), kAda);
  EXPECT_EQ(link->identity_key(), *kMailKey);
  EXPECT_EQ(link->list_unsubscribe(), "<" + link->uri() + ">");
  EXPECT_EQ(link->list_unsubscribe_post(), "List-Unsubscribe=One-Click");
  EXPECT_THAT(link->uri(), Not(HasSubstr("ada")));
  absl::string_view token = link->uri();
  ASSERT_TRUE(absl::ConsumePrefix(&token, "https://crm.example.com/u/"));
  const auto body = GatewayHarness::Links()->Open(token);
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(body->tenant_id(), 1U);
  EXPECT_EQ(body->contact_id().size(), 16U);
  EXPECT_EQ(body->identity_key(), std::string(16, '\xee'));
  EXPECT_EQ(body->purpose(), identity::v1::CONSENT_PURPOSE_MARKETING);
  EXPECT_EQ(body->topic(), "news");
  EXPECT_EQ(body->issue_seconds(), link->issue_time().seconds());
  EXPECT_EQ(body->interaction_id().size(), 16U);
}

TEST_F(UnsubscribeFlowTest, TheValueMayBeTheOneThatNamesTheCustomer) {
  gateway_.identity.batch_resolve = [](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      auto& found = *response.add_results()->mutable_response();
      found.set_outcome(identity::v1::RESOLVE_OUTCOME_ONE);
      found.add_candidates()->mutable_identity()->set_contact_id(kBob);
    }
    return absl::OkStatus();
  };
  auto request = Wanting();
  request.clear_value();
  request.mutable_customer()->mutable_value()->set_value("bob@example.com");
  const auto link = gateway_.Call(&Stub::CreateUnsubscribeLink, request);
  ASSERT_THAT(link, IsOk());
  EXPECT_EQ(link->contact_id(), kBob);
  ASSERT_THAT(asked_, SizeIs(1));
  EXPECT_EQ(asked_[0].requests(0).value().value(), "bob@example.com");
}

// Whoever of them refuses by it: the value is suppressed.
TEST_F(UnsubscribeFlowTest, ASharedAddressHasALinkOfItsStandIn) {
  gateway_.identity.batch_resolve = [](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      auto& shared = *response.add_results()->mutable_response();
      shared.set_outcome(identity::v1::RESOLVE_OUTCOME_MANY);
      shared.set_stand_in_contact_id(kCleo);
      for (const char* id : {kAda, kBob}) {
        shared.add_candidates()->mutable_identity()->set_contact_id(id);
      }
    }
    return absl::OkStatus();
  };
  auto request = Wanting();
  request.clear_value();
  request.mutable_customer()->mutable_value()->set_value("home@example.com");
  const auto link = gateway_.Call(&Stub::CreateUnsubscribeLink, request);
  ASSERT_THAT(link, IsOk());
  EXPECT_EQ(link->contact_id(), kCleo);
  ASSERT_THAT(asked_, SizeIs(1));
  EXPECT_THAT(asked_[0].requests(0).contact_ids(), ElementsAre(kCleo));
}

TEST_F(UnsubscribeFlowTest, WhatIsWrongIsSaid) {
  auto request = Wanting();
  request.clear_value();
  EXPECT_THAT(gateway_.Call(&Stub::CreateUnsubscribeLink, request),
              StatusIs(StatusCode::kInvalidArgument, "value: not set"));
  request = Wanting();
  request.set_identity_key(*kMailKey);
  EXPECT_THAT(gateway_.Call(&Stub::CreateUnsubscribeLink, request),
              StatusIs(StatusCode::kInvalidArgument, "want one of them"));
  request = Wanting();
  request.set_topic(std::string(101, 't'));
  request.set_interaction_id("x");
  EXPECT_THAT(gateway_.Call(&Stub::CreateUnsubscribeLink, request),
              StatusIs(StatusCode::kInvalidArgument, "interaction_id"));
  for (const auto purpose : {identity::v1::CONSENT_PURPOSE_UNSPECIFIED,
                             identity::v1::CONSENT_PURPOSE_SERVICE,
                             identity::v1::CONSENT_PURPOSE_TRANSACTION,
                             identity::v1::CONSENT_PURPOSE_ALL}) {
    request = Wanting();
    request.set_purpose(purpose);
    EXPECT_THAT(gateway_.Call(&Stub::CreateUnsubscribeLink, request),
                StatusIs(StatusCode::kInvalidArgument, "want MARKETING"));
  }
  EXPECT_THAT(asked_, IsEmpty());
  channel_ = identity::v1::CHANNEL_PHONE;
  EXPECT_THAT(gateway_.Call(&Stub::CreateUnsubscribeLink, Wanting()),
              StatusIs(StatusCode::kInvalidArgument, "no e-mail address"));
}

TEST_F(UnsubscribeFlowTest, ABatchAnswersEachInItsPlace) {
  v1::BatchCreateUnsubscribeLinksRequest batch;
  for (int i = 0; i < 501; ++i) *batch.add_requests() = Wanting();
  batch.mutable_requests(1)->clear_purpose();
  const auto links = gateway_.Call(&Stub::BatchCreateUnsubscribeLinks, batch);
  ASSERT_THAT(links, IsOk());
  ASSERT_EQ(links->results_size(), 501);
  for (int i = 0; i < 501; ++i) {
    EXPECT_EQ(links->results(i).has_link(), i != 1) << i;
  }
  EXPECT_THAT(asked_, SizeIs(1));
  EXPECT_THAT(gateway_.Call(&Stub::BatchCreateUnsubscribeLinks, {}),
              StatusIs(StatusCode::kInvalidArgument, "requests"));
}

}  // namespace
}  // namespace kith::gateway
