#include "gateway/flows/touch.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/uuid.h"
#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gateway/touches/touch_validation.h"
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
using v1::RecordTouchRequest;

constexpr int64_t kOccurred = 1'000'000'000;
constexpr int64_t kNow = 1'790'000'000;

void AddValue(RecordTouchRequest& request, const std::string& value,
              identity::v1::Channel channel = identity::v1::CHANNEL_PHONE) {
  identity::v1::ChannelValue& identity = *request.add_identities();
  identity.set_channel(channel);
  identity.set_value(value);
}

RecordTouchRequest CallByPhone() {
  RecordTouchRequest request;
  AddValue(request, "+14155552671");
  request.mutable_interaction()->set_kind(interactions::v1::KIND_CALL);
  request.mutable_interaction()->mutable_occurred_time()->set_seconds(
      kOccurred);
  request.set_request_id("touch-1");
  return request;
}

RecordTouchRequest CallOf(const std::string& contact_id) {
  RecordTouchRequest request = CallByPhone();
  request.clear_identities();
  request.set_contact_id(contact_id);
  return request;
}

base::RequestContext Caller(uint64_t tenant_id) {
  auto tenant = std::make_shared<config::v1::Tenant>();
  tenant->set_id(tenant_id);
  auto principal = std::make_shared<base::Principal>();
  principal->tenant = std::move(tenant);
  principal->assurance = config::v1::ASSURANCE_REPORTED;
  base::RequestContext context;
  context.principal = std::move(principal);
  return context;
}

// `request` must outlive the result.
Touch TouchOf(const RecordTouchRequest& request, uint64_t tenant_id = 1,
              int64_t now = kNow) {
  return Touch(Caller(tenant_id), request, /*place=*/0,
               absl::FromUnixSeconds(now));
}

TouchOwner OwnerAda(
    contacts::v1::Stage stage = contacts::v1::STAGE_UNSPECIFIED) {
  TouchOwner owner;
  owner.contact_id = kAda;
  owner.stage = stage;
  return owner;
}

// Who holds a value: one candidate for each contact id.
identity::v1::ResolveIdentityResponse HeldBy(
    const std::vector<std::string>& contact_ids) {
  identity::v1::ResolveIdentityResponse resolved;
  for (const std::string& id : contact_ids) {
    identity::v1::Identity& identity =
        *resolved.add_candidates()->mutable_identity();
    identity.set_contact_id(id);
    identity.set_identity_key(absl::StrCat("key of ", id));
  }
  return resolved;
}

TEST(ValidateTouchTest, TakesAContactIdOrIdentities) {
  EXPECT_THAT(Validate(CallByPhone()), IsOk());
  EXPECT_THAT(Validate(CallOf(kAda)), IsOk());
  auto both = CallByPhone();
  both.set_contact_id(kAda);
  for (const RecordTouchRequest& request : {both, CallOf("")}) {
    EXPECT_THAT(Validate(request),
                StatusIs(StatusCode::kInvalidArgument,
                         "contact_id, identities: want exactly one"));
  }
  EXPECT_THAT(Validate(CallOf("17")),
              StatusIs(StatusCode::kInvalidArgument, "contact_id"));
}

TEST(ValidateTouchTest, TakesUpTo20Identities) {
  auto request = CallByPhone();
  while (request.identities_size() < 20) AddValue(request, "+14155552671");
  EXPECT_THAT(Validate(request), IsOk());
  AddValue(request, "+14155552671");
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "identities"));
}

