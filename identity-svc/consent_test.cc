#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"
#include "common/testing/outbox_rows.h"
#include "google/rpc/error_details.pb.h"
#include "identity-svc/consent_fixture.h"

namespace kith::identity {
namespace {

TEST_F(ConsentTest, ARecordIsKeptAsItWasSaid) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  v1::RecordConsentRequest request = Grant(kAda, mail_);
  v1::Consent& said = *request.mutable_consent();
  said.set_topic("news");
  said.set_agent("web");
  said.mutable_text()->set_sha256(std::string(32, 'h'));
  said.mutable_text()->set_language("de-AT");
  said.mutable_evidence()->set_uri("https://example.com/join");
  *said.mutable_captured_time() = base::ToProto(Now() - absl::Hours(3));
  const auto recorded = Record(request);
  ASSERT_THAT(recorded.status(), IsOk());
  EXPECT_EQ(recorded->contact_id(), kAda);
  EXPECT_EQ(recorded->channel(), v1::CHANNEL_EMAIL);
  EXPECT_EQ(recorded->identity_key().size(), 32U);
  EXPECT_EQ(recorded->assurance(), config::v1::ASSURANCE_REPORTED);
  EXPECT_EQ(recorded->recorded_by(), "demo");
  EXPECT_EQ(base::FromProto(recorded->recorded_time()), Now());
  EXPECT_EQ(recorded->text().language(), "de-AT");
  EXPECT_EQ(recorded->captured_time().seconds(),
            said.captured_time().seconds());
  const auto listed = List({kAda});
  ASSERT_THAT(listed.status(), IsOk());
  ASSERT_EQ(listed->consents_size(), 1);
  EXPECT_THAT(listed->consents(0), testing::EqualsProto(*recorded));
}

TEST_F(ConsentTest, ARepeatHasNoSecondEffect) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  v1::RecordConsentRequest request = Grant(kAda, mail_);
  request.set_request_id("r1");
  const auto first = Record(request);
  ASSERT_THAT(first.status(), IsOk());
  request.add_member_ids(kBob);
  const auto second = Record(request);
  ASSERT_THAT(second.status(), IsOk());
  EXPECT_THAT(*second, testing::EqualsProto(*first));
  EXPECT_EQ(Rows("consents"), 1);
  request.mutable_consent()->set_topic("news");
  EXPECT_THAT(Record(request).status(),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(ConsentTest, AnExternalIdIsRecordedOnceForEver) {
  v1::RecordConsentRequest request = Word(kAda, v1::CONSENT_STATE_REFUSED);
  request.mutable_consent()->set_source("crm");
  request.mutable_consent()->set_external_id("7");
  const auto first = Record(request);
  ASSERT_THAT(first.status(), IsOk());
  Pass(absl::Hours(24 * 365));
  const auto second = Record(request);
  ASSERT_THAT(second.status(), IsOk());
  EXPECT_EQ(second->consent_id(), first->consent_id());
  EXPECT_EQ(Rows("consents"), 1);
  request.mutable_consent()->set_purpose(v1::CONSENT_PURPOSE_SALES);
  EXPECT_THAT(Record(request).status(),
              StatusIs(StatusCode::kAlreadyExists, first->consent_id()));
}

TEST_F(ConsentTest, ARepeatOfAFlowFindsItsRecordWithoutAContact) {
  v1::RecordConsentRequest request = Word(kAda, v1::CONSENT_STATE_REFUSED);
  request.set_request_id("r1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  const auto first = Record(request);
  ASSERT_THAT(first.status(), IsOk());
  request.clear_contact_id();
  EXPECT_EQ(Record(request)->consent_id(), first->consent_id());
  request.set_request_id("r2");
  EXPECT_THAT(Record(request).status(), StatusIs(StatusCode::kNotFound, ""));
}

TEST_F(ConsentTest, ARecordIsOfTheMemberWhoHoldsTheValue) {
  ASSERT_THAT(Claim(kBob, {mail_}).status(), IsOk());
  v1::RecordConsentRequest request = Grant(kAda, mail_);
  EXPECT_THAT(Record(request).status(),
              StatusIs(StatusCode::kFailedPrecondition, "does not hold"));
  request.add_member_ids(kAda);
  request.add_member_ids(kBob);
  const auto recorded = Record(request);
  ASSERT_THAT(recorded.status(), IsOk());
  EXPECT_EQ(recorded->contact_id(), kBob);
}

TEST_F(ConsentTest, ARefusalIsTakenForAValueThatNobodyOrAnotherHolds) {
  const auto nobodys = Record(Refuse(kAda, mail_));
  ASSERT_THAT(nobodys.status(), IsOk());
  EXPECT_EQ(nobodys->contact_id(), kAda);
  ASSERT_THAT(Claim(kBob, {phone_}).status(), IsOk());
  const auto anothers = Record(Refuse(kAda, phone_));
  ASSERT_THAT(anothers.status(), IsOk());
  EXPECT_EQ(anothers->contact_id(), kAda);
  EXPECT_EQ(Why({kBob}, phone_), "SUPPRESSED");
}

TEST_F(ConsentTest, AFormAsksAndDoesNothingElse) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  EXPECT_THAT(Record(Ask(kAda, mail_), kDemoPublic).status(), IsOk());
  EXPECT_EQ(Why({kAda}, mail_), "PENDING");
  EXPECT_THAT(Record(Grant(kAda, mail_), kDemoPublic).status(),
              StatusIs(StatusCode::kPermissionDenied, "want PENDING"));
  EXPECT_THAT(Record(Refuse(kAda, mail_), kDemoPublic).status(),
              StatusIs(StatusCode::kPermissionDenied, "want PENDING"));
  EXPECT_EQ(Rows("consents"), 1);
}

// https://github.com/knadh/listmonk/issues/2987
TEST_F(ConsentTest, AFormUnconfirmsNobodyAndLiftsNothing) {
  ASSERT_THAT(Claim(kAda, {mail_, phone_}).status(), IsOk());
  ASSERT_THAT(Record(Grant(kAda, mail_)).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, phone_)).status(), IsOk());
  EXPECT_THAT(Record(Ask(kAda, mail_), kDemoPublic).status(), IsOk());
  EXPECT_THAT(Record(Ask(kAda, phone_), kDemoPublic).status(), IsOk());
  EXPECT_EQ(Why({kAda}, mail_), "GRANTED");
  EXPECT_EQ(Why({kAda}, phone_), "REFUSED");
}

