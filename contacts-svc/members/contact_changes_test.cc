#include "contacts-svc/members/contact_changes.h"

#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "common/testing/outbox_rows.h"
#include "common/testing/service_harness.h"
#include "contacts-svc/groups/groups_fixture.h"
#include "contacts-svc/service_definition.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::contacts {
namespace {

using ::kith::testing::IsOk;
using ::testing::ElementsAre;

constexpr char kContactId[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

class ContactChangesTest : public ::testing::Test {
 protected:
  ContactChangesTest() {
    v1::CreateContactRequest request;
    request.set_contact_id(kContactId);
    EXPECT_THAT(harness_.Call(&Stub::CreateContact, request), IsOk());
    // A copy of it.
    EXPECT_THAT(harness_.Call(&Stub::CreateContact, request), IsOk());
  }

  absl::StatusOr<v1::EnsureContactResponse> Ensure(v1::Stage stage) {
    v1::EnsureContactRequest request;
    request.set_contact_id(kContactId);
    request.set_at_least_stage(stage);
    return harness_.Call(&Stub::EnsureContact, request);
  }

  std::vector<std::string> Told() {
    return testing::ToldOf(harness_.database(), kContactId);
  }

  testing::ServiceHarness<v1::ContactsService> harness_{ServiceDefinition()};
};

TEST_F(ContactChangesTest, AnUpdateIsToldOnce) {
  v1::UpdateContactRequest request;
  request.mutable_contact()->set_contact_id(kContactId);
  request.mutable_contact()->set_display_name("Ada");
  request.mutable_update_mask()->add_paths("display_name");
  request.set_request_id("once");
  EXPECT_THAT(harness_.Call(&Stub::UpdateContact, request), IsOk());
  EXPECT_THAT(harness_.Call(&Stub::UpdateContact, request), IsOk());
  EXPECT_THAT(Told(), ElementsAre("1 contact_created", "2 contact_updated"));
}

TEST_F(ContactChangesTest, AStageIsToldWhenItMoves) {
  EXPECT_THAT(Ensure(v1::STAGE_CUSTOMER), IsOk());
  EXPECT_THAT(Ensure(v1::STAGE_CUSTOMER), IsOk());
  EXPECT_THAT(Ensure(v1::STAGE_LEAD), IsOk());
  EXPECT_THAT(Told(), ElementsAre("1 contact_created", "2 stage_changed"));
  const auto rows = testing::OutboxRows(harness_.database());
  ASSERT_EQ(rows.size(), 2);
  const auto& moved = rows[1].stage_changed();
  EXPECT_EQ(moved.old_stage(), v1::STAGE_LEAD);
  EXPECT_EQ(moved.stage(), v1::STAGE_CUSTOMER);
}

TEST_F(ContactChangesTest, ADeletionAndItsEndAreTold) {
  v1::DeleteContactRequest remove;
  remove.set_contact_id(kContactId);
  EXPECT_THAT(harness_.Call(&Stub::DeleteContact, remove), IsOk());
  EXPECT_THAT(harness_.Call(&Stub::DeleteContact, remove), IsOk());
  v1::UndeleteContactRequest undelete;
  undelete.set_contact_id(kContactId);
  EXPECT_THAT(harness_.Call(&Stub::UndeleteContact, undelete), IsOk());
  EXPECT_THAT(Told(), ElementsAre("1 contact_created", "2 contact_deleted",
                                  "3 contact_undeleted"));
}

TEST_F(ContactChangesTest, AnEnsureThatMakesTheContactIsACreation) {
  constexpr char kNew[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b6";
  v1::EnsureContactRequest request;
  request.set_contact_id(kNew);
  EXPECT_THAT(harness_.Call(&Stub::EnsureContact, request), IsOk());
  EXPECT_THAT(testing::ToldOf(harness_.database(), kNew),
              ElementsAre("1 contact_created"));
}

constexpr char kBob[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b6";
constexpr char kCy[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b7";

class MergedChangesTest : public ContactChangesTest {
 protected:
  MergedChangesTest() {
    for (const char* id : {kBob, kCy}) {
      v1::CreateContactRequest request;
      request.set_contact_id(id);
      EXPECT_THAT(harness_.Call(&Stub::CreateContact, request), IsOk());
    }
    EXPECT_THAT(harness_.Call(&Stub::MergeContacts, request_), IsOk());
  }

  v1::MergeContactsRequest request_ = [] {
    v1::MergeContactsRequest request = MergeOf(kContactId, {kBob, kCy});
    request.set_request_id("once");
    return request;
  }();
};

TEST_F(MergedChangesTest, AMergeIsToldOnceWithAllItsEdges) {
  EXPECT_THAT(harness_.Call(&Stub::MergeContacts, request_), IsOk());
  EXPECT_THAT(Told(), ElementsAre("1 contact_created", "2 contacts_merged"));
  EXPECT_THAT(testing::ToldOf(harness_.database(), kBob),
              ElementsAre("1 contact_created"));
  const auto merged =
      testing::OutboxRows(harness_.database())[1].contacts_merged();
  EXPECT_EQ(merged.canonical_id(), kContactId);
  ASSERT_EQ(merged.edges_size(), 2);
  EXPECT_EQ(merged.edges(0).survivor_id(), kContactId);
  EXPECT_EQ(merged.edges(0).absorbed_id(), kBob);
  EXPECT_EQ(merged.edges(1).absorbed_id(), kCy);
  EXPECT_LT(merged.edges(0).edge_order(), merged.edges(1).edge_order());
}

TEST_F(MergedChangesTest, AnUnmergeIsToldByWhoStoodForTheGroup) {
  v1::UnmergeContactsRequest request;
  request.set_contact_id(kBob);
  request.set_all_edges(true);
  *request.mutable_actor() = Person();
  request.set_dry_run(true);
  EXPECT_THAT(harness_.Call(&Stub::UnmergeContacts, request), IsOk());
  request.set_dry_run(false);
  EXPECT_THAT(harness_.Call(&Stub::UnmergeContacts, request), IsOk());
  // Bob is alone now: there is nothing to take back, and nothing to tell.
  EXPECT_THAT(harness_.Call(&Stub::UnmergeContacts, request), IsOk());
  EXPECT_THAT(Told(), ElementsAre("1 contact_created", "2 contacts_merged",
                                  "3 contacts_unmerged"));
  const auto unmerged =
      testing::OutboxRows(harness_.database())[2].contacts_unmerged();
  ASSERT_EQ(unmerged.edges_size(), 1);
  EXPECT_EQ(unmerged.edges(0).absorbed_id(), kBob);
}

TEST_F(MergedChangesTest, WhatAMemberIsRaisedToIsItsOwn) {
  v1::EnsureContactRequest request;
  request.set_contact_id(kCy);
  request.set_at_least_stage(v1::STAGE_CUSTOMER);
  EXPECT_THAT(harness_.Call(&Stub::EnsureContact, request), IsOk());
  EXPECT_THAT(testing::ToldOf(harness_.database(), kCy).back(),
              ::testing::HasSubstr("stage_changed"));
}

}  // namespace
}  // namespace kith::contacts