TEST(ValidateTouchTest, NamesWhatAValueLacks) {
  auto request = CallByPhone();
  request.clear_identities();
  AddValue(request, "ada", identity::v1::CHANNEL_UNSPECIFIED);
  AddValue(request, "ada", static_cast<identity::v1::Channel>(99));
  AddValue(request, "");
  AddValue(request, "ada", identity::v1::CHANNEL_SOCIAL);
  AddValue(request, "17", identity::v1::CHANNEL_EXTERNAL);
  const absl::Status status = Validate(request);
  for (const char* fault :
       {"identities[0].channel", "identities[1].channel", "identities[2].value",
        "identities[3].namespace", "identities[4].namespace"}) {
    EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, fault));
  }
  for (auto& identity : *request.mutable_identities()) {
    identity.set_channel(identity::v1::CHANNEL_EXTERNAL);
    identity.set_value("17");
    identity.set_namespace_("shop");
  }
  EXPECT_THAT(Validate(request), IsOk());
}

TEST(ValidateTouchTest, WantsWhatMakesARepeatSafe) {
  auto request = CallByPhone();
  request.clear_request_id();
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "a repeat is safe"));
  request.mutable_interaction()->set_external_id("call-1");
  EXPECT_THAT(Validate(request), IsOk());
  request.set_request_id("not an id");
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST(ValidateTouchTest, WantsAnInteractionAtAValidTime) {
  auto request = CallByPhone();
  request.mutable_interaction()->mutable_occurred_time()->set_nanos(-1);
  EXPECT_THAT(Validate(request), StatusIs(StatusCode::kInvalidArgument,
                                          "interaction.occurred_time"));
  request.clear_interaction();
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "interaction: not set"));
}

TEST(TouchTest, TheNamedContactIsWrittenAsServicesWriteIt) {
  auto request = CallOf("0192F0C1-2A3B-7C4D-8E5F-00000000000A");
  request.mutable_interaction()->set_identity_key("key");
  const TouchOwner owner = TouchOf(request).named_owner();
  EXPECT_EQ(owner.contact_id, kAda);
  EXPECT_EQ(owner.identity_key, "key");
  const auto by_value = CallByPhone();
  EXPECT_EQ(TouchOf(by_value).named_owner().contact_id, "");
}

TEST(TouchTest, ARecordingIsFoundByTheCallersOwnRequest) {
  const auto request = CallByPhone();
  const auto find = TouchOf(request).FindRecordingRequest();
  EXPECT_EQ(find.request().request_id(), "touch-1");
  EXPECT_EQ(find.request().interaction().kind(), interactions::v1::KIND_CALL);
  EXPECT_EQ(find.request().interaction().contact_id(), "");
  EXPECT_EQ(find.request().forwarded().fingerprint(),
            base::Fingerprint(request));
}

TEST(TouchTest, TheInteractionIsOfTheOwnerThatWasFound) {
  auto request = CallByPhone();
  request.mutable_interaction()->set_contact_id("ignored");
  TouchOwner owner = OwnerAda();
  owner.identity_key = "key";
  const auto record = TouchOf(request).RecordInteractionRequest(owner);
  EXPECT_EQ(record.interaction().contact_id(), kAda);
  EXPECT_EQ(record.interaction().identity_key(), "key");
  EXPECT_EQ(record.request_id(), "touch-1");
  EXPECT_EQ(record.forwarded().fingerprint(), base::Fingerprint(request));
}

TEST(TouchTest, ValuesAreResolvedAsOfTheEvent) {
  auto request = CallByPhone();
  AddValue(request, "second");
  const auto resolve = TouchOf(request).ResolveIdentityRequest(1);
  EXPECT_EQ(resolve.value().value(), "second");
  EXPECT_EQ(resolve.at_time().seconds(), kOccurred);
  request.mutable_interaction()->clear_occurred_time();
  EXPECT_EQ(TouchOf(request).ResolveIdentityRequest(1).at_time().seconds(),
            kNow);
}

TEST(TouchTest, AHolderOfAllValuesNeedsNoClaim) {
  auto request = CallByPhone();
  AddValue(request, "second");
  const auto held =
      TouchOf(request).HeldByOne({HeldBy({kAda}), HeldBy({kAda})});
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->contact_id(), kAda);
  ASSERT_THAT(held->values(), SizeIs(2));
  EXPECT_EQ(held->values(1).outcome(), identity::v1::CLAIM_OUTCOME_HELD);
  EXPECT_EQ(held->values(1).value().value(), "second");
  EXPECT_EQ(held->values(1).identity().contact_id(), kAda);
}

