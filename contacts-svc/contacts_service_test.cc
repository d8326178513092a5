#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/testing/matchers.h"
#include "contacts-svc/contacts_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::contacts {
namespace {

using absl::StatusCode;
using ::kith::testing::EqualsProto;
using ::kith::testing::IsOk;
using ::kith::testing::kDemoNoScopes;
using ::kith::testing::kNobody;
using ::kith::testing::kOther;
using ::kith::testing::StatusIs;
using ::kith::testing::TestKey;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr char kId[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

using ContactsServiceTest = ContactsTest;

TEST_F(ContactsServiceTest, AContactNeedsNothing) {
  const auto contact = Create(v1::CreateContactRequest());
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->kind(), v1::CONTACT_KIND_PERSON);
  EXPECT_EQ(contact->stage(), v1::STAGE_LEAD);
  EXPECT_EQ(contact->canonical_id(), contact->contact_id());
  EXPECT_THAT(contact->member_ids(), ElementsAre(contact->contact_id()));
}

TEST_F(ContactsServiceTest, EveryFieldComesBack) {
  v1::CreateContactRequest request;
  request.set_contact_id(kId);
  v1::Contact& fields = *request.mutable_contact();
  fields.set_kind(v1::CONTACT_KIND_ORGANIZATION);
  fields.set_display_name("Œuvres Ünïcode \xF0\x9F\x8C\xB1");
  fields.set_given_name("Ada");
  fields.set_family_name("Byron");
  fields.set_stage(v1::STAGE_QUALIFIED);
  fields.add_roles(v1::ROLE_AFFILIATE);
  fields.set_account_id(kAbsentId);
  fields.set_owner("sales-1");
  fields.mutable_attribution()->set_utm_campaign("spring");
  (*fields.mutable_attributes())["tier"] = "gold";
  fields.add_labels("vip");
  const auto created = Create(request);
  ASSERT_THAT(created, IsOk());
  const auto read = Get(kId);
  ASSERT_THAT(read, IsOk());
  EXPECT_THAT(*read, EqualsProto(*created));
  ASSERT_THAT(read->stage_times(), SizeIs(1));
  EXPECT_EQ(read->stage_times(0).stage(), v1::STAGE_QUALIFIED);
  // What the service has set beside the fields of the request.
  fields.set_contact_id(kId);
  fields.set_canonical_id(kId);
  fields.add_member_ids(kId);
  fields.set_etag(read->etag());
  *fields.mutable_create_time() = read->create_time();
  *fields.mutable_update_time() = read->update_time();
  *fields.mutable_stage_times() = read->stage_times();
  EXPECT_THAT(*read, EqualsProto(fields));
}

TEST_F(ContactsServiceTest, CreateIsIdempotentByContactId) {
  v1::CreateContactRequest request;
  request.set_contact_id(kId);
  request.mutable_contact()->set_display_name("Ada");
  const auto first = Create(request);
  const auto again = Create(request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->etag(), first->etag());
  request.mutable_contact()->set_display_name("Grace");
  EXPECT_THAT(Create(request),
              StatusIs(StatusCode::kAlreadyExists, "contact_id"));
  EXPECT_EQ(Get(kId)->display_name(), "Ada");
}

struct RepeatCase {
  const char* name;
  // Of the first request and of the repeat.
  const char* request_id;
  const char* repeat_id;
  const char* display_name;
  // OK: the contact of the first.
  StatusCode code;
};

// Cases G4: the first has proposed kId, and the name Ada.
const RepeatCase kRepeatCases[] = {
    {"NoRequestId", "", "", "Ada", StatusCode::kOk},
    {"TheSameRequestId", "r", "r", "Ada", StatusCode::kOk},
    {"AnotherRequestId", "r", "s", "Ada", StatusCode::kOk},
    {"ARequestIdAtLast", "", "s", "Ada", StatusCode::kOk},
    {"NoRequestIdAnyMore", "r", "", "Ada", StatusCode::kOk},
    {"AnotherBody", "", "", "Grace", StatusCode::kAlreadyExists},
    {"AnotherBodyAndRequestId", "r", "s", "Grace", StatusCode::kAlreadyExists},
    {"AnotherBodyUnderTheRequestId", "r", "r", "Grace",
     StatusCode::kInvalidArgument},
};

TEST_F(ContactsServiceTest, AProposedIdMakesOneContactOfTheSameBody) {
  for (const RepeatCase& one : kRepeatCases) {
    SCOPED_TRACE(one.name);
    v1::CreateContactRequest request;
    request.set_contact_id(base::Uuid::Make(absl::Now()).ToString());
    if (one.request_id[0] != '\0') {
      request.set_request_id(absl::StrCat(one.name, one.request_id));
    }
    request.mutable_contact()->set_display_name("Ada");
    const auto first = Create(request);
    ASSERT_THAT(first, IsOk());
    request.clear_request_id();
    if (one.repeat_id[0] != '\0') {
      request.set_request_id(absl::StrCat(one.name, one.repeat_id));
    }
    request.mutable_contact()->set_display_name(one.display_name);
    const auto again = Create(request);
    EXPECT_EQ(again.status().code(), one.code) << again.status();
    if (again.ok()) {
      EXPECT_EQ(again->etag(), first->etag());
    }
  }
}

TEST_F(ContactsServiceTest, AProposedIdIsTheSameInCapitals) {
  v1::CreateContactRequest request;
  request.set_contact_id(kId);
  ASSERT_THAT(Create(request), IsOk());
  request.set_contact_id(absl::AsciiStrToUpper(kId));
  const auto again = Create(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->contact_id(), kId);
}

TEST_F(ContactsServiceTest, CreateIsIdempotentByRequestId) {
  v1::CreateContactRequest request;
  request.set_request_id("req-1");
  request.mutable_contact()->set_display_name("Ada");
  const auto first = Create(request);
  const auto again = Create(request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->contact_id(), first->contact_id());
  request.mutable_contact()->set_display_name("Grace");
  EXPECT_THAT(Create(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  EXPECT_EQ(Rows("contacts"), 1);
}

class RacingCreates : public ContactsServiceTest,
                      public ::testing::WithParamInterface<const char*> {};

TEST_P(RacingCreates, MakeOneContact) {
  v1::CreateContactRequest request;
  request.set_contact_id(GetParam());
  if (request.contact_id().empty()) request.set_request_id("req-race");
  std::vector<std::thread> threads;
  std::vector<absl::StatusOr<v1::Contact>> answers(
      16, absl::UnknownError("not called"));
  for (auto& answer : answers) {
    threads.emplace_back([&] { answer = Create(request); });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> ids;
  for (const auto& answer : answers) {
    ASSERT_THAT(answer, IsOk());
    ids.insert(answer->contact_id());
  }
  EXPECT_THAT(ids, SizeIs(1));
  EXPECT_EQ(Rows("contacts"), 1);
}

INSTANTIATE_TEST_SUITE_P(ByRequestIdOrContactId, RacingCreates,
                         ::testing::Values("", kId));

TEST_F(ContactsServiceTest, RacingCopiesOfAnUpdateWithAnEtagAllSucceed) {
  const auto contact = Create("Ada");
  v1::UpdateContactRequest request;
  *request.mutable_contact() = *contact;
  request.mutable_contact()->set_display_name("Grace");
  request.mutable_update_mask()->add_paths("display_name");
  request.set_request_id("rename-race");
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      EXPECT_THAT(harness_.Call(&Stub::UpdateContact, request), IsOk());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Get(contact->contact_id())->etag(), "2");
}

TEST_F(ContactsServiceTest, CreateNamesEveryFault) {
  v1::CreateContactRequest request;
  request.set_contact_id("17");
  request.mutable_contact()->set_display_name(std::string(214, 'x'));
  const auto refused = Create(request);
  EXPECT_THAT(refused,
              StatusIs(StatusCode::kInvalidArgument,
                       "contact.display_name: 214 characters, want at most "
                       "200"));
  EXPECT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, "contact_id"));
}

TEST_F(ContactsServiceTest, GetAnswersTheDocumentedErrors) {
  EXPECT_THAT(Get("x"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Get(kAbsentId), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Get(kId, kNobody), StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Get(kId, kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "contacts.read"));
}

TEST_F(ContactsServiceTest, BatchGetNamesWhatIsMissing) {
  const auto a = Create("A");
  const auto b = Create("B");
  v1::BatchGetContactsRequest request;
  request.add_contact_ids(b->contact_id());
  request.add_contact_ids(kAbsentId);
  request.add_contact_ids(a->contact_id());
  const auto found = harness_.Call(&Stub::BatchGetContacts, request);
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->contacts(), SizeIs(2));
  EXPECT_EQ(found->contacts(0).display_name(), "B");
  EXPECT_EQ(found->contacts(1).display_name(), "A");
  EXPECT_THAT(found->missing_ids(), ElementsAre(kAbsentId));
  EXPECT_THAT(
      harness_.Call(&Stub::BatchGetContacts, v1::BatchGetContactsRequest()),
      StatusIs(StatusCode::kInvalidArgument, "want 1 to 500"));
}

TEST_F(ContactsServiceTest, EnsureMakesOnceAndOnlyMovesTheStageUp) {
  const auto made = Ensure(kId, v1::STAGE_UNSPECIFIED);
  ASSERT_THAT(made, IsOk());
  EXPECT_TRUE(made->created());
  EXPECT_EQ(made->contact().stage(), v1::STAGE_LEAD);
  const auto raised = Ensure(kId, v1::STAGE_CUSTOMER);
  ASSERT_THAT(raised, IsOk());
  EXPECT_FALSE(raised->created());
  EXPECT_EQ(raised->contact().stage(), v1::STAGE_CUSTOMER);
  const auto lower = Ensure(kId, v1::STAGE_QUALIFIED);
  EXPECT_EQ(lower->contact().stage(), v1::STAGE_CUSTOMER);
  EXPECT_EQ(lower->contact().etag(), raised->contact().etag());
  EXPECT_THAT(Ensure(kId, v1::STAGE_FORMER),
              StatusIs(StatusCode::kInvalidArgument, "FORMER"));
}

TEST_F(ContactsServiceTest, AStageIsReachedWhenItsCauseOccurred) {
  v1::EnsureContactRequest purchase;
  purchase.set_contact_id(kId);
  purchase.set_at_least_stage(v1::STAGE_CUSTOMER);
  const absl::Time now = harness_.clock().Now();
  for (const int days : {40, 50, 45}) {
    *purchase.mutable_stage_time() =
        base::ToProto(now - days * absl::Hours(24));
    ASSERT_THAT(harness_.Call(&Stub::EnsureContact, purchase), IsOk());
  }
  const auto read = Get(kId);
  ASSERT_THAT(read->stage_times(), SizeIs(2));
  EXPECT_EQ(read->stage_times(1).stage(), v1::STAGE_CUSTOMER);
  EXPECT_EQ(base::FromProto(read->stage_times(1).time()),
            now - 50 * absl::Hours(24));
  purchase.mutable_stage_time()->set_nanos(-1);
  EXPECT_THAT(harness_.Call(&Stub::EnsureContact, purchase),
              StatusIs(StatusCode::kInvalidArgument, "stage_time"));
}

TEST_F(ContactsServiceTest, WhatATouchSaysIsNeverFormer) {
  v1::BatchEnsureContactsRequest request;
  request.add_requests()->set_contact_id(kId);
  request.mutable_requests(0)->mutable_contact()->set_stage(v1::STAGE_FORMER);
  EXPECT_THAT(harness_.Call(&Stub::EnsureContact, request.requests(0)),
              StatusIs(StatusCode::kInvalidArgument,
                       "contact.stage: FORMER is for CreateContact and "
                       "UpdateContact, want a stage up to CUSTOMER"));
  request.add_requests()->set_contact_id(kAbsentId);
  const auto batch = harness_.Call(&Stub::BatchEnsureContacts, request);
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->results(0).error().code(),
            static_cast<int>(StatusCode::kInvalidArgument));
  EXPECT_TRUE(batch->results(1).has_response());
}

