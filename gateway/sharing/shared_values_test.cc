#include "gateway/sharing/shared_values.h"

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A value of `contact_id`, which stands in for or is one of `sharers`.
void AddShared(IdentityList& identities, const std::string& contact_id,
               const std::string& stand_in,
               const std::vector<std::string>& sharers) {
  identity::v1::Identity& identity = *identities.Add();
  identity.set_contact_id(contact_id);
  identity.set_stand_in_contact_id(stand_in);
  identity.mutable_sharing_contact_ids()->Assign(sharers.begin(),
                                                 sharers.end());
}

TEST(SharedValuesTest, OnlyAStandInIsRefused) {
  contacts::v1::Contact contact;
  EXPECT_THAT(CheckNoStandIn("customer", contact), IsOk());
  contact.set_stand_in(true);
  EXPECT_THAT(CheckNoStandIn("customer", contact),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "customer: is the stand-in contact"));
}

TEST(SharedValuesTest, TheStandInsOfAPersonAreEachOnce) {
  IdentityList identities;
  identities.Add()->set_contact_id("ada");
  AddShared(identities, "ada", "home", {"ada", "bob"});
  AddShared(identities, "ada2", "home", {"ada2", "bob"});
  AddShared(identities, "ada", "office", {"ada", "cleo"});
  EXPECT_THAT(StandInsOf(identities), ElementsAre("home", "office"));
  EXPECT_THAT(SharersOf(identities), ElementsAre("ada", "bob", "ada2", "cleo"));
}

TEST(SharedValuesTest, AStandInSharesNothingItself) {
  IdentityList identities;
  AddShared(identities, "home", "home", {"ada", "bob"});
  EXPECT_THAT(StandInsOf(identities), IsEmpty());
  EXPECT_THAT(SharersOf(identities), ElementsAre("ada", "bob"));
}

TEST(SharersAllowedTest, AreOfValuesThatARefusalMayStop) {
  contacts::v1::Contact ada;
  ada.add_member_ids("ada");
  identity::v1::MayContactResponse words;
  const auto add = [&](identity::v1::MayContactAnswer answer,
                       identity::v1::MayContactReason reason,
                       const char* sharer) {
    identity::v1::ContactPermission& added = *words.add_permissions();
    added.set_answer(answer);
    added.set_reason(reason);
    added.add_sharing_contact_ids("ada");
    added.add_sharing_contact_ids(sharer);
  };
  using enum identity::v1::MayContactReason;
  add(identity::v1::MAY_CONTACT_ANSWER_NO, MAY_CONTACT_REASON_REFUSED, "bob");
  add(identity::v1::MAY_CONTACT_ANSWER_YES, MAY_CONTACT_REASON_PURPOSE_PASSES,
      "cleo");
  EXPECT_THAT(SharersAllowed(words, ada), IsEmpty());
  for (const char* sharer : {"dora", "eve", "dora"}) {
    add(identity::v1::MAY_CONTACT_ANSWER_YES, MAY_CONTACT_REASON_GRANTED,
        sharer);
  }
  EXPECT_THAT(SharersAllowed(words, ada), ElementsAre("dora", "eve"));
}

TEST(SharingGroupsOfTest, AreOfMergedContactsEachOnce) {
  absl::flat_hash_map<std::string, contacts::v1::Contact> contacts;
  for (const char* id : {"bob", "bob2"}) {
    contacts[id].set_canonical_id("bob");
    contacts[id].add_member_ids("bob");
    contacts[id].add_member_ids("bob2");
  }
  contacts["cleo"].set_canonical_id("cleo");
  contacts["cleo"].add_member_ids("cleo");
  const auto groups =
      SharingGroupsOf({"cleo", "bob2", "nobody", "bob"}, contacts);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_THAT(groups[0].contact_ids(), ElementsAre("bob", "bob2"));
}

class AddPossibleTest : public ::testing::Test {
 protected:
  void Have(const std::string& id, const std::string& canonical_id) {
    contacts_[id].set_canonical_id(canonical_id);
    contacts_[id].set_display_name(absl::StrCat("name of ", id));
  }

  std::vector<std::string> PossibleOf(const std::vector<std::string>& ids) {
    PossibleCustomers possible;
    AddPossible(ids, contacts_, possible);
    std::vector<std::string> told;
    for (const v1::PossibleCustomer& one : possible) {
      told.push_back(absl::StrCat(one.contact_id(), " of ", one.canonical_id(),
                                  ", ", one.display_name()));
    }
    return told;
  }

  absl::flat_hash_map<std::string, contacts::v1::Contact> contacts_;
};

TEST_F(AddPossibleTest, NamesCustomersInTheOrderOfTheirContacts) {
  Have("bob", "bob");
  Have("ada", "ada");
  EXPECT_THAT(
      PossibleOf({"bob", "ada"}),
      ElementsAre("bob of bob, name of bob", "ada of ada, name of ada"));
}

TEST_F(AddPossibleTest, MergedContactsAreOneCustomer) {
  Have("ada", "ada");
  Have("ada2", "ada");
  EXPECT_THAT(PossibleOf({"ada2", "ada"}),
              ElementsAre("ada2 of ada, name of ada2"));
}

TEST_F(AddPossibleTest, WhoDoesNotExistIsLeftOut) {
  Have("ada", "ada");
  EXPECT_THAT(PossibleOf({"nobody", "ada"}), SizeIs(1));
}

TEST_F(AddPossibleTest, ThereAreNoMoreThan20) {
  std::vector<std::string> ids;
  for (int i = 0; i < 21; ++i) {
    ids.push_back(absl::StrCat("contact", i));
    Have(ids.back(), ids.back());
  }
  EXPECT_THAT(PossibleOf(ids), SizeIs(20));
}

}  // namespace
}  // namespace kith::gateway