TEST(TouchTest, AnyOtherHoldersNeedAClaim) {
  auto request = CallByPhone();
  AddValue(request, "second");
  const Touch touch = TouchOf(request);
  EXPECT_FALSE(touch.HeldByOne({HeldBy({}), HeldBy({kAda})}).has_value());
  EXPECT_FALSE(touch.HeldByOne({HeldBy({kAda}), HeldBy({})}).has_value());
  EXPECT_FALSE(touch.HeldByOne({HeldBy({kAda}), HeldBy({"b"})}).has_value());
  EXPECT_FALSE(
      touch.HeldByOne({HeldBy({kAda}), HeldBy({kAda, "b"})}).has_value());
}

// Asks whether a touch by a key needs a claim, though one contact holds all.
bool NeedsClaim(config::v1::Assurance key, config::v1::Assurance of_holding,
                identity::v1::Channel first, int64_t held_since) {
  auto request = CallByPhone();
  request.mutable_identities(0)->set_channel(first);
  AddValue(request, "second");
  base::RequestContext caller = Caller(1);
  auto principal = std::make_shared<base::Principal>(*caller.principal);
  principal->assurance = key;
  caller.principal = principal;
  auto held = HeldBy({kAda});
  auto& identity = *held.mutable_candidates(0)->mutable_identity();
  identity.set_channel(first);
  identity.set_assurance(of_holding);
  if (held_since > 0) identity.mutable_start_time()->set_seconds(held_since);
  return !Touch(caller, request, 0, absl::FromUnixSeconds(kNow))
              .HeldByOne({held, HeldBy({kAda})})
              .has_value();
}

TEST(TouchTest, WhatAFormHasSaidNeedsAClaimByOthers) {
  const auto needs = [](config::v1::Assurance key) {
    return NeedsClaim(key, config::v1::ASSURANCE_UNAUTHENTICATED,
                      identity::v1::CHANNEL_PHONE, 0);
  };
  EXPECT_FALSE(needs(config::v1::ASSURANCE_UNAUTHENTICATED));
  EXPECT_TRUE(needs(config::v1::ASSURANCE_REPORTED));
  EXPECT_TRUE(needs(config::v1::ASSURANCE_VERIFIED));
}

TEST(TouchTest, WhatMayHaveBeenTakenLatelyNeedsAClaim) {
  constexpr auto kReported = config::v1::ASSURANCE_REPORTED;
  constexpr auto kVerified = config::v1::ASSURANCE_VERIFIED;
  constexpr auto kBrowser = identity::v1::CHANNEL_VISITOR;
  constexpr auto kPhone = identity::v1::CHANNEL_PHONE;
  constexpr int64_t kTwoDays = int64_t{48} * 3600;
  EXPECT_TRUE(NeedsClaim(kReported, kReported, kBrowser, kOccurred));
  EXPECT_TRUE(NeedsClaim(kReported, kReported, kBrowser, kOccurred - kTwoDays));
  EXPECT_FALSE(
      NeedsClaim(kReported, kReported, kBrowser, kOccurred - kTwoDays - 1));
  EXPECT_FALSE(NeedsClaim(kReported, kReported, kBrowser, 0));
  EXPECT_FALSE(NeedsClaim(config::v1::ASSURANCE_UNAUTHENTICATED, kReported,
                          kBrowser, kOccurred));
  EXPECT_FALSE(NeedsClaim(kReported, kReported, kPhone, kOccurred));
  EXPECT_TRUE(NeedsClaim(kVerified, kVerified, kPhone, kOccurred));
}

