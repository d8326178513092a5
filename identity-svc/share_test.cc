#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/uuid.h"
#include "common/testing/lookup_tables.h"
#include "common/testing/outbox_rows.h"
#include "identity-svc/lookups.h"
#include "identity-svc/sharing_fixture.h"

namespace kith::identity {
namespace {

using ::kith::testing::OutboxRows;
using ::kith::testing::ToldOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ShareTest : public SharingTest {
 protected:
  void ExpectTablesAgree() {
    testing::LookupTables(harness_.database(), harness_.clock(), Lookups())
        .ExpectAllClean();
  }

  // Ada's phone, which she shares with Bob.
  v1::Identity ShareAdasPhone() {
    EXPECT_THAT(Claim(kAda, {phone_}), IsOk());
    const auto shared = Share(phone_, {kBob});
    EXPECT_THAT(shared, IsOk());
    return shared.ok() ? shared->identity() : v1::Identity();
  }
};

TEST_F(ShareTest, FromNowOnAStandInHoldsTheValue) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  const auto shared = Share(phone_, {kBob});
  ASSERT_THAT(shared, IsOk());
  const absl::Time begun = Now();
  EXPECT_EQ(shared->former_contact_id(), kAda);
  EXPECT_EQ(shared->identity().contact_id(), kHouse);
  EXPECT_EQ(shared->identity().stand_in_contact_id(), kHouse);
  EXPECT_THAT(SharersOfShown(shared->identity()), ElementsAre(kAda, kBob));
  EXPECT_EQ(base::FromProto(shared->identity().start_time()), begun);
  // What was before stays Ada's, also if it is told late.
  EXPECT_EQ(HolderAt(phone_, begun - absl::Microseconds(1)), kAda);
  EXPECT_EQ(ClaimAt(kCleo, phone_, begun - absl::Seconds(1))->contact_id(),
            kAda);
  const auto claimed = Claim(kCleo, {phone_});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kHouse);
  EXPECT_TRUE(claimed->is_stand_in());
  EXPECT_EQ(claimed->values(0).outcome(), v1::CLAIM_OUTCOME_SHARED);
  EXPECT_THAT(SharersOfShown(claimed->values(0).identity()),
              ElementsAre(kAda, kBob));
  EXPECT_EQ(Rows("holdings"), 2);
  ExpectTablesAgree();
}

TEST_F(ShareTest, ALaterCallAddsPeopleAndKeepsTheStandIn) {
  ShareAdasPhone();
  const auto more = Share(ShareOf(phone_, {kCleo, kBob}, kOffice));
  ASSERT_THAT(more, IsOk());
  EXPECT_EQ(more->former_contact_id(), "");
  EXPECT_EQ(more->identity().contact_id(), kHouse);
  EXPECT_THAT(SharersOfShown(more->identity()), ElementsAre(kAda, kBob, kCleo));
  EXPECT_THAT(HeldBy(kOffice), IsEmpty());
  EXPECT_EQ(Rows("holdings"), 2);
  EXPECT_EQ(Rows("contact_identities"), 4);
  ExpectTablesAgree();
}

TEST_F(ShareTest, WhatNobodyHeldIsSharedFromEver) {
  const auto shared = Share(phone_, {kAda, kBob});
  ASSERT_THAT(shared, IsOk());
  EXPECT_EQ(shared->former_contact_id(), "");
  EXPECT_FALSE(shared->identity().has_start_time());
  const absl::Time long_ago = Now() - absl::Hours(24 * 365);
  EXPECT_EQ(HolderAt(phone_, long_ago), "RESOLVE_OUTCOME_MANY");
  EXPECT_EQ(ClaimAt(kCleo, phone_, long_ago)->contact_id(), kHouse);
}