// https://github.com/margince/margince/issues/5398: refuse, the own page,
// confirm, and mail goes out again.
TEST_F(ConsentTest, ThePersonCanLiftARefusal) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, mail_)).status(), IsOk());
  ASSERT_THAT(Record(Ask(kAda, mail_), kDemoPublic).status(), IsOk());
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
  ASSERT_THAT(Record(Confirm(kAda, mail_), kDemoVerified).status(), IsOk());
  EXPECT_EQ(Why({kAda}, mail_), "GRANTED");
}

TEST_F(ConsentTest, NobodyElseCan) {
  ASSERT_THAT(Claim(kAda, {mail_, phone_}).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, mail_)).status(), IsOk());
  const auto refused = Record(Grant(kAda, mail_));
  EXPECT_THAT(refused.status(),
              StatusIs(StatusCode::kFailedPrecondition, "refused by"));
  const auto info =
      status::FindDetail<google::rpc::ErrorInfo>(refused.status());
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason(), "CONSENT_REFUSED");
  EXPECT_THAT(Record(Grant(kAda, mail_), kDemoVerified).status(),
              StatusIs(StatusCode::kFailedPrecondition, "refused by"));
  EXPECT_THAT(Record(Confirm(kAda, mail_)).status(),
              StatusIs(StatusCode::kPermissionDenied, "VERIFIED"));
  v1::RecordConsentRequest by_agent = Confirm(kAda, mail_);
  by_agent.mutable_consent()->set_captured_by(v1::CONSENT_CAPTURER_AGENT);
  EXPECT_THAT(Record(by_agent, kDemoVerified).status(),
              StatusIs(StatusCode::kInvalidArgument, "by the PERSON"));
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
  EXPECT_EQ(Rows("consents"), 1);
}

TEST_F(ConsentTest, APersonConfirmsTheVeryValue) {
  ASSERT_THAT(Claim(kAda, {mail_, phone_}).status(), IsOk());
  const auto other = Record(Grant(kAda, phone_));
  ASSERT_THAT(other.status(), IsOk());
  v1::RecordConsentRequest request = Confirm(kAda, mail_);
  request.mutable_consent()->mutable_confirmation()->set_identity_key(
      other->identity_key());
  EXPECT_THAT(Record(request, kDemoVerified).status(),
              StatusIs(StatusCode::kInvalidArgument, "another channel value"));
}

// https://github.com/pentacent/keila/issues/259
TEST_F(ConsentTest, AnImportOfAnEditedExportMakesNobodyActive) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, mail_)).status(), IsOk());
  v1::RecordConsentRequest row = Grant(kAda, mail_);
  row.mutable_consent()->set_captured_by(v1::CONSENT_CAPTURER_SYSTEM);
  row.mutable_consent()->set_method(v1::CONSENT_METHOD_IMPORT);
  row.mutable_consent()->set_source("export");
  row.mutable_consent()->set_external_id("1");
  row.mutable_consent()->mutable_evidence()->set_uri(
      "https://example.com/export");
  EXPECT_THAT(Record(row).status(),
              StatusIs(StatusCode::kFailedPrecondition, "refused by"));
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
}

