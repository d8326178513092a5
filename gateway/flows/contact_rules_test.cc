// The rules of a tenant in MayContact, and in what the business advertises.

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/call_gate.h"
#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::kCareful;
using ::kith::testing::kDemo;
using ::kith::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

// 22:00 in Berlin, where the tenant of kCareful calls nobody at that time.
constexpr int64_t kNight = 1'789'934'400;
// Two hours before, when it does.
constexpr int64_t kEvening = kNight - 7'200;
constexpr int64_t kTwoHours = 7'200;

// Of a phone that is shared.
constexpr char kPhoneOfTwo[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000f1";

class ContactRulesFlowTest : public ::testing::Test {
 protected:
  ContactRulesFlowTest() {
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        auto& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(kBob);
        contact.add_member_ids(id);
        if (id != kBob) contact.add_member_ids(kBob);
      }
      return absl::OkStatus();
    };
    FakeIdentity();
    FakeInteractions();
  }

  void FakeIdentity() {
    gateway_.identity.batch_may_contact = [this](const auto& request,
                                                 auto& response) {
      for (int i = 0; i < request.requests_size(); ++i) {
        *response.add_results()->mutable_response() = words_;
      }
      return absl::OkStatus();
    };
    words_.set_answer(identity::v1::MAY_CONTACT_ANSWER_YES);
    words_.set_reason(identity::v1::MAY_CONTACT_REASON_GRANTED);
    auto& phone = *words_.add_permissions();
    phone.set_answer(identity::v1::MAY_CONTACT_ANSWER_YES);
    phone.set_channel(identity::v1::CHANNEL_PHONE);
    phone.set_identity_key(std::string(32, 'a'));
    phone.mutable_sure_time()->set_seconds(kNight);
  }

  void FakeInteractions() {
    gateway_.interactions.contact_facts = [this](const auto& request,
                                                 auto& response) {
      asked_.push_back(request);
      for (int i = 0; i < request.questions_size(); ++i) {
        *response.add_facts() = facts_;
      }
      return absl::OkStatus();
    };
    gateway_.interactions.last_uses = [this](const auto& request,
                                             auto& response) {
      phones_.push_back(request);
      for (int i = 0; i < request.questions_size(); ++i) response.add_uses();
      return absl::OkStatus();
    };
    gateway_.interactions.batch_record = [this](const auto& request,
                                                auto& response) {
      for (const auto& one : request.requests()) {
        recorded_.push_back(one);
        *response.add_results()->mutable_response()->mutable_interaction() =
            one.interaction();
      }
      return absl::OkStatus();
    };
  }

  static v1::MayContactRequest Asking(const std::string& contact_id = kAda) {
    v1::MayContactRequest request;
    request.mutable_customer()->set_contact_id(contact_id);
    request.set_purpose(identity::v1::CONSENT_PURPOSE_MARKETING);
    request.set_topic("shoes");
    return request;
  }

  static v1::RecordTouchRequest AdvertisingAt(int64_t seconds,
                                              const char* source = "") {
    v1::RecordTouchRequest touch;
    touch.set_request_id("touch-1");
    touch.set_contact_id(kAda);
    auto& interaction = *touch.mutable_interaction();
    interaction.set_kind(interactions::v1::KIND_CALL);
    interaction.set_direction(interactions::v1::DIRECTION_OUTBOUND);
    interaction.set_purpose(interactions::v1::PURPOSE_MARKETING);
    interaction.mutable_occurred_time()->set_seconds(seconds);
    if (*source == '\0') return touch;
    interaction.set_source(source);
    interaction.set_external_id("7");
    return touch;
  }

  static std::string KeyFile() {
    std::string path = absl::StrCat(::testing::TempDir(), "/own_key");
    std::ofstream(path) << "kith_gateway_secret";
    return path;
  }

  GatewayHarness gateway_{100, {}, testing::TestKeys(), 100, KeyFile()};
  identity::v1::MayContactResponse words_;
  interactions::v1::ContactFacts facts_;
  std::vector<interactions::v1::BatchGetContactFactsRequest> asked_;
  std::vector<interactions::v1::BatchFindLastUsesRequest> phones_;
  std::vector<interactions::v1::RecordInteractionRequest> recorded_;
};

