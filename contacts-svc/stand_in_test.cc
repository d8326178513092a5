#include <string>

#include "common/testing/outbox_rows.h"
#include "contacts-svc/groups/groups_fixture.h"

namespace kith::contacts {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::kDemo;
using ::kith::testing::kDemoPublic;
using ::kith::testing::ToldOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kHouse[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000e1";

// Contacts that stand in for people who share a channel value.
class StandInTest : public GroupsTest {
 protected:
  absl::StatusOr<v1::EnsureContactResponse> EnsureStandIn(
      v1::EnsureContactRequest request = {}, testing::TestKey key = kDemo) {
    if (request.contact_id().empty()) request.set_contact_id(kHouse);
    request.set_stand_in(true);
    return harness_.Call(&Stub::EnsureContact, request, key);
  }

  // What a touch says of a person.
  static v1::EnsureContactRequest OfAda() {
    v1::EnsureContactRequest request;
    request.set_contact_id(kHouse);
    request.mutable_contact()->set_display_name("Ada King");
    (*request.mutable_contact()->mutable_attributes())["birthday"] =
        "1815-12-10";
    request.set_at_least_stage(v1::STAGE_CUSTOMER);
    return request;
  }

  absl::StatusOr<v1::ListContactsResponse> List() {
    return harness_.Call(&Stub::ListContacts, v1::ListContactsRequest());
  }
};

TEST_F(StandInTest, IsMadeOnceAndReadByItsId) {
  const auto made = EnsureStandIn(OfAda());
  ASSERT_THAT(made, IsOk());
  EXPECT_TRUE(made->created());
  EXPECT_TRUE(made->contact().stand_in());
  EXPECT_EQ(made->contact().kind(), v1::CONTACT_KIND_ORGANIZATION);
  EXPECT_EQ(made->contact().display_name(), "");
  EXPECT_EQ(made->contact().stage(), v1::STAGE_LEAD);
  EXPECT_FALSE(EnsureStandIn()->created());
  EXPECT_THAT(*Get(kHouse), testing::EqualsProto(made->contact()));
  EXPECT_THAT(ToldOf(harness_.database(), kHouse),
              ElementsAre("1 contact_created"));
}

TEST_F(StandInTest, TakesNothingThatATouchSaysOfAPerson) {
  ASSERT_THAT(EnsureStandIn(), IsOk());
  v1::EnsureContactRequest request = OfAda();
  v1::Companion& companion = *request.add_companions();
  companion.set_contact_id(Make("Ada King"));
  companion.set_value("e-mail ada@example.com");
  const auto ensured = harness_.Call(&Stub::EnsureContact, request);
  ASSERT_THAT(ensured, IsOk());
  EXPECT_TRUE(ensured->contact().stand_in());
  EXPECT_THAT(ensured->filled_fields().paths(), IsEmpty());
  EXPECT_EQ(ensured->contact().display_name(), "");
  EXPECT_EQ(ensured->contact().stage(), v1::STAGE_LEAD);
  EXPECT_EQ(Rows("suggestions"), 0);
  EXPECT_EQ(Rows("match_keys"), 0);
}

TEST_F(StandInTest, APublicFormMayMakeOne) {
  const auto made = EnsureStandIn({}, kDemoPublic);
  ASSERT_THAT(made, IsOk());
  EXPECT_TRUE(made->contact().stand_in());
  // What a form has made is a stand-in for all.
  EXPECT_TRUE(EnsureStandIn(OfAda())->contact().stand_in());
  EXPECT_EQ(Get(kHouse)->kind(), v1::CONTACT_KIND_ORGANIZATION);
}

TEST_F(StandInTest, AContactOfAPersonStaysWhatItIs) {
  v1::EnsureContactRequest request;
  request.set_contact_id(Make("Ada"));
  const auto ensured = EnsureStandIn(request);
  ASSERT_THAT(ensured, IsOk());
  EXPECT_FALSE(ensured->contact().stand_in());
  EXPECT_FALSE(ensured->created());
  EXPECT_EQ(ensured->contact().kind(), v1::CONTACT_KIND_PERSON);
  EXPECT_EQ(ensured->contact().display_name(), "Ada");
}

TEST_F(StandInTest, OnlyEnsureContactMakesOne) {
  v1::CreateContactRequest request;
  request.mutable_contact()->set_stand_in(true);
  const auto created = Create(request);
  ASSERT_THAT(created, IsOk());
  EXPECT_FALSE(created->stand_in());
}

TEST_F(StandInTest, IsNeverListed) {
  ASSERT_THAT(EnsureStandIn(), IsOk());
  const std::string ada = Make("Ada");
  const auto listed = List();
  ASSERT_THAT(listed, IsOk());
  ASSERT_THAT(listed->contacts(), SizeIs(1));
  EXPECT_EQ(listed->contacts(0).contact_id(), ada);
}

TEST_F(StandInTest, IsNeverMergedOnEitherSide) {
  ASSERT_THAT(EnsureStandIn(), IsOk());
  const std::string ada = Make("Ada");
  for (const v1::Actor& actor : {Person(), Job()}) {
    for (const auto& request :
         {MergeOf(kHouse, {ada}, actor), MergeOf(ada, {kHouse}, actor)}) {
      EXPECT_THAT(harness_.Call(&Stub::MergeContacts, request),
                  IsRefusedAs("STAND_IN"));
    }
  }
  EXPECT_EQ(Rows("merge_edges"), 0);
}

TEST_F(StandInTest, IsNeverSuggestedByACompanionOrAName) {
  ASSERT_THAT(EnsureStandIn(), IsOk());
  ASSERT_THAT(Rename(kHouse, "Ada King"), IsOk());
  EXPECT_TRUE(Get(kHouse)->stand_in());
  EXPECT_EQ(Rows("match_keys"), 0);
  v1::EnsureContactRequest request = OfAda();
  request.set_contact_id(Make());
  v1::Companion& companion = *request.add_companions();
  companion.set_contact_id(kHouse);
  companion.set_value("phone +14155552671");
  ASSERT_THAT(harness_.Call(&Stub::EnsureContact, request), IsOk());
  EXPECT_EQ(Rows("suggestions"), 0);
}

TEST_F(StandInTest, IsDeletedAndUndeletedAsOne) {
  ASSERT_THAT(EnsureStandIn(), IsOk());
  ASSERT_THAT(Delete(kHouse), IsOk());
  ASSERT_THAT(Undelete(kHouse), IsOk());
  EXPECT_TRUE(Get(kHouse)->stand_in());
}

}  // namespace
}  // namespace kith::contacts