TEST(TouchTest, AClaimIsOfAllValuesAtTheTimeOfTheEvent) {
  auto request = CallByPhone();
  AddValue(request, "second");
  const auto claim = TouchOf(request).ClaimIdentitiesRequest({kBob}, kAda);
  EXPECT_THAT(claim.values(), SizeIs(2));
  EXPECT_EQ(claim.event_time().seconds(), kOccurred);
  EXPECT_TRUE(base::Uuid::Parse(claim.proposed_contact_id()).has_value());
  EXPECT_THAT(claim.identified_contact_ids(), ElementsAre(kBob));
  EXPECT_EQ(claim.only_contact_id(), kAda);
}

std::string ProposedBy(const RecordTouchRequest& request,
                       uint64_t tenant_id = 1, int64_t now = kNow) {
  return TouchOf(request, tenant_id, now)
      .ClaimIdentitiesRequest({}, "")
      .proposed_contact_id();
}

TEST(TouchTest, ARepeatProposesTheSameContact) {
  auto request = CallByPhone();
  const std::string proposed = ProposedBy(request);
  EXPECT_EQ(ProposedBy(request, 1, kNow + 1), proposed);
  EXPECT_NE(ProposedBy(request, 2), proposed);
  request.set_request_id("touch-2");
  EXPECT_NE(ProposedBy(request), proposed);
  request.mutable_interaction()->clear_occurred_time();
  EXPECT_EQ(ProposedBy(request, 1, kNow + 1), ProposedBy(request));
}

TEST(TouchTest, AnIdThatIsUsedAgainForOthersProposesOthers) {
  auto request = CallByPhone();
  const std::string proposed = ProposedBy(request);
  request.mutable_identities(0)->set_value("another");
  EXPECT_NE(ProposedBy(request), proposed);
  request.mutable_interaction()->set_source("phone-system");
  request.mutable_interaction()->set_external_id("call-1");
  const std::string by_source = ProposedBy(request);
  AddValue(request, "second");
  EXPECT_NE(ProposedBy(request), by_source);
}

TEST(TouchTest, AnExternalIdMakesTheRepeatWhateverTheRequestId) {
  auto request = CallByPhone();
  request.mutable_interaction()->set_source("phone-system");
  request.mutable_interaction()->set_external_id("call-1");
  const std::string proposed = ProposedBy(request);
  request.set_request_id("touch-2");
  EXPECT_EQ(ProposedBy(request), proposed);
  request.mutable_interaction()->set_source("another");
  EXPECT_NE(ProposedBy(request), proposed);
}

TEST(TouchTest, TheTouchCameByTheFirstValueThatIsAnIdentity) {
  auto request = CallByPhone();
  request.mutable_interaction()->set_identity_key("as given");
  const Touch touch = TouchOf(request);
  identity::v1::ClaimIdentitiesResponse claimed;
  claimed.set_contact_id(kAda);
  claimed.add_values()->set_outcome(identity::v1::CLAIM_OUTCOME_REFUSED);
  EXPECT_EQ(touch.OwnerOf(claimed, {}).contact_id, kAda);
  EXPECT_EQ(touch.OwnerOf(claimed, {}).identity_key, "as given");
  for (const char* key : {"first", "second"}) {
    claimed.add_values()->mutable_identity()->set_identity_key(key);
  }
  EXPECT_EQ(touch.OwnerOf(claimed, {}).identity_key, "first");
}

TEST(TouchTest, ANamedContactIsOnlyEnsuredToMakeACustomer) {
  const auto by_value = CallByPhone();
  EXPECT_TRUE(TouchOf(by_value).NeedsEnsure());
  auto by_id = CallOf(kAda);
  EXPECT_FALSE(TouchOf(by_id).NeedsEnsure());
  by_id.mutable_interaction()->set_kind(interactions::v1::KIND_PURCHASE);
  by_id.mutable_contact()->set_display_name("Somebody Else");
  EXPECT_TRUE(TouchOf(by_id).NeedsEnsure());
  const auto ensure = TouchOf(by_id).EnsureContactRequest(OwnerAda());
  EXPECT_EQ(ensure.contact_id(), kAda);
  EXPECT_EQ(ensure.at_least_stage(), contacts::v1::STAGE_CUSTOMER);
  EXPECT_THAT(ensure.contact().display_name(), IsEmpty());
}

