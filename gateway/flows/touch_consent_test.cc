#include "gateway/flows/touch_consent.h"

#include <map>
#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using identity::v1::Channel;
using ::kith::testing::IsOk;
using Stub = v1::GatewayService::Stub;

constexpr Channel kPhone = identity::v1::CHANNEL_PHONE;
constexpr Channel kEmail = identity::v1::CHANNEL_EMAIL;
constexpr Channel kSocial = identity::v1::CHANNEL_SOCIAL;
constexpr Channel kVisitor = identity::v1::CHANNEL_VISITOR;
constexpr Channel kExternal = identity::v1::CHANNEL_EXTERNAL;

// The key of the value of a channel, in these tests.
std::string KeyBy(Channel channel) {
  return std::string(32, static_cast<char>('0' + channel));
}

v1::RecordTouchRequest Saying(const std::string& body) {
  v1::RecordTouchRequest touch;
  touch.set_request_id("touch-1");
  auto& interaction = *touch.mutable_interaction();
  interaction.set_kind(interactions::v1::KIND_MESSAGE);
  interaction.set_direction(interactions::v1::DIRECTION_INBOUND);
  interaction.set_body(body);
  return touch;
}

// Ada holds a value of each channel, unless a test says otherwise.
class TouchConsentTest : public ::testing::Test {
 protected:
  TouchConsentTest() {
    gateway_.identity.batch_claim = [this](const auto& request,
                                           auto& response) {
      for (const auto& item : request.requests()) {
        auto& claimed = *response.add_results()->mutable_response();
        claimed.set_contact_id(kAda);
        for (const auto& value : item.values()) AddClaimed(value, claimed);
      }
      return absl::OkStatus();
    };
    gateway_.identity.record_consent = [this](const auto& request,
                                              auto& response) {
      recorded_.push_back(request);
      response = request.consent();
      return absl::OkStatus();
    };
  }

  // The key that a stop word is recorded for which comes by a value of each of
  // `channels`: empty if it is for all of Ada.
  std::string StopBy(const std::vector<Channel>& channels) {
    v1::RecordTouchRequest stop = Saying("STOP");
    for (const Channel channel : channels) {
      auto& value = *stop.add_identities();
      value.set_channel(channel);
      value.set_value("of-ada");
      if (channel == kSocial || channel == kExternal) {
        value.set_namespace_("five9");
      }
    }
    return RefusedBy(stop);
  }

  // The key of the refusal that the touch records for Ada.
  std::string RefusedBy(const v1::RecordTouchRequest& touch) {
    recorded_.clear();
    const auto recorded = gateway_.Call(&Stub::RecordTouch, touch);
    if (!recorded.ok()) return recorded.status().ToString();
    if (recorded_.size() != 1) return "not one word";
    EXPECT_EQ(recorded_[0].contact_id(), kAda);
    EXPECT_EQ(recorded_[0].consent().state(),
              identity::v1::CONSENT_STATE_REFUSED);
    return recorded_[0].consent().identity_key();
  }

  GatewayHarness gateway_;
  // By channel; CLAIMED for others.
  std::map<Channel, identity::v1::ClaimOutcome> outcomes_;
  std::vector<identity::v1::RecordConsentRequest> recorded_;

 private:
  void AddClaimed(const identity::v1::ChannelValue& value,
                  identity::v1::ClaimIdentitiesResponse& claimed) const {
    const auto outcome = outcomes_.find(value.channel());
    auto& answer = *claimed.add_values();
    answer.set_outcome(outcome == outcomes_.end()
                           ? identity::v1::CLAIM_OUTCOME_CLAIMED
                           : outcome->second);
    *answer.mutable_value() = value;
    answer.mutable_identity()->set_identity_key(KeyBy(value.channel()));
    answer.mutable_identity()->set_channel(value.channel());
  }
};

TEST_F(TouchConsentTest, ARefusalIsForTheValueByWhichItCame) {
  EXPECT_EQ(StopBy({kPhone, kEmail}), KeyBy(kPhone));
  EXPECT_EQ(StopBy({kEmail, kPhone}), KeyBy(kEmail));
  EXPECT_EQ(StopBy({kSocial}), KeyBy(kSocial));
  // Whoever holds it.
  outcomes_[kPhone] = identity::v1::CLAIM_OUTCOME_NOT_CLAIMED;
  EXPECT_EQ(StopBy({kPhone, kEmail}), KeyBy(kPhone));
}

// Nobody is contacted by an account or a browser: a refusal for it stopped
// nothing.
TEST_F(TouchConsentTest, ARefusalByAnAccountIsForAValueThatItStops) {
  EXPECT_EQ(StopBy({kExternal, kEmail, kPhone}), KeyBy(kEmail));
  EXPECT_EQ(StopBy({kVisitor, kExternal, kPhone}), KeyBy(kPhone));
  EXPECT_EQ(StopBy({kExternal}), "");
  EXPECT_EQ(StopBy({kVisitor}), "");
}

TEST_F(TouchConsentTest, ARefusalByAnAccountIsForNoValueOfAnother) {
  outcomes_[kEmail] = identity::v1::CLAIM_OUTCOME_NOT_CLAIMED;
  EXPECT_EQ(StopBy({kExternal, kEmail}), "");
  EXPECT_EQ(StopBy({kExternal, kEmail, kPhone}), KeyBy(kPhone));
  outcomes_[kEmail] = identity::v1::CLAIM_OUTCOME_SHARED;
  EXPECT_EQ(StopBy({kExternal, kEmail}), KeyBy(kEmail));
  EXPECT_EQ(StopBy({kExternal, kEmail, kPhone}), KeyBy(kPhone));
}

}  // namespace
}  // namespace kith::gateway
