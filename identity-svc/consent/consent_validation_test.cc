#include "identity-svc/consent/consent_validation.h"

#include <functional>
#include <string>
#include <vector>

#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

constexpr char kConsentContact[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";
const absl::Time kConsentNow = absl::FromUnixSeconds(1'700'000'000);

v1::RecordConsentRequest Granted() {
  v1::RecordConsentRequest request;
  request.set_contact_id(kConsentContact);
  v1::Consent& consent = *request.mutable_consent();
  consent.set_identity_key(std::string(32, 'a'));
  consent.set_purpose(v1::CONSENT_PURPOSE_MARKETING);
  consent.set_state(v1::CONSENT_STATE_GRANTED);
  consent.set_captured_by(v1::CONSENT_CAPTURER_PERSON);
  consent.set_method(v1::CONSENT_METHOD_FORM);
  consent.mutable_text()->set_text_id("newsletter-3");
  return request;
}

struct Case {
  std::string fault;
  std::function<void(v1::RecordConsentRequest&, v1::Consent&)> change;
};

using Request = v1::RecordConsentRequest;
using Consent = v1::Consent;

const std::vector<Case> kFaults = {
    {"contact_id", [](Request& r, Consent&) { r.clear_contact_id(); }},
    {"member_ids", [](Request& r, Consent&) { r.add_member_ids("x"); }},
    {"request_id", [](Request& r, Consent&) { r.set_request_id("a b"); }},
    {"consent.identity_key",
     [](Request&, Consent& c) { c.set_identity_key("abc"); }},
    {"value: beside",
     [](Request& r, Consent&) {
       r.mutable_value()->set_channel(v1::CHANNEL_EMAIL);
       r.mutable_value()->set_value("ada@example.com");
     }},
    {"value.channel",
     [](Request& r, Consent&) { r.mutable_value()->set_value("x"); }},
    {"consent.channel: beside",
     [](Request&, Consent& c) { c.set_channel(v1::CHANNEL_EMAIL); }},
    {"consent.purpose: want", [](Request&, Consent& c) { c.clear_purpose(); }},
    {"consent.purpose: want",
     [](Request&, Consent& c) { c.set_purpose(v1::CONSENT_PURPOSE_SERVICE); }},
    {"consent.purpose: ALL",
     [](Request&, Consent& c) { c.set_purpose(v1::CONSENT_PURPOSE_ALL); }},
    {"consent.topic: with the purpose ALL",
     [](Request&, Consent& c) {
       c.set_state(v1::CONSENT_STATE_REFUSED);
       c.set_purpose(v1::CONSENT_PURPOSE_ALL);
       c.set_topic("news");
     }},
    {"consent.topic",
     [](Request&, Consent& c) { c.set_topic(std::string(101, 'a')); }},
    {"consent.state", [](Request&, Consent& c) { c.clear_state(); }},
    {"empty, want a channel value for PENDING",
     [](Request&, Consent& c) {
       c.set_state(v1::CONSENT_STATE_PENDING);
       c.clear_identity_key();
     }},
    {"consent.captured_time",
     [](Request&, Consent& c) {
       *c.mutable_captured_time() =
           base::ToProto(kConsentNow + absl::Hours(24) + absl::Seconds(1));
     }},
    {"consent.effective_end_time: want none unless GRANTED",
     [](Request&, Consent& c) {
       c.set_state(v1::CONSENT_STATE_REFUSED);
       *c.mutable_effective_end_time() = base::ToProto(kConsentNow);
     }},
    {"consent.effective_end_time: want a time after",
     [](Request&, Consent& c) {
       *c.mutable_effective_start_time() = base::ToProto(kConsentNow);
       *c.mutable_effective_end_time() = base::ToProto(kConsentNow);
     }},
    {"consent.captured_by",
     [](Request&, Consent& c) { c.clear_captured_by(); }},
    {"consent.method", [](Request&, Consent& c) { c.clear_method(); }},
    {"PROVIDER, want REFUSED",
     [](Request&, Consent& c) {
       c.set_method(v1::CONSENT_METHOD_PROVIDER);
       c.mutable_evidence()->set_provider_id("unblocked");
     }},
    {"consent.evidence: empty, want it for GRANTED by IMPORT",
     [](Request&, Consent& c) { c.set_method(v1::CONSENT_METHOD_IMPORT); }},
    {"not by IMPORT",
     [](Request&, Consent& c) {
       c.set_method(v1::CONSENT_METHOD_IMPORT);
       c.mutable_evidence()->set_uri("list.csv");
       c.mutable_confirmation()->set_token_id("t");
       *c.mutable_confirmation()->mutable_confirmed_time() =
           base::ToProto(kConsentNow);
     }},
    {"consent.agent",
     [](Request&, Consent& c) { c.set_agent(std::string(321, 'a')); }},
    {"consent.text.sha256: 5 bytes",
     [](Request&, Consent& c) { c.mutable_text()->set_sha256("abcde"); }},
    {"consent.evidence.interaction_id",
     [](Request&, Consent& c) {
       c.mutable_evidence()->set_interaction_id("x");
     }},
    {"consent.evidence.link_time",
     [](Request&, Consent& c) {
       *c.mutable_evidence()->mutable_link_time() =
           base::ToProto(kConsentNow + absl::Hours(25));
     }},
    {"consent.evidence: empty", [](Request&, Consent& c) { c.clear_text(); }},
    {"consent.external_id: empty",
     [](Request&, Consent& c) { c.set_source("crm"); }},
    {"consent.source: empty",
     [](Request&, Consent& c) { c.set_external_id("7"); }},
    {"consent.confirmation.confirmed_time",
     [](Request&, Consent& c) { c.mutable_confirmation()->set_token_id("t"); }},
    {"consent.confirmation.token_id",
     [](Request&, Consent& c) {
       *c.mutable_confirmation()->mutable_confirmed_time() =
           base::ToProto(kConsentNow);
     }},
    {"only for GRANTED, for a channel value, by the PERSON",
     [](Request&, Consent& c) {
       c.mutable_confirmation()->set_token_id("t");
       c.set_captured_by(v1::CONSENT_CAPTURER_AGENT);
     }},
};

TEST(ConsentValidationTest, EachFaultIsSaid) {
  EXPECT_THAT(Validate(Granted(), kConsentNow), IsOk());
  for (const Case& each : kFaults) {
    v1::RecordConsentRequest request = Granted();
    each.change(request, *request.mutable_consent());
    EXPECT_THAT(Validate(request, kConsentNow),
                StatusIs(StatusCode::kInvalidArgument, each.fault));
  }
}

TEST(ConsentValidationTest, ARefusalNeedsNoEvidenceAndNoValue) {
  v1::RecordConsentRequest request = Granted();
  request.mutable_consent()->clear_text();
  request.mutable_consent()->clear_identity_key();
  request.mutable_consent()->set_state(v1::CONSENT_STATE_REFUSED);
  request.mutable_consent()->set_purpose(v1::CONSENT_PURPOSE_ALL);
  EXPECT_THAT(Validate(request, kConsentNow), IsOk());
}

TEST(ConsentValidationTest, AQuestionNeedsContactsAndOnePurpose) {
  v1::MayContactRequest request;
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "contact_ids"));
  request.add_contact_ids(kConsentContact);
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "purpose"));
  request.set_purpose(v1::CONSENT_PURPOSE_ALL);
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "one purpose"));
  request.set_purpose(v1::CONSENT_PURPOSE_TRANSACTION);
  EXPECT_THAT(Validate(request), IsOk());
  request.set_identity_key(std::string(32, 'a'));
  request.set_channel(v1::CHANNEL_PHONE);
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "channel: beside"));
}