TEST(TouchTest, APurchaseMakesACustomerWhenItHappened) {
  auto purchase = CallOf(kAda);
  purchase.mutable_interaction()->set_kind(interactions::v1::KIND_PURCHASE);
  purchase.mutable_interaction()->mutable_occurred_time()->set_seconds(42);
  const auto ensure = TouchOf(purchase).EnsureContactRequest(OwnerAda());
  EXPECT_EQ(ensure.stage_time().seconds(), 42);
  purchase.mutable_interaction()->clear_occurred_time();
  EXPECT_FALSE(
      TouchOf(purchase).EnsureContactRequest(OwnerAda()).has_stage_time())
      << "now, by the clock of contacts-svc";
}

TEST(TouchTest, AContactIsALeadUnlessItIsOnlyAVisitor) {
  using contacts::v1::STAGE_ANONYMOUS;
  using contacts::v1::STAGE_LEAD;
  auto request = CallByPhone();
  request.mutable_contact()->set_display_name("Ada");
  const auto lead = TouchOf(request).EnsureContactRequest(OwnerAda(STAGE_LEAD));
  EXPECT_EQ(lead.contact().stage(), STAGE_LEAD);
  EXPECT_EQ(lead.contact().display_name(), "Ada");
  EXPECT_EQ(lead.at_least_stage(), STAGE_LEAD);
  const auto visitor =
      TouchOf(request).EnsureContactRequest(OwnerAda(STAGE_ANONYMOUS));
  EXPECT_EQ(visitor.contact().stage(), STAGE_ANONYMOUS);
  EXPECT_EQ(visitor.at_least_stage(), contacts::v1::STAGE_UNSPECIFIED);
  // Known by nothing that is an identity.
  EXPECT_EQ(TouchOf(request).EnsureContactRequest(OwnerAda()).contact().stage(),
            STAGE_LEAD);
  request.mutable_contact()->set_stage(contacts::v1::STAGE_QUALIFIED);
  EXPECT_EQ(TouchOf(request)
                .EnsureContactRequest(OwnerAda(STAGE_ANONYMOUS))
                .contact()
                .stage(),
            contacts::v1::STAGE_QUALIFIED);
}

// The answer of a claim for Ada: values of a channel, a holder and an outcome.
struct ClaimedRow {
  identity::v1::Channel channel;
  std::string holder;
  identity::v1::ClaimOutcome outcome;
  std::string former = {};
};

identity::v1::ClaimIdentitiesResponse ClaimedByAda(
    const std::vector<ClaimedRow>& rows) {
  identity::v1::ClaimIdentitiesResponse claimed;
  claimed.set_contact_id(kAda);
  for (const ClaimedRow& row : rows) {
    identity::v1::ClaimedValue& value = *claimed.add_values();
    value.set_outcome(row.outcome);
    value.set_former_contact_id(row.former);
    value.mutable_identity()->set_channel(row.channel);
    value.mutable_identity()->set_contact_id(row.holder);
    value.mutable_identity()->set_value("v");
  }
  return claimed;
}

using identity::v1::CHANNEL_EMAIL;
using identity::v1::CHANNEL_EXTERNAL;
using identity::v1::CHANNEL_PHONE;
using identity::v1::CHANNEL_VISITOR;
constexpr auto kHeldValue = identity::v1::CLAIM_OUTCOME_HELD;
constexpr auto kOtherValue = identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER;
constexpr auto kNotValue = identity::v1::CLAIM_OUTCOME_NOT_CLAIMED;
constexpr auto kClaimedValue = identity::v1::CLAIM_OUTCOME_CLAIMED;

// What Ada's touch, by a key of some assurance, makes of other holders.
struct OthersCase {
  const char* what;
  std::vector<ClaimedRow> values;
  std::vector<std::string> identified;
  config::v1::Assurance assurance;
  std::vector<std::string> companions;
  std::vector<std::string> visitors;
};

