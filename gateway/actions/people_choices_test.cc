// People who are the stand-in contact of a shared value.

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gateway/actions/action_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Dora is the stand-in of a phone that Ada and Bob share.
class PeopleChoicesTest : public ActionFixture {
 protected:
  PeopleChoicesTest() {
    const auto get = gateway_.contacts.batch_get;
    gateway_.contacts.batch_get = [get](const auto& request, auto& response) {
      absl::Status status = get(request, response);
      for (auto& contact : *response.mutable_contacts()) {
        contact.set_stand_in(contact.contact_id() == kDora);
      }
      return status;
    };
    gateway_.identity.list = [](const auto& request, auto& response) {
      for (const auto& set : request.sets()) {
        EXPECT_THAT(set.contact_ids(), ElementsAre(kDora));
        auto& identity = *response.add_results()->add_identities();
        identity.set_contact_id(kDora);
        identity.set_stand_in_contact_id(kDora);
        identity.add_sharing_contact_ids(kAda);
        identity.add_sharing_contact_ids(kBob);
      }
      return absl::OkStatus();
    };
  }

  // The only person whom Dana is given.
  v1::Person NextPerson() {
    const auto next = Next(1);
    EXPECT_THAT(next, IsOk());
    if (!next.ok() || next->people_size() != 1) return v1::Person();
    return next->people(0);
  }

  static std::vector<std::string> ChoicesOf(const v1::Person& person) {
    std::vector<std::string> choices;
    for (const v1::PossibleCustomer& one : person.possible_customers()) {
      choices.push_back(
          absl::StrCat(one.contact_id(), ": ", one.display_name()));
    }
    return choices;
  }
};

TEST_F(PeopleChoicesTest, AStandInIsAChoiceOfNames) {
  queue_ = {kDora};
  const v1::Person person = NextPerson();
  EXPECT_EQ(person.canonical_id(), kDora);
  EXPECT_THAT(person.warnings(),
              ElementsAre(v1::PERSON_WARNING_MAY_BE_ANOTHER));
  EXPECT_THAT(ChoicesOf(person),
              ElementsAre(absl::StrCat(kAda, ": name of ", kAda),
                          absl::StrCat(kBob, ": name of ", kBob)));
}

TEST_F(PeopleChoicesTest, WhoAreMergedAreNoChoice) {
  Merge({kAda, kBob});
  queue_ = {kDora};
  EXPECT_THAT(ChoicesOf(NextPerson()),
              ElementsAre(absl::StrCat(kAda, ": name of ", kAda)));
}

TEST_F(PeopleChoicesTest, AnyoneElseCostsNoCall) {
  queue_ = {kAda};
  const v1::Person person = NextPerson();
  EXPECT_THAT(person.warnings(), IsEmpty());
  EXPECT_THAT(person.possible_customers(), IsEmpty());
  EXPECT_EQ(absl::c_count(gateway_.record.names(), "ListIdentities"), 0);
}

TEST_F(PeopleChoicesTest, WithoutTheNamesTheWarningStays) {
  gateway_.identity.list = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  queue_ = {kDora};
  const v1::Person person = NextPerson();
  EXPECT_THAT(person.warnings(), SizeIs(1));
  EXPECT_THAT(person.possible_customers(), IsEmpty());
}

TEST_F(PeopleChoicesTest, OnlyTheStandInsOfManyAreAskedFor) {
  queue_ = {kAda, kDora};
  const auto next = Next(2);
  ASSERT_THAT(next, IsOk());
  ASSERT_THAT(next->people(), SizeIs(2));
  EXPECT_THAT(next->people(0).possible_customers(), IsEmpty());
  EXPECT_THAT(next->people(1).possible_customers(), SizeIs(2));
  EXPECT_EQ(absl::c_count(gateway_.record.names(), "ListIdentities"), 1);
}

}  // namespace
}  // namespace kith::gateway