TEST_F(ContactRulesFlowTest, ACapIsAnAnswerWithItsCounts) {
  facts_.add_reached_caps()->set_counted(3);
  const auto answer = gateway_.Call(&Stub::MayContact, Asking(), kCareful);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->answer(), identity::v1::MAY_CONTACT_ANSWER_NO);
  ASSERT_THAT(answer->reasons(), SizeIs(1));
  EXPECT_EQ(answer->reasons(0).frequency_cap().counted(), 3);
  ASSERT_THAT(asked_, SizeIs(1));
  EXPECT_THAT(asked_[0].questions(0).contact_ids(), ElementsAre(kAda, kBob));
  EXPECT_EQ(asked_[0].questions(0).topic(), "shoes");
  EXPECT_THAT(phones_, IsEmpty());
}

TEST_F(ContactRulesFlowTest, ATenantWithoutRulesNeedsIdentityAlone) {
  facts_.add_reached_caps();
  const auto answer = gateway_.Call(&Stub::MayContact, Asking(), kDemo);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->answer(), identity::v1::MAY_CONTACT_ANSWER_YES);
  ASSERT_THAT(answer->reasons(), SizeIs(1));
  EXPECT_EQ(answer->reasons(0).consent(),
            identity::v1::MAY_CONTACT_REASON_GRANTED);
  EXPECT_THAT(gateway_.record.names(), Not(Contains("BatchGetContactFacts")));
}

TEST_F(ContactRulesFlowTest, ServicePasses) {
  facts_.add_reached_caps();
  v1::MayContactRequest service = Asking();
  service.set_purpose(identity::v1::CONSENT_PURPOSE_SERVICE);
  const auto answer = gateway_.Call(&Stub::MayContact, service, kCareful);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->answer(), identity::v1::MAY_CONTACT_ANSWER_YES);
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(ContactRulesFlowTest, WithoutTheFactsThereIsNoAnswer) {
  gateway_.interactions.contact_facts = [](const auto&, auto&) {
    return absl::UnavailableError("away");
  };
  EXPECT_THAT(gateway_.Call(&Stub::MayContact, Asking(), kCareful),
              StatusIs(StatusCode::kUnavailable, "interactions-svc"));
}

TEST_F(ContactRulesFlowTest, APhoneThatMayBeStaleIsLookedFor) {
  words_.mutable_permissions(0)->mutable_sure_time()->set_seconds(0);
  const auto answer = gateway_.Call(&Stub::MayContact, Asking(), kCareful);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->answer(), identity::v1::MAY_CONTACT_ANSWER_MAYBE);
  EXPECT_TRUE(answer->reasons(0).has_stale_number());
  ASSERT_THAT(phones_, SizeIs(1));
  EXPECT_EQ(phones_[0].questions(0).identity_key(), std::string(32, 'a'));
  EXPECT_THAT(phones_[0].questions(0).contact_ids(), ElementsAre(kAda, kBob));
  gateway_.interactions.last_uses = [](const auto&, auto& response) {
    response.add_uses()->mutable_time()->set_seconds(kNight);
    return absl::OkStatus();
  };
  const auto used = gateway_.Call(&Stub::MayContact, Asking(), kCareful);
  ASSERT_THAT(used, IsOk());
  EXPECT_EQ(used->answer(), identity::v1::MAY_CONTACT_ANSWER_YES);
}

// What came by a shared phone is the stand-in's.
TEST_F(ContactRulesFlowTest, ASharedPhoneIsUsedByAnyWhoShareIt) {
  auto& phone = *words_.mutable_permissions(0);
  phone.mutable_sure_time()->set_seconds(0);
  phone.set_stand_in_contact_id(kPhoneOfTwo);
  ASSERT_THAT(gateway_.Call(&Stub::MayContact, Asking(), kCareful), IsOk());
  ASSERT_THAT(phones_, SizeIs(1));
  EXPECT_THAT(phones_[0].questions(0).contact_ids(),
              ElementsAre(kAda, kBob, kPhoneOfTwo));
}

