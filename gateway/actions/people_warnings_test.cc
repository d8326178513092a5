#include "gateway/actions/people_warnings.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "gateway/actions/action_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using identity::v1::MAY_CONTACT_REASON_DIFFERS;
using identity::v1::MAY_CONTACT_REASON_GRANTED;
using identity::v1::MAY_CONTACT_REASON_NO_CONSENT;
using identity::v1::MAY_CONTACT_REASON_REFUSED;
using identity::v1::MAY_CONTACT_REASON_SUPPRESSED;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RefusesAdvertisingTest, AnyRefusalInForceIsOne) {
  struct Case {
    identity::v1::MayContactReason reason;
    std::vector<identity::v1::MayContactReason> permissions;
    bool refuses;
  };
  for (const Case& one : std::vector<Case>{
           {MAY_CONTACT_REASON_REFUSED, {}, true},
           {MAY_CONTACT_REASON_SUPPRESSED, {}, true},
           {MAY_CONTACT_REASON_GRANTED, {MAY_CONTACT_REASON_GRANTED}, false},
           {MAY_CONTACT_REASON_NO_CONSENT,
            {MAY_CONTACT_REASON_NO_CONSENT, MAY_CONTACT_REASON_REFUSED},
            true},
           {MAY_CONTACT_REASON_DIFFERS,
            {MAY_CONTACT_REASON_GRANTED, MAY_CONTACT_REASON_SUPPRESSED},
            true},
           {MAY_CONTACT_REASON_DIFFERS,
            {MAY_CONTACT_REASON_GRANTED, MAY_CONTACT_REASON_NO_CONSENT},
            false}}) {
    identity::v1::MayContactResponse answer;
    answer.set_reason(one.reason);
    for (const auto reason : one.permissions) {
      answer.add_permissions()->set_reason(reason);
    }
    EXPECT_EQ(RefusesAdvertising(answer), one.refuses)
        << answer.ShortDebugString();
  }
}

TEST(WarnByActionsTest, WhoItIsMayBeOpenByTheCauseOfAReview) {
  for (int cause = 0; cause < interactions::v1::ReviewCause_ARRAYSIZE;
       ++cause) {
    v1::Person person;
    person.add_actions();
    person.add_actions()->set_review_cause(
        static_cast<interactions::v1::ReviewCause>(cause));
    WarnByActions(person);
    const bool warns = cause == interactions::v1::REVIEW_CAUSE_SHARED_VALUE ||
                       cause == interactions::v1::REVIEW_CAUSE_AMBIGUOUS_CALLER;
    EXPECT_EQ(person.warnings_size(), warns ? 1 : 0) << cause;
    if (warns) {
      EXPECT_EQ(person.warnings(0), v1::PERSON_WARNING_MAY_BE_ANOTHER);
    }
  }
}

class PeopleWarningsTest : public ActionFixture {
 protected:
  PeopleWarningsTest() {
    gateway_.identity.batch_may_contact = [this](const auto& request,
                                                 auto& response) {
      const absl::MutexLock lock(&sizes_mutex_);
      sizes_.push_back(request.requests_size());
      for (const auto& question : request.requests()) {
        EXPECT_EQ(question.purpose(), identity::v1::CONSENT_PURPOSE_MARKETING);
        const bool refuses = question.contact_ids(0) == kBob;
        response.add_results()->mutable_response()->set_reason(
            refuses ? MAY_CONTACT_REASON_REFUSED
                    : MAY_CONTACT_REASON_NO_CONSENT);
      }
      return absl::OkStatus();
    };
  }

  // Of each call, the number of people that it asks for.
  std::vector<int> sizes_;

 private:
  absl::Mutex sizes_mutex_;
};

TEST_F(PeopleWarningsTest, OneCallTellsWhoOfAllPeopleRefusesAdvertising) {
  Merge({kAda, kDora});
  const auto next = Next(3);
  ASSERT_THAT(PeopleOf(next), ElementsAre(kAda, kBob, kCleo));
  EXPECT_THAT(next->people(0).warnings(), IsEmpty());
  EXPECT_THAT(next->people(1).warnings(),
              ElementsAre(v1::PERSON_WARNING_REFUSES_ADVERTISING));
  EXPECT_THAT(next->people(2).warnings(), IsEmpty());
  EXPECT_THAT(sizes_, ElementsAre(3));
}

// Without a REVIEW, too: most suggestions have none.
TEST_F(PeopleWarningsTest, WhoIsSuggestedMayBeAnother) {
  Merge({kAda, kDora});
  suggested_ = {kAda, kBob};
  const auto next = Next(3);
  ASSERT_THAT(PeopleOf(next), ElementsAre(kAda, kBob, kCleo));
  EXPECT_THAT(next->people(0).warnings(),
              ElementsAre(v1::PERSON_WARNING_MAY_BE_ANOTHER));
  EXPECT_THAT(next->people(1).warnings(),
              ElementsAre(v1::PERSON_WARNING_REFUSES_ADVERTISING,
                          v1::PERSON_WARNING_MAY_BE_ANOTHER));
  EXPECT_THAT(next->people(2).warnings(), IsEmpty());
}

TEST(WarnOfAnotherTest, IsSaidOnce) {
  v1::Person person;
  WarnOfAnother(person);
  WarnOfAnother(person);
  EXPECT_THAT(person.warnings(),
              ElementsAre(v1::PERSON_WARNING_MAY_BE_ANOTHER));
}

TEST_F(PeopleWarningsTest, WhatIsNotAnsweredHoldsNobodyUp) {
  suggested_ = {kAda};
  gateway_.contacts.list_suggestions = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  gateway_.identity.batch_may_contact = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  const auto next = Next(2);
  ASSERT_THAT(PeopleOf(next), ElementsAre(kAda, kBob));
  EXPECT_THAT(next->people(0).warnings(), IsEmpty());
  EXPECT_THAT(next->people(1).warnings(), IsEmpty());
}

// Two groups of 6,000 are more than one call may name.
TEST_F(PeopleWarningsTest, VeryLargeGroupsAreAskedForInSeveralCalls) {
  for (const char* first : {kAda, kBob}) {
    std::vector<std::string> members = {first};
    for (int i = 1; i < 6000; ++i) members.push_back(absl::StrCat(first, i));
    groups_[first] = std::move(members);
  }
  const auto next = Next(2);
  ASSERT_THAT(PeopleOf(next), ElementsAre(kAda, kBob));
  EXPECT_THAT(sizes_, ElementsAre(1, 1));
  EXPECT_THAT(next->people(0).warnings(), IsEmpty());
  EXPECT_THAT(next->people(1).warnings(),
              ElementsAre(v1::PERSON_WARNING_REFUSES_ADVERTISING));
}

}  // namespace
}  // namespace kith::gateway