// https://github.com/knadh/listmonk/issues/2008
TEST_F(ConsentTest, AnImportGrantsNothingWithoutEvidence) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  v1::RecordConsentRequest row = Grant(kAda, mail_);
  row.mutable_consent()->clear_text();
  EXPECT_THAT(Record(row).status(),
              StatusIs(StatusCode::kInvalidArgument, "consent.evidence"));
}

TEST_F(ConsentTest, RecordsOfAContactRiseWhateverTheClockSays) {
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const auto recorded = harness_.Call(&Stub::RecordConsent,
                                        Word(kAda, v1::CONSENT_STATE_REFUSED));
    ASSERT_THAT(recorded.status(), IsOk());
    ids.insert(ids.begin(), recorded->consent_id());
  }
  const auto listed = List({kAda});
  ASSERT_EQ(listed->consents_size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(listed->consents(i).consent_id(), ids[i]);
  }
}

TEST_F(ConsentTest, ListsTheRecordsOfAllMembersNewestFirstByPages) {
  std::vector<std::string> ids;
  for (int i = 0; i < 7; ++i) {
    const auto recorded =
        Record(Word(i % 2 == 0 ? kAda : kBob, v1::CONSENT_STATE_REFUSED));
    ASSERT_THAT(recorded.status(), IsOk());
    ids.insert(ids.begin(), recorded->consent_id());
  }
  ASSERT_THAT(Record(Word(kCleo, v1::CONSENT_STATE_REFUSED)).status(), IsOk());
  std::vector<std::string> read;
  std::string token;
  do {
    const auto page = List({kAda, kBob}, 3, token);
    ASSERT_THAT(page.status(), IsOk());
    for (const auto& each : page->consents()) {
      read.push_back(each.consent_id());
    }
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(read, ids);
  const std::string first = List({kAda, kBob}, 3)->next_page_token();
  EXPECT_THAT(List({kAda, kCleo}, 3, first).status(),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

TEST_F(ConsentTest, TheFeedTellsOfEachRecordInTheirOrder) {
  const auto refused = Record(Refuse(kAda, mail_));
  ASSERT_THAT(refused, IsOk());
  v1::RecordConsentRequest again = Refuse(kAda, phone_);
  again.set_request_id("r-1");
  ASSERT_THAT(Record(again), IsOk());
  ASSERT_THAT(Record(again), IsOk());
  const auto rows = testing::OutboxRows(harness_.database());
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].owner(), kAda);
  EXPECT_EQ(rows[0].consent_recorded().consent_id(), refused->consent_id());
  EXPECT_EQ(rows[0].consent_recorded().purpose(),
            v1::CONSENT_PURPOSE_MARKETING);
  EXPECT_EQ(rows[0].consent_recorded().state(), v1::CONSENT_STATE_REFUSED);
  EXPECT_LT(rows[0].owner_version(), rows[1].owner_version());
}

TEST_F(ConsentTest, AnotherTenantSeesNothing) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, mail_)).status(), IsOk());
  EXPECT_EQ(List({kAda}, 0, "", kOther)->consents_size(), 0);
  EXPECT_EQ(Why({kAda}, mail_, kOther), "NO_CONSENT");
  ASSERT_THAT(Claim(kAda, {mail_}, kOther).status(), IsOk());
  EXPECT_THAT(Record(Grant(kAda, mail_), kOther).status(), IsOk());
  EXPECT_EQ(Why({kAda}, mail_, kOther), "GRANTED");
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
}

TEST_F(ConsentTest, AKeyNeedsTheScopes) {
  EXPECT_THAT(Record(Refuse(kAda, mail_), kDemoNoScopes).status(),
              StatusIs(StatusCode::kPermissionDenied, "identity.write"));
  EXPECT_THAT(List({kAda}, 0, "", kDemoNoScopes).status(),
              StatusIs(StatusCode::kPermissionDenied, "identity.read"));
  EXPECT_THAT(MayContact(Question({kAda}), kDemoNoScopes).status(),
              StatusIs(StatusCode::kPermissionDenied, "identity.read"));
}

// Of any number of racing words a refusal is not lost.
TEST_F(ConsentTest, RacingWordsLoseNoRefusal) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 5; ++j) {
        v1::RecordConsentRequest request =
            i == 3 && j == 2 ? Refuse(kAda, mail_) : Grant(kAda, mail_);
        request.mutable_consent()->set_topic(
            i == 3 && j == 2 ? "" : absl::StrCat("t", i, "-", j));
        // Grants after the refusal are refused.
        (void)harness_.Call(&Stub::RecordConsent, request);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  v1::MayContactRequest request = Question({kAda});
  *request.mutable_value() = mail_;
  for (int i = 0; i < 8; ++i) {
    request.set_topic(absl::StrCat("t", i, "-0"));
    EXPECT_EQ(MayContact(request)->reason(), v1::MAY_CONTACT_REASON_REFUSED);
  }
}

}  // namespace
}  // namespace kith::identity
