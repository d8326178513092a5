// Two agents who have each leased a part of one customer.

#include <array>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "gateway/actions/action_fixture.h"
#include "gmock/gmock.h"

namespace kith::gateway {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class PeopleDisputesTest : public ActionFixture {
 protected:
  // Eve gives a contact back when it was refused to others so often.
  void GiveBackAfter(int refusals, const std::string& contact_id) {
    const auto lease = gateway_.interactions.lease;
    gateway_.interactions.lease = [this, lease, refusals, contact_id](
                                      const auto& request, auto& response) {
      absl::Status status = lease(request, response);
      if (!status.ok() && ++refused_ == refusals) leased_to_.erase(contact_id);
      return status;
    };
  }

  int LeaseCalls() const {
    return static_cast<int>(
        absl::c_count(gateway_.record.names(), "LeaseActions"));
  }

  int refused_ = 0;
};

// An action opens on Bob, and a colleague is given him for a moment.
TEST_F(PeopleDisputesTest, WhoDealsWithThePersonOutlastsWhoHasJustCome) {
  Merge({kAda, kBob});
  queue_ = {kBob};
  ASSERT_THAT(PeopleOf(Next(1)), ElementsAre(kAda));
  queue_ = {kBob, kAda};
  leased_to_[kAda] = "Eve";
  GiveBackAfter(3, kAda);
  EXPECT_THAT(PeopleOf(Next(1)), ElementsAre(kAda));
  EXPECT_THAT(Leased(), ElementsAre(kAda, kBob));
}

TEST_F(PeopleDisputesTest, WhoHasJustComeGivesWayAtOnce) {
  Merge({kAda, kBob});
  queue_ = {kAda, kBob, kCleo};
  leased_to_[kAda] = "Eve";
  EXPECT_THAT(PeopleOf(Next(1)), ElementsAre(kCleo));
  EXPECT_THAT(Leased(), ElementsAre(kCleo));
  EXPECT_EQ(leased_to_[kAda], "Eve");
  EXPECT_EQ(LeaseCalls(), 1);
  EXPECT_THAT(excluded_, ElementsAre(kAda, kBob));
}

TEST_F(PeopleDisputesTest, OfTwoWhoHaveJustComeTheLeastIdTriesAgain) {
  Merge({kBob, kAda});
  queue_ = {kAda, kBob};
  leased_to_[kBob] = "Eve";
  GiveBackAfter(2, kBob);
  EXPECT_THAT(PeopleOf(Next(1)), ElementsAre(kBob));
  EXPECT_THAT(Leased(), ElementsAre(kAda, kBob));
  EXPECT_EQ(LeaseCalls(), 3);
}

// The customer was merged while both dealt with a part.
TEST_F(PeopleDisputesTest, OfTwoWhoWereThereBeforeTheLeastIdKeepsItsPart) {
  queue_ = {kAda, kBob};
  leased_to_ = {{kAda, "Dana"}, {kBob, "Eve"}};
  Merge({kBob, kAda});
  const auto next = Next(1);
  ASSERT_THAT(PeopleOf(next), ElementsAre(kBob));
  EXPECT_EQ(next->people(0).lease().agent(), "Dana");
  EXPECT_THAT(leased_to_, UnorderedElementsAre(std::pair(kAda, "Dana"),
                                               std::pair(kBob, "Eve")));
}

TEST_F(PeopleDisputesTest, TheOtherGivesItsPartBackAndIsGivenTheNext) {
  queue_ = {kAda, kBob, kCleo};
  leased_to_ = {{kAda, "Eve"}, {kBob, "Dana"}};
  Merge({kBob, kAda});
  EXPECT_THAT(PeopleOf(Next(1)), ElementsAre(kCleo));
  EXPECT_THAT(Leased(), ElementsAre(kCleo));
  EXPECT_EQ(leased_to_[kAda], "Eve");
}

// Eve has one contact of a great group, and does not ask again.
TEST_F(PeopleDisputesTest, AStrangerIsFoundBehindAGreatGroupOfAnother) {
  std::vector<std::string> members;
  for (int i = 10; i < 22; ++i) {
    members.push_back(absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-0000000001", i));
  }
  Merge(members);
  leased_to_[members[0]] = "Eve";
  queue_ = members;
  queue_.emplace_back(kDora);
  for (const int count : {1, 2, 10}) {
    EXPECT_THAT(PeopleOf(Next(count)), ElementsAre(kDora)) << count;
    EXPECT_THAT(Leased(), ElementsAre(kDora));
  }
}

TEST_F(PeopleDisputesTest, AFailureInBetweenGivesBackOnlyWhatIsNew) {
  queue_ = {kAda, kBob, kCleo};
  leased_to_ = {{kAda, "Dana"}, {kBob, "Eve"}};
  Merge({kBob, kAda});
  const auto lease = gateway_.interactions.lease;
  gateway_.interactions.lease = [&](const auto& request, auto& response) {
    return ++refused_ == 1 ? lease(request, response)
                           : absl::InternalError("on the second try");
  };
  EXPECT_THAT(PeopleOf(Next(2)), Contains(::testing::HasSubstr("INTERNAL")));
  EXPECT_THAT(Leased(), Contains(kAda));
  EXPECT_FALSE(leased_to_.contains(kCleo));
}

// Each of four agents is leased one member of the same group, or nobody.
TEST_F(PeopleDisputesTest, OfManyWhoAskAtOnceOneIsGivenThePerson) {
  Merge({kAda, kBob});
  queue_ = {kAda, kBob};
  int rounds_given = 0;
  for (int round = 0; round < 10; ++round) {
    leased_to_.clear();
    const std::array<std::string, 4> agents = {"Dana", "Eve", "Joe", "Sam"};
    std::array<std::vector<std::string>, 4> given;
    std::vector<std::thread> asking;
    for (size_t i = 0; i < agents.size(); ++i) {
      asking.emplace_back([&, i] { given[i] = PeopleOf(Next(1, agents[i])); });
    }
    for (std::thread& thread : asking) thread.join();
    const auto times = absl::c_count_if(
        given, [](const auto& people) { return !people.empty(); });
    EXPECT_LE(times, 1);
    EXPECT_EQ(leased_to_.size(), times == 1 ? 2U : 0U);
    EXPECT_EQ(leased_to_[kAda], leased_to_[kBob]);
    rounds_given += static_cast<int>(times);
  }
  // On a machine that is very slow nobody may outlast the others.
  EXPECT_GE(rounds_given, 5);
}

}  // namespace
}  // namespace kith::gateway