const OthersCase kOthersCases[] = {
    {"an address of another",
     {{CHANNEL_EMAIL, kAda, kHeldValue}, {CHANNEL_PHONE, kBob, kOtherValue}},
     {},
     config::v1::ASSURANCE_REPORTED,
     {absl::StrCat(kBob, " phone v")},
     {}},
    {"one that a form may not claim",
     {{CHANNEL_EMAIL, kAda, kHeldValue}, {CHANNEL_PHONE, kBob, kNotValue}},
     {},
     config::v1::ASSURANCE_UNAUTHENTICATED,
     {absl::StrCat(kBob, " phone v")},
     {}},
    {"two ids of one system",
     {{CHANNEL_EXTERNAL, kAda, kHeldValue},
      {CHANNEL_EXTERNAL, kBob, kNotValue}},
     {},
     config::v1::ASSURANCE_REPORTED,
     {},
     {}},
    {"the browser of somebody known",
     {{CHANNEL_EMAIL, kAda, kHeldValue}, {CHANNEL_VISITOR, kBob, kOtherValue}},
     {kBob},
     config::v1::ASSURANCE_REPORTED,
     {},
     {}},
    {"the browser of a guest who has bought",
     {{CHANNEL_EMAIL, kAda, kHeldValue}, {CHANNEL_VISITOR, kBob, kNotValue}},
     {kBob},
     config::v1::ASSURANCE_REPORTED,
     {absl::StrCat(kBob, " visitor v")},
     {}},
    {"the browser of an anonymous visitor",
     {{CHANNEL_EMAIL, kAda, kHeldValue},
      {CHANNEL_VISITOR, kAda, kClaimedValue, kBob}},
     {},
     config::v1::ASSURANCE_REPORTED,
     {},
     {kBob}},
    {"the same by a form",
     {{CHANNEL_EMAIL, kAda, kHeldValue}, {CHANNEL_VISITOR, kBob, kNotValue}},
     {},
     config::v1::ASSURANCE_UNAUTHENTICATED,
     {absl::StrCat(kBob, " visitor v")},
     {}},
    {"two browsers and nothing else",
     {{CHANNEL_VISITOR, kAda, kHeldValue},
      {CHANNEL_VISITOR, kBob, kOtherValue}},
     {},
     config::v1::ASSURANCE_REPORTED,
     {},
     {}},
    {"who has squatted on the address",
     {{CHANNEL_EMAIL, kAda, kClaimedValue, kBob}},
     {},
     config::v1::ASSURANCE_VERIFIED,
     {absl::StrCat(kBob, " email v")},
     {}},
};

// The owner of a touch by a key of this assurance.
TouchOwner OwnerBy(const OthersCase& row) {
  const auto request = CallByPhone();
  base::RequestContext caller = Caller(1);
  auto principal = std::make_shared<base::Principal>(*caller.principal);
  principal->assurance = row.assurance;
  caller.principal = principal;
  const Touch touch(caller, request, 0, absl::FromUnixSeconds(kNow));
  return touch.OwnerOf(ClaimedByAda(row.values), row.identified);
}

TEST(TouchTest, WhoElseATouchNamesIsSuggestedMergedOrLeft) {
  for (const OthersCase& row : kOthersCases) {
    const TouchOwner owner = OwnerBy(row);
    std::vector<std::string> companions, visitors;
    for (const auto& companion : owner.companions) {
      companions.push_back(
          absl::StrCat(companion.contact_id(), " ", companion.value()));
    }
    for (const auto& visitor : owner.visitors) {
      visitors.push_back(visitor.contact_id);
    }
    EXPECT_EQ(companions, row.companions) << row.what;
    EXPECT_EQ(visitors, row.visitors) << row.what;
  }
}