// Ada shares the phone with Cleo, who is merged with Bob.
TEST_F(ContactRulesFlowTest, WhoIsMergedWithASharerMayRefuseTheValue) {
  auto& phone = *words_.mutable_permissions(0);
  phone.add_sharing_contact_ids(kAda);
  std::vector<identity::v1::MayContactRequest> asked;
  gateway_.identity.batch_may_contact = [&](const auto& request,
                                            auto& response) {
    for (const auto& one : request.requests()) {
      asked.push_back(one);
      auto& decided = *response.add_results()->mutable_response();
      decided = words_;
      if (one.sharing_groups().empty()) continue;
      decided.set_answer(identity::v1::MAY_CONTACT_ANSWER_NO);
      decided.set_reason(identity::v1::MAY_CONTACT_REASON_REFUSED);
    }
    return absl::OkStatus();
  };
  const auto may = [&] {
    const auto answer = gateway_.Call(&Stub::MayContact, Asking(), kCareful);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? answer->answer()
                       : identity::v1::MAY_CONTACT_ANSWER_UNSPECIFIED;
  };
  // Of the group itself the words are known.
  EXPECT_EQ(may(), identity::v1::MAY_CONTACT_ANSWER_YES);
  EXPECT_THAT(asked, SizeIs(1));
  phone.add_sharing_contact_ids(kCleo);
  EXPECT_EQ(may(), identity::v1::MAY_CONTACT_ANSWER_NO);
  ASSERT_THAT(asked, SizeIs(3));
  ASSERT_THAT(asked[2].sharing_groups(), SizeIs(1));
  EXPECT_THAT(asked[2].sharing_groups(0).contact_ids(),
              ElementsAre(kCleo, kBob));
  EXPECT_THAT(asked[2].contact_ids(), ElementsAre(kAda, kBob));
  // So it is for what the business sends itself.
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch,
                            AdvertisingAt(kNight - kTwoHours), kCareful),
              StatusIs(StatusCode::kFailedPrecondition, "REFUSED"));
}

TEST_F(ContactRulesFlowTest, AThousandAreAnsweredInAFewCalls) {
  v1::BatchMayContactRequest batch;
  for (int i = 0; i < 1000; ++i) {
    *batch.add_requests() =
        Asking(absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-00000001", 1000 + i));
  }
  words_.mutable_permissions(0)->mutable_sure_time()->set_seconds(0);
  const auto answers = gateway_.Call(&Stub::BatchMayContact, batch, kCareful);
  ASSERT_THAT(answers, IsOk());
  ASSERT_THAT(answers->results(), SizeIs(1000));
  for (const auto& result : answers->results()) {
    EXPECT_EQ(result.response().answer(),
              identity::v1::MAY_CONTACT_ANSWER_MAYBE);
  }
  EXPECT_THAT(asked_, SizeIs(1));
  EXPECT_THAT(phones_, SizeIs(1));
  EXPECT_LE(gateway_.record.names().size(), 5U);
}

TEST_F(ContactRulesFlowTest, ATimeThatIsNoneIsTheFaultOfItsItem) {
  v1::BatchMayContactRequest batch;
  *batch.add_requests() = Asking();
  batch.mutable_requests(0)->mutable_contact_time()->set_seconds(-1);
  *batch.add_requests() = Asking(kCleo);
  *batch.add_requests() = Asking(kBob);
  batch.mutable_requests(2)->set_topic(std::string(101, 't'));
  const auto answers = gateway_.Call(&Stub::BatchMayContact, batch, kCareful);
  ASSERT_THAT(answers, IsOk());
  EXPECT_EQ(answers->results(0).error().code(), 3);
  EXPECT_TRUE(answers->results(1).has_response());
  // identity-svc says what is wrong with the topic.
  ASSERT_THAT(asked_, SizeIs(1));
  EXPECT_THAT(asked_[0].questions(), SizeIs(1));
}

TEST_F(ContactRulesFlowTest, QuietHoursStopOwnAdvertisingByItsTime) {
  EXPECT_THAT(
      gateway_.Call(&Stub::RecordTouch, AdvertisingAt(kNight), kCareful),
      StatusIs(StatusCode::kFailedPrecondition,
               "QUIET_HOURS, until 2026-09-21T06:00:00"));
  EXPECT_THAT(recorded_, IsEmpty());
  EXPECT_THAT(
      gateway_.Call(&Stub::RecordTouch, AdvertisingAt(kEvening), kCareful),
      IsOk());
  ASSERT_THAT(recorded_, SizeIs(1));
  // interactions-svc counts the whole group.
  EXPECT_THAT(recorded_[0].member_ids(), ElementsAre(kAda, kBob));
  EXPECT_THAT(gateway_.record.names(), Not(Contains("BatchGetContactFacts")));
}

// Advertising by an e-mail of Ada and a phone of Cleo.
class SeveralValuesTest : public ContactRulesFlowTest {
 protected:
  SeveralValuesTest() {
    gateway_.identity.batch_resolve = [this](const auto& request,
                                             auto& response) {
      for (const auto& one : request.requests()) {
        auto& resolved = *response.add_results()->mutable_response();
        resolved.set_outcome(identity::v1::RESOLVE_OUTCOME_ONE);
        resolved.add_candidates()->mutable_identity()->set_contact_id(
            HolderOf(one.value()));
      }
      return absl::OkStatus();
    };
    gateway_.identity.batch_claim = [](const auto& request, auto& response) {
      for (int i = 0; i < request.requests_size(); ++i) {
        response.add_results()->mutable_response()->set_contact_id(kCleo);
      }
      return absl::OkStatus();
    };
  }

  std::string HolderOf(const identity::v1::ChannelValue& value) const {
    return value.channel() == identity::v1::CHANNEL_EMAIL ? kAda
                                                          : other_holder_;
  }

  static v1::RecordTouchRequest Naming(identity::v1::Channel other,
                                       const char* source = "") {
    v1::RecordTouchRequest touch = AdvertisingAt(kNight - kTwoHours, source);
    touch.clear_contact_id();
    auto& mail = *touch.add_identities();
    mail.set_channel(identity::v1::CHANNEL_EMAIL);
    mail.set_value("ada@example.com");
    auto& beside = *touch.add_identities();
    beside.set_channel(other);
    beside.set_value("+14155552671");
    return touch;
  }

  std::string other_holder_ = kCleo;
};

// Ada was asked for, and the cap of Cleo would not be looked at.
TEST_F(SeveralValuesTest, OwnAdvertisingOfTwoCustomersIsOfNobody) {
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch,
                            Naming(identity::v1::CHANNEL_PHONE), kCareful),
              StatusIs(StatusCode::kFailedPrecondition,
                       "DIFFERS; name the channel value"));
  EXPECT_THAT(recorded_, IsEmpty());
  EXPECT_THAT(gateway_.record.names(), Not(Contains("BatchClaimIdentities")));
  // People share browsers.
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch,
                            Naming(identity::v1::CHANNEL_VISITOR), kCareful),
              IsOk());
  // Bob is of Ada's group.
  other_holder_ = kBob;
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch,
                            Naming(identity::v1::CHANNEL_PHONE), kCareful),
              IsOk());
}

