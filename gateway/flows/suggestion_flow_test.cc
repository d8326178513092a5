#include "gateway/flows/suggestion_flow.h"

#include <string>

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
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

class SuggestionFlowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    gateway_.contacts.list_suggestions = [this](const auto& request,
                                                auto& response) {
      listed_ = request;
      response.add_suggestions()->set_suggestion_id("pair");
      response.set_next_page_token("next");
      response.add_too_common(contacts::v1::MATCH_RULE_NAME_AND_POSTCODE);
      return absl::OkStatus();
    };
  }

  GatewayHarness gateway_;
  contacts::v1::ListSuggestionsRequest listed_;
};

TEST_F(SuggestionFlowTest, ListsThoseOfOneCustomer) {
  v1::ListSuggestionsRequest request;
  request.mutable_customer()->set_contact_id(kAda);
  request.set_state(contacts::v1::SUGGESTION_STATE_REJECTED);
  request.set_page_size(7);
  request.set_page_token("token");
  const auto page = gateway_.Call(&Stub::ListSuggestions, request);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->suggestions(0).suggestion_id(), "pair");
  EXPECT_EQ(page->next_page_token(), "next");
  EXPECT_THAT(page->too_common(), SizeIs(1));
  EXPECT_EQ(page->canonical_id(), kAda);
  EXPECT_EQ(listed_.contact_id(), kAda);
  EXPECT_EQ(listed_.state(), contacts::v1::SUGGESTION_STATE_REJECTED);
  EXPECT_EQ(listed_.page_size(), 7);
  EXPECT_EQ(listed_.page_token(), "token");
}

TEST_F(SuggestionFlowTest, ListsAllInOneHopWhereNobodyIsNamed) {
  ASSERT_THAT(
      gateway_.Call(&Stub::ListSuggestions, v1::ListSuggestionsRequest()),
      IsOk());
  EXPECT_EQ(listed_.contact_id(), "");
  EXPECT_THAT(gateway_.record.names(), ElementsAre("ListSuggestions"));
}

TEST_F(SuggestionFlowTest, WhoIsNotKnownIsNotFound) {
  v1::ListSuggestionsRequest request;
  request.mutable_customer()->mutable_value()->set_value("nobody@example.com");
  EXPECT_THAT(gateway_.Call(&Stub::ListSuggestions, request),
              StatusIs(StatusCode::kNotFound));
}

TEST_F(SuggestionFlowTest, DecisionsCanBeRepeated) {
  contacts::v1::ConfirmSuggestionRequest confirmed;
  gateway_.contacts.confirm = [&](const auto& request, auto& response) {
    confirmed = request;
    response.mutable_edge()->set_edge_id("edge");
    response.mutable_contact()->set_contact_id(kAda);
    return absl::OkStatus();
  };
  v1::ConfirmSuggestionRequest confirm;
  confirm.set_suggestion_id("pair");
  confirm.set_survivor_id(kAda);
  confirm.set_reason("same desk");
  const auto answer = gateway_.Call(&Stub::ConfirmSuggestion, confirm);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->edge().edge_id(), "edge");
  EXPECT_EQ(answer->contact().contact_id(), kAda);
  EXPECT_EQ(confirmed.suggestion_id(), "pair");
  EXPECT_EQ(confirmed.survivor_id(), kAda);
  EXPECT_EQ(confirmed.reason(), "same desk");
  EXPECT_NE(confirmed.request_id(), "");
  contacts::v1::RejectSuggestionRequest rejected;
  gateway_.contacts.reject = [&](const auto& request, auto& response) {
    rejected = request;
    response.mutable_suggestion()->set_suggestion_id(request.suggestion_id());
    return absl::OkStatus();
  };
  v1::RejectSuggestionRequest reject;
  reject.set_suggestion_id("pair");
  reject.mutable_actor()->set_name("Dana");
  reject.set_request_id("mine");
  const auto again = gateway_.Call(&Stub::RejectSuggestion, reject);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->suggestion().suggestion_id(), "pair");
  EXPECT_EQ(rejected.actor().name(), "Dana");
  EXPECT_EQ(rejected.request_id(), "mine");
}

}  // namespace
}  // namespace kith::gateway
