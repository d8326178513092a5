#include "contacts-svc/contact_changes.h"

#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "common/testing/outbox_rows.h"
#include "common/testing/service_harness.h"
#include "contacts-svc/contacts_service.h"
#include "contacts-svc/schema.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::contacts {
namespace {

using ::kith::testing::IsOk;
using ::testing::ElementsAre;
using Stub = v1::ContactsService::Stub;

constexpr char kId[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

class ContactChangesTest : public ::testing::Test {
 protected:
  ContactChangesTest() {
    v1::CreateContactRequest request;
    request.set_contact_id(kId);
    EXPECT_THAT(harness_.Call(&Stub::CreateContact, request), IsOk());
    // A copy of it.
    EXPECT_THAT(harness_.Call(&Stub::CreateContact, request), IsOk());
  }

  absl::StatusOr<v1::EnsureContactResponse> Ensure(v1::Stage stage) {
    v1::EnsureContactRequest request;
    request.set_contact_id(kId);
    request.set_at_least_stage(stage);
    return harness_.Call(&Stub::EnsureContact, request);
  }

  std::vector<std::string> Told() {
    return testing::ToldOf(harness_.database(), kId);
  }

  testing::ServiceHarness<v1::ContactsService, ContactsService> harness_{
      Schema()};
};

TEST_F(ContactChangesTest, AnUpdateIsToldOnce) {
  v1::UpdateContactRequest request;
  request.mutable_contact()->set_contact_id(kId);
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
  remove.set_contact_id(kId);
  EXPECT_THAT(harness_.Call(&Stub::DeleteContact, remove), IsOk());
  EXPECT_THAT(harness_.Call(&Stub::DeleteContact, remove), IsOk());
  v1::UndeleteContactRequest undelete;
  undelete.set_contact_id(kId);
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

}  // namespace
}  // namespace kith::contacts
