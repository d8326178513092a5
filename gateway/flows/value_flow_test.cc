#include "gateway/flows/value_flow.h"

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
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

void AddReading(identity::v1::Channel channel, const std::string& name_space,
                const std::string& refusal,
                identity::v1::ReadValueResponse& response) {
  identity::v1::ValueReading& reading = *response.add_readings();
  reading.mutable_identity()->set_channel(channel);
  reading.mutable_identity()->set_namespace_(name_space);
  reading.mutable_identity()->set_value("typed");
  reading.mutable_identity()->set_normalized_value("read");
  reading.set_reason("a reason");
  reading.set_refusal(refusal);
}

class ValueFlowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    gateway_.identity.read = [this](const auto& request, auto& response) {
      read_ = request;
      AddReading(identity::v1::CHANNEL_PHONE, "", "no number", response);
      AddReading(identity::v1::CHANNEL_SOCIAL, "x", "", response);
      AddReading(identity::v1::CHANNEL_EXTERNAL, "", "", response);
      return absl::OkStatus();
    };
    gateway_.identity.batch_resolve = [this](const auto& request,
                                             auto& response) {
      resolved_ = request;
      response.add_results()
          ->mutable_response()
          ->add_candidates()
          ->mutable_identity()
          ->set_contact_id(kAda);
      response.add_results()->mutable_response();
      return absl::OkStatus();
    };
  }

  absl::StatusOr<v1::ReadValueResponse> ReadTyped() {
    v1::ReadValueRequest request;
    request.mutable_value()->set_value("typed");
    return gateway_.Call(&Stub::ReadValue, request);
  }

  GatewayHarness gateway_;
  identity::v1::ReadValueRequest read_;
  identity::v1::BatchResolveIdentitiesRequest resolved_;
};

TEST_F(ValueFlowTest, TellsWhomEachReadingFinds) {
  const auto response = ReadTyped();
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(read_.value().value(), "typed");
  ASSERT_THAT(response->readings(), SizeIs(3));
  EXPECT_EQ(response->readings(0).reading().refusal(), "no number");
  EXPECT_THAT(response->readings(0).candidates(), IsEmpty());
  EXPECT_EQ(response->readings(1).reading().reason(), "a reason");
  ASSERT_THAT(response->readings(1).candidates(), SizeIs(1));
  EXPECT_EQ(response->readings(1).candidates(0).identity().contact_id(), kAda);
  EXPECT_THAT(response->readings(2).candidates(), IsEmpty());
}

TEST_F(ValueFlowTest, ResolvesWhatIsNotRefusedInOneCall) {
  ASSERT_THAT(ReadTyped(), IsOk());
  EXPECT_THAT(gateway_.record.names(),
              ElementsAre("ReadValue", "BatchResolveIdentities"));
  ASSERT_THAT(resolved_.requests(), SizeIs(2));
  const identity::v1::ChannelValue& value = resolved_.requests(0).value();
  EXPECT_EQ(value.channel(), identity::v1::CHANNEL_SOCIAL);
  EXPECT_EQ(value.namespace_(), "x");
  EXPECT_EQ(value.value(), "typed");
}

TEST_F(ValueFlowTest, ResolvesNothingIfAllIsRefused) {
  gateway_.identity.read = [](const auto&, auto& response) {
    AddReading(identity::v1::CHANNEL_PHONE, "", "no number", response);
    return absl::OkStatus();
  };
  ASSERT_THAT(ReadTyped(), IsOk());
  EXPECT_THAT(gateway_.record.names(), ElementsAre("ReadValue"));
}

TEST_F(ValueFlowTest, AQuarantineIsPassedOn) {
  gateway_.identity.quarantine = [](const auto& request, auto& response) {
    EXPECT_EQ(request.value().value(), "typed");
    response.mutable_quarantine()->set_reason(request.reason());
    return absl::OkStatus();
  };
  v1::QuarantineIdentityRequest request;
  request.mutable_value()->set_value("typed");
  request.set_reason("a form");
  const auto quarantined = gateway_.Call(&Stub::QuarantineIdentity, request);
  ASSERT_THAT(quarantined, IsOk());
  EXPECT_EQ(quarantined->quarantine().reason(), "a form");
}

TEST_F(ValueFlowTest, AReleaseDismissesTheReviewOfTheValueAlone) {
  gateway_.identity.release = [](const auto& request, auto& response) {
    response.set_contact_id(kAda);
    response.set_identity_key("key");
    response.mutable_quarantine()->set_end_reason(request.reason());
    return absl::OkStatus();
  };
  gateway_.interactions.list_actions = [](const auto&, auto& response) {
    auto& result = *response.add_results();
    for (const char* key : {"key", "other", ""}) {
      interactions::v1::Action& action = *result.add_actions();
      action.set_contact_id(kAda);
      action.set_action_id(key);
      action.set_identity_key(key);
      action.set_review_cause(
          *key == '\0' ? interactions::v1::REVIEW_CAUSE_OPT_OUT_ASKED
                       : interactions::v1::REVIEW_CAUSE_QUARANTINED_VALUE);
    }
    return absl::OkStatus();
  };
  interactions::v1::DismissActionsRequest dismissed;
  gateway_.interactions.dismiss = [&](const auto& request, auto&) {
    dismissed = request;
    return absl::OkStatus();
  };
  v1::ReleaseIdentityRequest request;
  request.mutable_value()->set_value("typed");
  request.set_reason("it is hers");
  ASSERT_THAT(gateway_.Call(&Stub::ReleaseIdentity, request), IsOk());
  ASSERT_THAT(dismissed.actions(), SizeIs(1));
  EXPECT_EQ(dismissed.actions(0).action_id(), "key");
  EXPECT_EQ(dismissed.note(), "The value is released. it is hers");
  // Nobody dismisses an action without a name.
  EXPECT_EQ(dismissed.agent(), "demo");
  // What fails there is left to people.
  gateway_.interactions.list_actions = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  EXPECT_THAT(gateway_.Call(&Stub::ReleaseIdentity, request), IsOk());
}

TEST_F(ValueFlowTest, FailsAsTheServiceDoes) {
  gateway_.identity.read = [](const auto&, auto&) {
    return absl::InvalidArgumentError("value.value: empty");
  };
  EXPECT_THAT(ReadTyped(),
              StatusIs(StatusCode::kInvalidArgument, "value.value: empty"));
}

}  // namespace
}  // namespace kith::gateway