TEST(ConsentValidationTest, SharingGroupsHaveContactsAsManyAsAGroupMayHave) {
  v1::MayContactRequest request;
  request.add_contact_ids(kConsentContact);
  request.set_purpose(v1::CONSENT_PURPOSE_MARKETING);
  v1::SharingGroup& group = *request.add_sharing_groups();
  EXPECT_THAT(Validate(request), StatusIs(StatusCode::kInvalidArgument,
                                          "sharing_groups.contact_ids"));
  group.add_contact_ids("x");
  EXPECT_THAT(Validate(request), StatusIs(StatusCode::kInvalidArgument,
                                          "sharing_groups.contact_ids"));
  group.clear_contact_ids();
  for (int i = 0; i < 5'000; ++i) group.add_contact_ids(kConsentContact);
  *request.add_sharing_groups() = group;
  EXPECT_THAT(Validate(request), IsOk());
  request.add_sharing_groups()->add_contact_ids(kConsentContact);
  EXPECT_THAT(Validate(request), StatusIs(StatusCode::kInvalidArgument,
                                          "over all sharing_groups"));
}

TEST(ConsentValidationTest, ABatchHasAThousandQuestionsAtMost) {
  v1::BatchMayContactRequest batch;
  EXPECT_THAT(Validate(batch),
              StatusIs(StatusCode::kInvalidArgument, "requests"));
  for (int i = 0; i < 1'000; ++i)
    batch.add_requests()->add_contact_ids(kConsentContact);
  EXPECT_THAT(Validate(batch), IsOk());
  batch.add_requests();
  EXPECT_THAT(Validate(batch),
              StatusIs(StatusCode::kInvalidArgument, "requests"));
  batch.mutable_requests()->RemoveLast();
  for (int i = 0; i < 9'001; ++i) {
    batch.mutable_requests(0)->add_contact_ids(kConsentContact);
  }
  EXPECT_THAT(Validate(batch),
              StatusIs(StatusCode::kInvalidArgument, "over all requests"));
}

}  // namespace
}  // namespace kith::identity