TEST_F(ShareTest, IsIdempotentByRequestId) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  v1::ShareIdentityRequest request = ShareOf(phone_, {kBob}, kHouse, "share-1");
  ASSERT_THAT(Share(request), IsOk());
  ASSERT_THAT(Unshare(UnshareOf(phone_, "", kBob)), IsOk());
  const auto again = Share(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->former_contact_id(), kAda);
  EXPECT_THAT(SharersOfShown(again->identity()), ElementsAre(kAda));
  request.set_reason("another");
  EXPECT_THAT(Share(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(ShareTest, ARepeatByFingerprintNeedsNoContacts) {
  v1::ShareIdentityRequest request =
      ShareOf(phone_, {kAda, kBob}, kHouse, "share-1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  const auto shared = Share(request);
  ASSERT_THAT(shared, IsOk());
  request.clear_contact_ids();
  EXPECT_EQ(Share(request)->SerializeAsString(), shared->SerializeAsString());
  request.set_request_id("share-2");
  EXPECT_THAT(Share(request), StatusIs(StatusCode::kNotFound, "request_id"));
}

TEST_F(ShareTest, AtMostTwentyShareAValue) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  std::vector<std::string> people;
  for (int i = 10; i < 30; ++i) {
    people.push_back(absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-0000000001", i));
  }
  EXPECT_THAT(Share(phone_, people),
              StatusIs(StatusCode::kFailedPrecondition, "21 contacts"));
  people.pop_back();
  const auto shared = Share(phone_, people);
  ASSERT_THAT(shared, IsOk());
  EXPECT_THAT(SharersOfShown(shared->identity()), SizeIs(20));
  EXPECT_THAT(Share(phone_, {kCleo}),
              StatusIs(StatusCode::kFailedPrecondition, "at most 20"));
  EXPECT_THAT(Share(phone_, {kAda}), IsOk());
  EXPECT_THAT(Resolve(phone_)->candidates(), SizeIs(20));
}

TEST_F(ShareTest, AStandInHoldsNothingButOneSharedValue) {
  ASSERT_THAT(Claim(kCleo, {mail_}), IsOk());
  EXPECT_THAT(Share(ShareOf(phone_, {kAda, kBob}, kCleo)),
              StatusIs(StatusCode::kFailedPrecondition, "holds another value"));
  ShareAdasPhone();
  EXPECT_THAT(Share(mail_, {kAda}),
              StatusIs(StatusCode::kFailedPrecondition, "holds another value"));
  EXPECT_THAT(Share(ShareOf(phone_, {kHouse}, kOffice)),
              StatusIs(StatusCode::kFailedPrecondition, "the stand-in"));
  EXPECT_EQ(HolderOf(mail_), kCleo);
}

TEST_F(ShareTest, AnswersTheDocumentedErrors) {
  EXPECT_THAT(Share(phone_, {}),
              StatusIs(StatusCode::kInvalidArgument, "contact_ids"));
  EXPECT_THAT(Share(phone_, {kAda, kAda}),
              StatusIs(StatusCode::kInvalidArgument, "twice"));
  EXPECT_THAT(
      Share(phone_, {kAda, kHouse}),
      StatusIs(StatusCode::kInvalidArgument, "proposed_stand_in_contact_id"));
  EXPECT_THAT(Share(Phone("0000000"), {kAda}),
              StatusIs(StatusCode::kInvalidArgument, "value: a placeholder"));
  EXPECT_THAT(Share(ShareOf(phone_, {kAda}), kDemoPublic),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(Share(ShareOf(phone_, {kAda}), kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "identity.write"));
  EXPECT_EQ(Rows("identities"), 0);
  ShareAdasPhone();
  EXPECT_EQ(HolderOf(phone_, kOther), "RESOLVE_OUTCOME_NONE");
}

TEST_F(ShareTest, WhatIsSharedNeitherEndsNorMovesAsOnePersons) {
  ShareAdasPhone();
  for (const char* contact : {kAda, kCleo}) {
    EXPECT_THAT(Link(contact, phone_),
                StatusIs(StatusCode::kAlreadyExists, kHouse));
  }
  for (const char* contact : {kAda, kBob, kHouse}) {
    const auto ended = Unlink(contact, phone_);
    EXPECT_THAT(ended, StatusIs(StatusCode::kFailedPrecondition));
    EXPECT_EQ(ReasonOfError(ended.status()), "VALUE_SHARED");
    for (const bool never : {false, true}) {
      const absl::Status moved = Move(contact, kCleo, phone_, never);
      EXPECT_THAT(moved, StatusIs(StatusCode::kFailedPrecondition));
      EXPECT_EQ(ReasonOfError(moved), "VALUE_SHARED");
    }
  }
  EXPECT_THAT(Unlink(kCleo, phone_), StatusIs(StatusCode::kNotFound));
  v1::VerifyHoldingRequest proof;
  *proof.mutable_value() = phone_;
  proof.set_method("sms_code");
  for (const char* contact : {kAda, kCleo, kHouse}) {
    proof.set_contact_id(contact);
    EXPECT_THAT(harness_.Call(&Stub::VerifyHolding, proof, kDemoVerified),
                StatusIs(StatusCode::kAlreadyExists, kHouse));
  }
  EXPECT_THAT(SharersOfShown(HeldBy(kHouse).at(0)), ElementsAre(kAda, kBob));
}

// The stand-in's contact is made after the call. Meanwhile nobody may take what
// people share for free.
TEST_F(ShareTest, AStandInThatIsNoContactYetKeepsTheValue) {
  ShareAdasPhone();
  Pass(absl::Hours(1));
  v1::LinkIdentityRequest request;
  request.set_contact_id(kCleo);
  *request.mutable_value() = phone_;
  request.add_absent_contact_ids(kHouse);
  EXPECT_THAT(harness_.Call(&Stub::LinkIdentity, request),
              StatusIs(StatusCode::kAlreadyExists, kHouse));
}

TEST_F(ShareTest, TheKeeperHoldsTheValueFromNowOn) {
  ShareAdasPhone();
  const absl::Time shared = Now();
  const auto kept = Unshare(UnshareOf(phone_, kBob));
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->identity().contact_id(), kBob);
  EXPECT_EQ(kept->identity().stand_in_contact_id(), "");
  EXPECT_THAT(SharersOfShown(kept->identity()), IsEmpty());
  EXPECT_EQ(base::FromProto(kept->identity().start_time()), Now());
  EXPECT_EQ(kept->stand_in_contact_id(), kHouse);
  EXPECT_EQ(HolderOf(phone_), kBob);
  EXPECT_EQ(HolderAt(phone_, shared), "RESOLVE_OUTCOME_MANY");
  // A late touch of that time is the stand-in's.
  const auto late = ClaimAt(kCleo, phone_, shared);
  EXPECT_EQ(late->contact_id(), kHouse);
  EXPECT_TRUE(late->is_stand_in());
  EXPECT_THAT(HeldBy(kAda), IsEmpty());
  EXPECT_EQ(HeldBy(kHouse, /*include_past=*/true).at(0).end_reason(),
            "moved out");
  ExpectTablesAgree();
}

TEST_F(ShareTest, WithoutAKeeperNobodyHoldsTheValue) {
  ShareAdasPhone();
  const auto ended = Unshare(UnshareOf(phone_));
  ASSERT_THAT(ended, IsOk());
  EXPECT_EQ(ended->identity().contact_id(), kHouse);
  EXPECT_EQ(base::FromProto(ended->identity().end_time()), Now());
  EXPECT_EQ(HolderOf(phone_), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(Rows("contact_identities"), 0);
  EXPECT_EQ(Claim(kCleo, {phone_})->contact_id(), kCleo);
  ExpectTablesAgree();
}

TEST_F(ShareTest, OneIsRemovedAndTheOthersGoOn) {
  ShareAdasPhone();
  v1::UnshareIdentityRequest request = UnshareOf(phone_, "", kCleo);
  EXPECT_THAT(Unshare(request), StatusIs(StatusCode::kNotFound, "not share"));
  // Ada is of the group of Cleo.
  request.add_remove_member_ids(kAda);
  const auto removed = Unshare(request);
  ASSERT_THAT(removed, IsOk());
  EXPECT_EQ(removed->identity().contact_id(), kHouse);
  EXPECT_THAT(SharersOfShown(removed->identity()), ElementsAre(kBob));
  EXPECT_THAT(HeldBy(kAda), IsEmpty());
  EXPECT_EQ(HolderOf(phone_), kBob);
  ExpectTablesAgree();
  // That she shared it came after she held it, and is of her past.
  const auto past = HeldBy(kAda, /*include_past=*/true);
  ASSERT_THAT(past, SizeIs(1));
  EXPECT_EQ(past[0].contact_id(), kAda);
  EXPECT_EQ(past[0].stand_in_contact_id(), kHouse);
  EXPECT_EQ(base::FromProto(past[0].end_time()), Now());
  ASSERT_THAT(Unshare(UnshareOf(phone_, "", kBob)), IsOk());
  EXPECT_EQ(HolderOf(phone_), "RESOLVE_OUTCOME_NONE");
  EXPECT_THAT(HeldBy(kBob), IsEmpty());
  EXPECT_THAT(Unshare(UnshareOf(phone_)),
              StatusIs(StatusCode::kNotFound, "not shared"));
  ExpectTablesAgree();
}

TEST_F(ShareTest, WhatAContactOnlySharedIsOfItsPast) {
  ShareAdasPhone();
  const absl::Time shared = Now();
  EXPECT_THAT(Share(phone_, {kCleo}), IsOk());
  EXPECT_FALSE(HeldBy(kBob, /*include_past=*/true).at(0).has_end_time());
  ASSERT_THAT(Unshare(UnshareOf(phone_, /*keeper=*/kAda)), IsOk());
  EXPECT_THAT(HeldBy(kBob), IsEmpty());
  const auto past = HeldBy(kBob, /*include_past=*/true);
  ASSERT_THAT(past, SizeIs(1));
  EXPECT_EQ(past[0].contact_id(), kBob);
  EXPECT_EQ(past[0].stand_in_contact_id(), kHouse);
  EXPECT_EQ(base::FromProto(past[0].start_time()), shared);
  EXPECT_EQ(base::FromProto(past[0].end_time()), Now());
  // The keeper has it now.
  EXPECT_FALSE(HeldBy(kAda, /*include_past=*/true).at(0).has_end_time());
  ExpectTablesAgree();
}

// The holding keeps the last 20 who share the value no more.
TEST_F(ShareTest, OfThoseWhoShareItNoMoreTheOldestAreForgotten) {
  ShareAdasPhone();
  for (int i = 0; i < 21; ++i) {
    const std::string contact =
        absl::StrFormat("0192f0c1-2a3b-7c4d-8e5f-0000000001%02d", i);
    ASSERT_THAT(Share(phone_, {contact}), IsOk());
    ASSERT_THAT(Unshare(UnshareOf(phone_, "", contact)), IsOk());
    EXPECT_THAT(HeldBy(contact, /*include_past=*/true), SizeIs(1));
  }
  EXPECT_THAT(HeldBy("0192f0c1-2a3b-7c4d-8e5f-000000000100", true), IsEmpty());
  ExpectTablesAgree();
}

TEST_F(ShareTest, UnshareIsIdempotentByRequestId) {
  ShareAdasPhone();
  v1::UnshareIdentityRequest request = UnshareOf(phone_, kBob);
  request.set_request_id("unshare-1");
  ASSERT_THAT(Unshare(request), IsOk());
  const auto shared_again = Share(ShareOf(phone_, {kAda}, kOffice));
  ASSERT_THAT(shared_again, IsOk());
  const auto again = Unshare(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->identity().contact_id(), kBob);
  EXPECT_EQ(again->stand_in_contact_id(), kHouse);
  EXPECT_EQ(Claim(kCleo, {phone_})->contact_id(), kOffice);
  request.set_keep_contact_id(kAda);
  EXPECT_THAT(Unshare(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

// The gateway names a contact that shares nothing for a customer whom it has
// not found: nothing else but a repeat is answered.
TEST_F(ShareTest, ARepeatOfUnshareByFingerprintNeedsNoKeeper) {
  ShareAdasPhone();
  v1::UnshareIdentityRequest request = UnshareOf(phone_, kBob);
  request.set_request_id("unshare-1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  v1::UnshareIdentityRequest unnamed = request;
  unnamed.clear_keep_contact_id();
  unnamed.set_remove_contact_id(base::Uuid().ToString());
  EXPECT_THAT(Unshare(unnamed), StatusIs(StatusCode::kNotFound, "not share"));
  EXPECT_THAT(SharersOfShown(HeldBy(kHouse).at(0)), ElementsAre(kAda, kBob));
  const auto kept = Unshare(request);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(Unshare(unnamed)->SerializeAsString(), kept->SerializeAsString());
}

TEST_F(ShareTest, UnshareAnswersTheDocumentedErrors) {
  ShareAdasPhone();
  EXPECT_THAT(Unshare(UnshareOf(phone_, kAda, kBob)),
              StatusIs(StatusCode::kInvalidArgument, "remove_contact_id"));
  EXPECT_THAT(Unshare(UnshareOf(phone_, "x")),
              StatusIs(StatusCode::kInvalidArgument, "keep_contact_id"));
  EXPECT_THAT(Unshare(UnshareOf(phone_, kHouse)),
              StatusIs(StatusCode::kInvalidArgument, "the stand-in"));
  v1::UnshareIdentityRequest members = UnshareOf(phone_);
  members.add_remove_member_ids(kAda);
  EXPECT_THAT(Unshare(members),
              StatusIs(StatusCode::kInvalidArgument, "remove_member_ids"));
  EXPECT_THAT(Unshare(UnshareOf(mail_)), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Unshare(UnshareOf(phone_), kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Unshare(UnshareOf(phone_), kDemoPublic),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(SharersOfShown(HeldBy(kHouse).at(0)), ElementsAre(kAda, kBob));
}

TEST_F(ShareTest, TheFeedTellsWhoSharesTheValue) {
  const std::string key = ShareAdasPhone().identity_key();
  ASSERT_THAT(Share(phone_, {kCleo}), IsOk());
  ASSERT_THAT(Share(phone_, {kCleo}), IsOk());
  ASSERT_THAT(Unshare(UnshareOf(phone_, "", kAda)), IsOk());
  ASSERT_THAT(Unshare(UnshareOf(phone_, kBob)), IsOk());
  EXPECT_THAT(
      ToldOf(harness_.database(), key),
      ElementsAre("1 identity_linked", "2 identity_unlinked",
                  "3 identity_linked", "4 identity_sharing_changed",
                  "5 identity_sharing_changed", "6 identity_sharing_changed",
                  "7 identity_sharing_changed", "8 identity_unlinked",
                  "9 identity_linked"));
  const auto rows = OutboxRows(harness_.database());
  EXPECT_EQ(rows[2].identity_linked().contact_id(), kHouse);
  EXPECT_EQ(rows[3].identity_sharing_changed().stand_in_contact_id(), kHouse);
  EXPECT_THAT(rows[3].identity_sharing_changed().sharing_contact_ids(),
              ElementsAre(kAda, kBob));
  EXPECT_THAT(rows[5].identity_sharing_changed().sharing_contact_ids(),
              ElementsAre(kBob, kCleo));
  EXPECT_THAT(rows[5].identity_sharing_changed().removed_contact_ids(),
              ElementsAre(kAda));
  EXPECT_THAT(rows[6].identity_sharing_changed().sharing_contact_ids(),
              IsEmpty());
  EXPECT_THAT(rows[6].identity_sharing_changed().removed_contact_ids(),
              ElementsAre(kBob, kCleo));
}

}  // namespace
}  // namespace kith::identity