TEST_F(ContactsServiceTest, EnsureKeepsTheEarliestAttribution) {
  const auto ensure = [&](absl::Time touch, const char* campaign) {
    v1::EnsureContactRequest request;
    request.set_contact_id(kId);
    auto& attribution = *request.mutable_contact()->mutable_attribution();
    attribution.set_utm_campaign(campaign);
    *attribution.mutable_touch_time() = base::ToProto(touch);
    return harness_.Call(&Stub::EnsureContact, request);
  };
  const absl::Time now = harness_.clock().Now();
  EXPECT_THAT(ensure(now, "second"), IsOk());
  EXPECT_THAT(ensure(now - absl::Hours(1), "first"), IsOk());
  EXPECT_THAT(ensure(now + absl::Hours(1), "third"), IsOk());
  EXPECT_EQ(Get(kId)->attribution().utm_campaign(), "first");
}

TEST_F(ContactsServiceTest, RacingEnsuresMakeOneContact) {
  std::vector<std::thread> threads;
  std::atomic<int> made = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      const auto ensured = Ensure(kId, v1::STAGE_CUSTOMER);
      ASSERT_THAT(ensured, IsOk());
      EXPECT_EQ(ensured->contact().stage(), v1::STAGE_CUSTOMER);
      if (ensured->created()) ++made;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
}

