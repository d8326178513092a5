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
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
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
    gateway_.identity.list = [this](const auto& request, auto& response) {
      listed_.push_back(request);
      auto& result = *response.add_results();
      if (request.sets(0).page_token().empty()) {
        result.add_identities()->set_identity_key(std::string(32, 'f'));
        result.set_next_page_token("more");
        return absl::OkStatus();
      }
      for (const Channel channel : held_) {
        auto& held = *result.add_identities();
        held.set_identity_key(KeyBy(channel));
        held.set_channel(channel);
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
  // What Ada holds on the second page of her values.
  std::vector<Channel> held_;
  std::vector<identity::v1::ListIdentitiesRequest> listed_;
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
  EXPECT_THAT(listed_, IsEmpty());
}

// It stopped nothing for Ada, and suppressed the value of somebody else.
TEST_F(TouchConsentTest, ARefusalByANamedKeyIsForAValueOfItsContactOrForAll) {
  v1::RecordTouchRequest stop = Saying("STOP");
  stop.set_contact_id(kAda);
  stop.mutable_interaction()->set_identity_key(KeyBy(kPhone));
  EXPECT_EQ(RefusedBy(stop), "");
  held_ = {kEmail, kPhone};
  EXPECT_EQ(RefusedBy(stop), KeyBy(kPhone));
  held_ = {kEmail, kExternal};
  stop.mutable_interaction()->set_identity_key(KeyBy(kExternal));
  EXPECT_EQ(RefusedBy(stop), "");
  stop.mutable_interaction()->clear_identity_key();
  listed_.clear();
  EXPECT_EQ(RefusedBy(stop), "");
  EXPECT_THAT(listed_, IsEmpty());
}

TEST_F(TouchConsentTest, ANamedKeyMayBeOfAnyOfTheGroupAndOfThePast) {
  gateway_.contacts.batch_get = [](const auto&, auto& response) {
    auto& contact = *response.add_contacts();
    contact.set_contact_id(kAda);
    contact.set_canonical_id(kBob);
    contact.add_member_ids(kAda);
    contact.add_member_ids(kBob);
    return absl::OkStatus();
  };
  held_ = {kPhone};
  v1::RecordTouchRequest stop = Saying("STOP");
  stop.set_contact_id(kAda);
  stop.mutable_interaction()->set_identity_key(KeyBy(kPhone));
  EXPECT_EQ(RefusedBy(stop), KeyBy(kPhone));
  ASSERT_THAT(listed_, SizeIs(2));
  EXPECT_TRUE(listed_[1].include_past());
  EXPECT_THAT(listed_[1].sets(0).contact_ids(), ElementsAre(kAda, kBob));
}

TEST_F(TouchConsentTest, WhatIsNoKeyRefusesNothing) {
  v1::RecordTouchRequest stop = Saying("STOP");
  stop.set_contact_id(kAda);
  stop.mutable_interaction()->set_identity_key("17");
  EXPECT_THAT(
      gateway_.Call(&Stub::RecordTouch, stop).status(),
      StatusIs(absl::StatusCode::kInvalidArgument, "interaction.identity_key"));
  EXPECT_THAT(recorded_, IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