identity::v1::IdentityCandidate VariantHeldBy(const std::string& contact) {
  identity::v1::IdentityCandidate candidate;
  candidate.set_reason(identity::v1::CANDIDATE_REASON_PHONE_VARIANT);
  candidate.mutable_identity()->set_channel(CHANNEL_PHONE);
  candidate.mutable_identity()->set_contact_id(contact);
  candidate.mutable_identity()->set_normalized_value("+5491123456789");
  candidate.mutable_own_identity()->set_channel(CHANNEL_PHONE);
  candidate.mutable_own_identity()->set_normalized_value("+541123456789");
  return candidate;
}

TEST(TouchTest, WhoHoldsAVariantIsACompanionWithBothNumbers) {
  const auto request = CallByPhone();
  const Touch touch = TouchOf(request);
  auto claimed = ClaimedByAda({{CHANNEL_PHONE, kAda, kClaimedValue}});
  *claimed.add_candidates() = VariantHeldBy(kBob);
  const TouchOwner owner = touch.OwnerOf(claimed, {});
  ASSERT_THAT(owner.companions, SizeIs(1));
  EXPECT_EQ(owner.companions[0].contact_id(), kBob);
  EXPECT_EQ(owner.companions[0].reason(),
            contacts::v1::COMPANION_REASON_PHONE_VARIANT);
  EXPECT_EQ(owner.companions[0].value(), "phone +5491123456789");
  EXPECT_EQ(owner.companions[0].own_value(), "phone +541123456789");
  // Also if no claim is needed, so that a repeat suggests them.
  EXPECT_TRUE(touch.ResolveIdentityRequest(0).include_identity_candidates());
  std::vector<identity::v1::ResolveIdentityResponse> resolved = {
      HeldBy({kAda})};
  *resolved[0].add_identity_candidates() = VariantHeldBy(kBob);
  const auto held = touch.HeldByOne(resolved);
  ASSERT_TRUE(held.has_value());
  EXPECT_THAT(touch.OwnerOf(*held, {}).companions, SizeIs(1));
}

TEST(TouchTest, CompanionsAreAtMostTwenty) {
  const auto request = CallByPhone();
  const Touch touch = TouchOf(request);
  auto claimed = ClaimedByAda({{CHANNEL_PHONE, kAda, kClaimedValue},
                               {CHANNEL_EMAIL, kBob, kOtherValue}});
  for (int i = 0; i < 20; ++i) *claimed.add_candidates() = VariantHeldBy(kBob);
  EXPECT_THAT(touch.OwnerOf(claimed, {}).companions, SizeIs(20));
}

TEST(TouchTest, OnlyATouchThatNamesMoreAsksWhoseABrowserIs) {
  auto request = CallByPhone();
  request.clear_identities();
  AddValue(request, "cookie", identity::v1::CHANNEL_VISITOR);
  const std::vector<identity::v1::ResolveIdentityResponse> resolved = {
      HeldBy({kBob}), HeldBy({kAda})};
  EXPECT_THAT(TouchOf(request).VisitorsInQuestion(resolved), IsEmpty());
  AddValue(request, "+14155552671");
  EXPECT_THAT(TouchOf(request).VisitorsInQuestion(resolved), ElementsAre(kBob));
}

TEST(TouchTest, AnAttributionIsOfTheTimeOfTheEventUnlessItSays) {
  auto request = CallByPhone();
  const auto none = TouchOf(request).EnsureContactRequest(OwnerAda());
  EXPECT_FALSE(none.contact().has_attribution());
  auto& attribution = *request.mutable_contact()->mutable_attribution();
  attribution.set_utm_source("google");
  EXPECT_EQ(TouchOf(request)
                .EnsureContactRequest(OwnerAda())
                .contact()
                .attribution()
                .touch_time()
                .seconds(),
            kOccurred);
  attribution.mutable_touch_time()->set_seconds(7);
  EXPECT_EQ(TouchOf(request)
                .EnsureContactRequest(OwnerAda())
                .contact()
                .attribution()
                .touch_time()
                .seconds(),
            7);
}

}  // namespace
}  // namespace kith::gateway