TEST_F(ContactsServiceTest, BatchEnsureAnswersEachItem) {
  v1::BatchEnsureContactsRequest request;
  request.add_requests()->set_contact_id(kId);
  request.add_requests()->set_contact_id("nonsense");
  const auto batch = harness_.Call(&Stub::BatchEnsureContacts, request);
  ASSERT_THAT(batch, IsOk());
  EXPECT_TRUE(batch->results(0).response().created());
  EXPECT_EQ(batch->results(1).error().code(),
            static_cast<int>(StatusCode::kInvalidArgument));
  EXPECT_THAT(harness_.Call(&Stub::BatchEnsureContacts,
                            v1::BatchEnsureContactsRequest()),
              StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ContactsServiceTest, UpdateChangesWhatTheMaskNames) {
  v1::CreateContactRequest create;
  create.mutable_contact()->set_display_name("Ada");
  create.mutable_contact()->set_owner("sales-1");
  create.mutable_contact()->add_labels("old");
  const auto created = Create(create);
  v1::UpdateContactRequest request;
  request.mutable_contact()->set_contact_id(created->contact_id());
  request.mutable_contact()->add_labels("new");
  request.mutable_contact()->set_display_name("ignored");
  request.mutable_update_mask()->add_paths("labels");
  request.mutable_update_mask()->add_paths("owner");
  harness_.clock().Advance(absl::Seconds(1));
  const auto updated = harness_.Call(&Stub::UpdateContact, request);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->display_name(), "Ada");
  EXPECT_EQ(updated->owner(), "");
  EXPECT_THAT(updated->labels(), ElementsAre("new"));
  EXPECT_NE(updated->etag(), created->etag());
  EXPECT_GT(base::FromProto(updated->update_time()),
            base::FromProto(created->update_time()));
}