TEST_F(SeveralValuesTest, AReportCountsForTheGroupThatItIsRecordedFor) {
  ASSERT_THAT(
      gateway_.Call(&Stub::RecordTouch,
                    Naming(identity::v1::CHANNEL_PHONE, "dialer"), kCareful),
      IsOk());
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_EQ(recorded_[0].interaction().contact_id(), kCleo);
  EXPECT_THAT(recorded_[0].member_ids(), ElementsAre(kCleo, kBob));
}

TEST_F(ContactRulesFlowTest, AReportAtNightIsKeptAsAViolation) {
  const auto recorded = gateway_.Call(
      &Stub::RecordTouch, AdvertisingAt(kNight, "dialer"), kCareful);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->interaction().contact_violation(), "QUIET_HOURS");
}

TEST_F(ContactRulesFlowTest, WhatPeopleDecideStopsNothing) {
  facts_.set_open_problem_thread_id("the-thread");
  words_.mutable_permissions(0)->clear_sure_time();
  EXPECT_THAT(
      gateway_.Call(&Stub::RecordTouch, AdvertisingAt(kEvening), kCareful),
      IsOk());
}

TEST_F(ContactRulesFlowTest, TheGatewayVouchesForItsOwnAdvertisingAlone) {
  const auto vouched = [this] {
    return gateway_.record.metadata(rpc::kForwarderMetadata);
  };
  ASSERT_THAT(gateway_.Call(&Stub::RecordTouch,
                            AdvertisingAt(kEvening, "dialer"), kCareful),
              IsOk());
  EXPECT_EQ(vouched(), "");
  ASSERT_THAT(
      gateway_.Call(&Stub::RecordTouch, AdvertisingAt(kEvening), kCareful),
      IsOk());
  EXPECT_EQ(vouched(), "Bearer kith_gateway_secret");
}

}  // namespace
}  // namespace kith::gateway