TEST_F(ContactsServiceTest, UpdateAnswersTheDocumentedErrors) {
  const auto contact = Create("Ada");
  const std::string id = contact->contact_id();
  ASSERT_THAT(Rename(id, "Grace"), IsOk());
  EXPECT_THAT(Rename(id, "Joan", contact->etag()),
              StatusIs(StatusCode::kAborted, "etag"));
  EXPECT_THAT(Rename(kAbsentId, "Joan"), StatusIs(StatusCode::kNotFound));
  v1::UpdateContactRequest bad;
  bad.mutable_contact()->set_contact_id(id);
  EXPECT_THAT(harness_.Call(&Stub::UpdateContact, bad),
              StatusIs(StatusCode::kInvalidArgument, "update_mask"));
  bad.mutable_update_mask()->add_paths("create_time");
  EXPECT_THAT(harness_.Call(&Stub::UpdateContact, bad),
              StatusIs(StatusCode::kInvalidArgument, "create_time"));
  ASSERT_THAT(Delete(id), IsOk());
  EXPECT_THAT(Rename(id, "Joan"), StatusIs(StatusCode::kFailedPrecondition));
}

TEST_F(ContactsServiceTest, UpdateIsIdempotentByRequestId) {
  const auto contact = Create("Ada");
  v1::UpdateContactRequest request;
  request.mutable_contact()->set_contact_id(contact->contact_id());
  request.mutable_contact()->set_display_name("Grace");
  request.mutable_update_mask()->add_paths("display_name");
  request.set_request_id("rename-1");
  const auto first = harness_.Call(&Stub::UpdateContact, request);
  const auto again = harness_.Call(&Stub::UpdateContact, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->etag(), first->etag());
  request.mutable_contact()->set_display_name("Joan");
  EXPECT_THAT(harness_.Call(&Stub::UpdateContact, request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(ContactsServiceTest, ARepeatedUpdateByFingerprintNeedsNoContact) {
  const std::string id = Create("Ada")->contact_id();
  v1::UpdateContactRequest request;
  request.mutable_contact()->set_contact_id(id);
  request.mutable_contact()->set_display_name("Grace");
  request.mutable_update_mask()->add_paths("display_name");
  request.set_request_id("rename-1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  const auto first = harness_.Call(&Stub::UpdateContact, request);
  for (const std::string& other :
       {Create("Bob")->contact_id(), std::string()}) {
    request.mutable_contact()->set_contact_id(other);
    const auto again = harness_.Call(&Stub::UpdateContact, request);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  }
  request.set_request_id("rename-2");
  EXPECT_THAT(harness_.Call(&Stub::UpdateContact, request),
              StatusIs(StatusCode::kNotFound, "request_id"));
}

TEST_F(ContactsServiceTest, NoUpdateIsLost) {
  const std::string id = Create("0")->contact_id();
  constexpr int kWriters = 8;
  constexpr int kIncrements = 25;
  const auto increment = [&] {
    while (true) {
      const auto contact = Get(id);
      ASSERT_THAT(contact, IsOk());
      const int next = std::stoi(contact->display_name()) + 1;
      const auto written = Rename(id, std::to_string(next), contact->etag());
      if (written.ok()) return;
      ASSERT_THAT(written, StatusIs(StatusCode::kAborted));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kIncrements; ++n) increment();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Get(id)->display_name(), std::to_string(kWriters * kIncrements));
}

TEST_F(ContactsServiceTest, DeleteHidesAndStillAnswers) {
  const auto contact = Create("Ada");
  const std::string id = contact->contact_id();
  ASSERT_THAT(Rename(id, "Grace"), IsOk());
  EXPECT_THAT(Delete(id, contact->etag()), StatusIs(StatusCode::kAborted));
  const auto deleted = Delete(id);
  ASSERT_THAT(deleted, IsOk());
  EXPECT_TRUE(Get(id)->has_delete_time());
  harness_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Delete(id)->delete_time().seconds(),
            deleted->delete_time().seconds());
  const auto list =
      harness_.Call(&Stub::ListContacts, v1::ListContactsRequest());
  EXPECT_THAT(list->contacts(), SizeIs(0));
  EXPECT_THAT(Delete(kAbsentId), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Delete(""), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ContactsServiceTest, UndeleteTakesADeletionBack) {
  const std::string id = Create("Ada")->contact_id();
  const auto undelete = [&](const std::string& contact_id,
                            const std::string& etag = "") {
    v1::UndeleteContactRequest request;
    request.set_contact_id(contact_id);
    request.set_etag(etag);
    return harness_.Call(&Stub::UndeleteContact, request);
  };
  const auto deleted = Delete(id);
  EXPECT_THAT(undelete(id, "0"), StatusIs(StatusCode::kAborted));
  const auto undeleted = undelete(id, deleted->etag());
  ASSERT_THAT(undeleted, IsOk());
  EXPECT_FALSE(undeleted->has_delete_time());
  EXPECT_FALSE(Get(id)->has_delete_time());
  EXPECT_EQ(undelete(id)->etag(), undeleted->etag());
  EXPECT_THAT(Rename(id, "Grace"), IsOk());
  EXPECT_THAT(undelete(kAbsentId), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(undelete("17"), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ContactsServiceTest, ListPagesWithoutGapOrRepeat) {
  std::set<std::string> made;
  for (int i = 0; i < 25; ++i) made.insert(Create("c")->contact_id());
  v1::ListContactsRequest request;
  request.set_page_size(10);
  std::set<std::string> seen;
  int pages = 0;
  do {
    const auto page = harness_.Call(&Stub::ListContacts, request);
    ASSERT_THAT(page, IsOk());
    for (const v1::Contact& contact : page->contacts()) {
      EXPECT_TRUE(seen.insert(contact.contact_id()).second);
    }
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, made);
  EXPECT_EQ(pages, 3);
}

TEST_F(ContactsServiceTest, ListRefusesForeignTokensAndNegativeSizes) {
  for (int i = 0; i < 3; ++i) Create("c").IgnoreError();
  v1::ListContactsRequest request;
  request.set_page_size(1);
  const auto page = harness_.Call(&Stub::ListContacts, request);
  request.set_page_token(page->next_page_token());
  EXPECT_THAT(harness_.Call(&Stub::ListContacts, request, kOther),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
  request.set_page_token("nonsense");
  EXPECT_THAT(harness_.Call(&Stub::ListContacts, request),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_THAT(harness_.Call(&Stub::ListContacts, request),
              StatusIs(StatusCode::kInvalidArgument, "page_size"));
}

TEST_F(ContactsServiceTest, AnotherTenantSeesAndChangesNothing) {
  const std::string id = Create("Ada")->contact_id();
  EXPECT_THAT(Get(id, kOther), StatusIs(StatusCode::kNotFound));
  v1::BatchGetContactsRequest batch;
  batch.add_contact_ids(id);
  EXPECT_THAT(
      harness_.Call(&Stub::BatchGetContacts, batch, kOther)->missing_ids(),
      ElementsAre(id));
  v1::UpdateContactRequest update;
  update.mutable_contact()->set_contact_id(id);
  update.mutable_update_mask()->add_paths("display_name");
  EXPECT_THAT(harness_.Call(&Stub::UpdateContact, update, kOther),
              StatusIs(StatusCode::kNotFound));
  v1::DeleteContactRequest remove;
  remove.set_contact_id(id);
  EXPECT_THAT(harness_.Call(&Stub::DeleteContact, remove, kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(
      harness_.Call(&Stub::ListContacts, v1::ListContactsRequest(), kOther)
          ->contacts(),
      SizeIs(0));
  // The same id under another tenant is another contact.
  v1::EnsureContactRequest ensure;
  ensure.set_contact_id(id);
  EXPECT_TRUE(harness_.Call(&Stub::EnsureContact, ensure, kOther)->created());
  v1::CreateContactRequest create;
  create.set_contact_id(id);
  EXPECT_THAT(Create(create, kOther), StatusIs(StatusCode::kAlreadyExists));
  EXPECT_EQ(Get(id)->display_name(), "Ada");
}

TEST_F(ContactsServiceTest, HealsWhenTheDatabaseDropsItsSessions) {
  const std::string id = Create("Ada")->contact_id();
  harness_.database().KillSessions();
  // Each worker may notice once.
  int failed = 0;
  while (!Get(id).ok()) ASSERT_LT(++failed, 20);
  for (int i = 0; i < 20; ++i) Get(id).IgnoreError();
  EXPECT_THAT(Rename(id, "Grace"), IsOk());
}

}  // namespace
}  // namespace kith::contacts
