// Frequency caps by reservation, and what MayContact reads: on a database.

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "interactions-svc/interactions_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::kCareful;
using ::kith::testing::kCarefulNoAdvertising;
using ::kith::testing::kDemo;
using ::kith::testing::kDemoPublic;
using ::kith::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kDan[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b7";

// The tenant of kCareful advertises at most 3 times in 7 days, and of "shoes"
// once in 30.
class AdvertisingTest : public InteractionsTest {
 protected:
  static v1::RecordInteractionRequest Ad(
      const std::string& request_id, const char* contact_id = kAda,
      std::vector<std::string> members = {}) {
    auto request = Own(v1::KIND_AD, request_id, contact_id);
    request.mutable_member_ids()->Add(members.begin(), members.end());
    return request;
  }

  static v1::RecordInteractionRequest AdOfTopic(const char* request_id,
                                                const char* topic) {
    auto request = Ad(request_id);
    request.mutable_interaction()->set_topic(topic);
    return request;
  }

  v1::ContactFacts Facts(std::vector<std::string> contact_ids,
                         const char* topic = "") {
    v1::BatchGetContactFactsRequest request;
    auto& question = *request.add_questions();
    question.mutable_contact_ids()->Add(contact_ids.begin(), contact_ids.end());
    question.set_topic(topic);
    const auto facts =
        harness_.Call(&Stub::BatchGetContactFacts, request, kCareful);
    EXPECT_THAT(facts, IsOk());
    return facts.ok() ? facts->facts(0) : v1::ContactFacts();
  }

  int64_t Touches(std::initializer_list<const char*> contact_ids) {
    return Summary(contact_ids, kCareful).marketing().last_7_days();
  }
};

TEST_F(AdvertisingTest, IsRefusedBeyondTheCap) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(Record(Ad(id), kCareful), IsOk());
  }
  EXPECT_THAT(Record(Ad("d"), kCareful),
              StatusIs(StatusCode::kFailedPrecondition,
                       "3 times on 7 days; the cap is 3"));
  EXPECT_EQ(Touches({kAda}), 3);
  // A tenant without rules has no cap.
  for (const char* id : {"a", "b", "c", "d"}) {
    EXPECT_THAT(Record(Ad(id), kDemo), IsOk());
  }
}

TEST_F(AdvertisingTest, WhatEndedInAnOptOutIsKeptBeyondTheCap) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(Record(Ad(id), kCareful), IsOk());
  }
  auto call = Ad("d");
  call.mutable_interaction()->set_outcome(v1::OUTCOME_OPT_OUT_ASKED);
  const auto kept = Record(call, kCareful);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->interaction().contact_violation(), "FREQUENCY_CAP");
}

TEST_F(AdvertisingTest, ARepeatDoesNotCountTwiceAndIsAnswered) {
  for (const char* id : {"a", "b", "c", "a", "c"}) {
    ASSERT_THAT(Record(Ad(id, kAda, {kAda, kBob}), kCareful), IsOk());
  }
  // The group may have changed meanwhile.
  const auto repeated = Record(Ad("b", kAda, {kAda}), kCareful);
  ASSERT_THAT(repeated, IsOk());
  EXPECT_EQ(repeated->outcome(), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(Touches({kAda}), 3);
}

TEST_F(AdvertisingTest, ABatchIsRefusedFromTheCapOn) {
  const auto recorded = BatchRecord(
      {Ad("a"), Ad("b"), Ad("c"), Ad("d"), Ad("e", kBob)}, kCareful);
  ASSERT_THAT(recorded, IsOk());
  ASSERT_THAT(recorded->results(), SizeIs(5));
  for (const int i : {0, 1, 2, 4}) {
    EXPECT_TRUE(recorded->results(i).has_response()) << i;
  }
  EXPECT_EQ(recorded->results(3).error().code(), 9);
}

TEST_F(AdvertisingTest, AllMembersOfTheGroupCount) {
  ASSERT_THAT(Record(Ad("a", kAda, {kAda, kBob}), kCareful), IsOk());
  ASSERT_THAT(Record(Ad("b", kBob, {kAda, kBob}), kCareful), IsOk());
  ASSERT_THAT(Record(Ad("c", kBob, {kAda, kBob}), kCareful), IsOk());
  EXPECT_THAT(Record(Ad("d", kAda, {kAda, kBob}), kCareful),
              StatusIs(StatusCode::kFailedPrecondition, "3 times"));
  // Each of them alone has been advertised to less: after an unmerge.
  EXPECT_THAT(Record(Ad("e", kAda), kCareful), IsOk());
}

TEST_F(AdvertisingTest, ACapOfATopicCountsThatTopic) {
  ASSERT_THAT(Record(AdOfTopic("a", "shoes"), kCareful), IsOk());
  EXPECT_THAT(Record(AdOfTopic("b", "shoes"), kCareful),
              StatusIs(StatusCode::kFailedPrecondition, "of shoes"));
  EXPECT_THAT(Record(AdOfTopic("c", "hats"), kCareful), IsOk());
  EXPECT_THAT(Facts({kAda}, "shoes").reached_caps(), SizeIs(1));
  EXPECT_THAT(Facts({kAda}, "hats").reached_caps(), IsEmpty());
  EXPECT_THAT(Summary({kAda}, kCareful).marketing().days(0).topics(),
              IsEmpty());
}

TEST_F(AdvertisingTest, TheDayOfTheTouchCounts) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(Record(At(Noon() - absl::Hours(24 * 7), Ad(id)), kCareful),
                IsOk());
  }
  EXPECT_THAT(Record(Ad("d"), kCareful), IsOk());
  EXPECT_THAT(Record(At(Noon() - absl::Hours(24 * 2), Ad("e")), kCareful),
              StatusIs(StatusCode::kFailedPrecondition, "times on 7 days"));
}

TEST_F(AdvertisingTest, AReportIsKeptAndShownAsAViolation) {
  for (const char* id : {"a", "b", "c"}) {
    const auto recorded = Record(Reported(v1::KIND_AD, id), kCareful);
    ASSERT_THAT(recorded, IsOk());
    EXPECT_EQ(recorded->interaction().contact_violation(), "");
  }
  auto beyond = Reported(v1::KIND_AD, "d");
  const auto kept = Record(beyond, kCareful);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->interaction().contact_violation(), "FREQUENCY_CAP");
  // A refusal says more.
  auto refused = Reported(v1::KIND_AD, "e");
  refused.mutable_interaction()->set_contact_violation("REFUSED");
  const auto more = Record(refused, kCareful);
  ASSERT_THAT(more, IsOk());
  EXPECT_EQ(more->interaction().contact_violation(), "REFUSED");
  // Reports use up what may be sent.
  EXPECT_THAT(Record(Ad("own"), kCareful),
              StatusIs(StatusCode::kFailedPrecondition, "5 times"));
}

TEST_F(AdvertisingTest, ACorrectionKeepsTheViolationAndCountsOnce) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(Record(Reported(v1::KIND_AD, id), kCareful), IsOk());
  }
  ASSERT_THAT(
      Record(Revision(1, v1::OUTCOME_UNSPECIFIED, Reported(v1::KIND_AD, "d")),
             kCareful),
      IsOk());
  const auto corrected = Record(
      Revision(2, v1::OUTCOME_ANSWERED, Reported(v1::KIND_AD, "d")), kCareful);
  ASSERT_THAT(corrected, IsOk());
  EXPECT_EQ(corrected->interaction().contact_violation(), "FREQUENCY_CAP");
  EXPECT_EQ(Touches({kAda}), 4);
  const auto failed = Record(
      Revision(3, v1::OUTCOME_FAILED, Reported(v1::KIND_AD, "d")), kCareful);
  ASSERT_THAT(failed, IsOk());
  EXPECT_EQ(failed->interaction().contact_violation(), "");
  EXPECT_EQ(Touches({kAda}), 3);
}

// What was service turns out to be advertising.
TEST_F(AdvertisingTest, ACorrectionIntoAdvertisingIsHeldToTheCapOfItsGroup) {
  const auto service = [](const char* id, const char* contact_id) {
    return Revision(1, v1::OUTCOME_UNSPECIFIED,
                    Reported(v1::KIND_EMAIL, id, contact_id));
  };
  ASSERT_THAT(Record(service("d", kAda), kCareful), IsOk());
  ASSERT_THAT(Record(service("e", kDan), kCareful), IsOk());
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(Record(Ad(id, kBob, {kAda, kBob}), kCareful), IsOk());
  }
  for (const auto& [id, contact_id, violation] :
       {std::tuple("d", kAda, "FREQUENCY_CAP"), std::tuple("e", kDan, "")}) {
    auto advertising = Revision(2, v1::OUTCOME_UNSPECIFIED,
                                Reported(v1::KIND_AD, id, contact_id));
    advertising.add_member_ids(contact_id);
    if (*violation != '\0') advertising.add_member_ids(kBob);
    const auto corrected = Record(advertising, kCareful);
    ASSERT_THAT(corrected, IsOk());
    EXPECT_EQ(corrected->outcome(), v1::RECORD_OUTCOME_CORRECTED);
    EXPECT_EQ(corrected->interaction().contact_violation(), violation);
    EXPECT_EQ(Touches({contact_id}), 1);
  }
}

// evidence.md B.2 10: MayContact and then a send is a race.
TEST_F(AdvertisingTest, OfManyAtOnceAsManyAsTheCapGetThrough) {
  constexpr int kRacers = 32;
  for (const bool as_group : {false, true}) {
    // Nothing is stored of these, so there is no row to lock yet.
    const std::string base = as_group ? "0192f0c1-2a3b-7c4d-8e5f-0000000001"
                                      : "0192f0c1-2a3b-7c4d-8e5f-0000000002";
    std::vector<std::string> members;
    for (int i = 10; i < 14; ++i) members.push_back(absl::StrCat(base, i));
    std::atomic<int> recorded = 0;
    std::atomic<int> capped = 0;
    std::vector<std::thread> racers;
    for (int i = 0; i < kRacers; ++i) {
      racers.emplace_back([&, i] {
        const std::string& contact_id = members[as_group ? i % 4 : 0];
        const absl::Status status = Record(Ad(absl::StrCat("race-", base, i),
                                              contact_id.c_str(), members),
                                           kCareful)
                                        .status();
        if (status.ok()) ++recorded;
        if (absl::IsFailedPrecondition(status)) ++capped;
      });
    }
    for (std::thread& racer : racers) racer.join();
    EXPECT_EQ(recorded, 3) << as_group;
    EXPECT_EQ(capped, kRacers - 3) << as_group;
  }
}

// A caller who has waited too long sends again what is still being recorded.
TEST_F(AdvertisingTest, CopiesOfOneRequestAreNotRefusedByTheCapThatItReaches) {
  constexpr int kCopies = 8;
  for (int round = 10; round < 20; ++round) {
    const std::string contact_id =
        absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-0000000003", round);
    const auto of = [&](const char* name) {
      return Ad(absl::StrCat(name, "-", round), contact_id.c_str());
    };
    ASSERT_THAT(Record(of("a"), kCareful), IsOk());
    ASSERT_THAT(Record(of("b"), kCareful), IsOk());
    std::atomic<int> answered = 0;
    std::vector<std::thread> copies;
    for (int i = 0; i < kCopies; ++i) {
      copies.emplace_back([&] {
        const auto recorded = Record(of("c"), kCareful);
        EXPECT_THAT(recorded, IsOk());
        if (recorded.ok()) ++answered;
      });
    }
    for (std::thread& copy : copies) copy.join();
    EXPECT_EQ(answered, kCopies);
    EXPECT_EQ(Touches({contact_id.c_str()}), 3);
  }
}

TEST_F(AdvertisingTest, NeedsAScopeOfItsOwn) {
  EXPECT_THAT(Record(Ad("a"), kCarefulNoAdvertising),
              StatusIs(StatusCode::kPermissionDenied,
                       "needs the scope interactions.advertise"));
  EXPECT_THAT(Record(Reported(v1::KIND_AD, "b"), kCarefulNoAdvertising),
              IsOk());
  EXPECT_THAT(Record(Own(v1::KIND_NOTE, "c"), kCarefulNoAdvertising), IsOk());
  const auto batch =
      BatchRecord({Ad("d"), Own(v1::KIND_NOTE, "e")}, kCarefulNoAdvertising);
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->results(0).error().code(), 7);
  EXPECT_TRUE(batch->results(1).has_response());
  // Who only asks whether it is recorded advertises nothing.
  EXPECT_THAT(Lookup(Ad("a"), kCarefulNoAdvertising), IsOk());
}

TEST_F(AdvertisingTest, FactsAreOfAllContactsTogether) {
  auto problem = Own(v1::KIND_MESSAGE, "p", kBob);
  problem.mutable_interaction()->set_direction(v1::DIRECTION_INBOUND);
  problem.mutable_interaction()->set_opens(v1::THREAD_KIND_PROBLEM);
  const auto opened = Record(problem, kCareful);
  ASSERT_THAT(opened, IsOk());
  ASSERT_THAT(
      Record(At(Noon() - absl::Hours(50), Own(v1::KIND_RETURN, "r")), kCareful),
      IsOk());
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(Record(Ad(id, *id == 'a' ? kAda : kBob), kCareful), IsOk());
  }
  const v1::ContactFacts facts = Facts({kAda, kBob});
  EXPECT_EQ(facts.open_problem_thread_id(), opened->interaction().thread_id());
  EXPECT_EQ(base::FromProto(facts.last_return_time()),
            Noon() - absl::Hours(50));
  ASSERT_THAT(facts.reached_caps(), SizeIs(1));
  EXPECT_EQ(facts.reached_caps(0).counted(), 3);
  EXPECT_EQ(facts.reached_caps(0).cap().count(), 3);
  const v1::ContactFacts alone = Facts({kAda});
  EXPECT_EQ(alone.open_problem_thread_id(), "");
  EXPECT_THAT(alone.reached_caps(), IsEmpty());
}

TEST_F(AdvertisingTest, TheLastUseIsOfWhatTheCustomerSentOrAnswered) {
  const auto call = [](int hours, v1::Outcome outcome, bool inbound) {
    auto request = At(Noon() - absl::Hours(hours),
                      Own(v1::KIND_CALL, absl::StrCat("c-", hours)));
    request.mutable_interaction()->set_identity_key(kIdentity);
    request.mutable_interaction()->set_outcome(outcome);
    request.mutable_interaction()->set_direction(
        inbound ? v1::DIRECTION_INBOUND : v1::DIRECTION_OUTBOUND);
    return request;
  };
  v1::BatchFindLastUsesRequest request;
  auto& question = *request.add_questions();
  question.add_contact_ids(kBob);
  question.add_contact_ids(kAda);
  question.set_identity_key(kIdentity);
  const auto last_use = [&] {
    const auto found =
        harness_.Call(&Stub::BatchFindLastUses, request, kCareful);
    EXPECT_THAT(found, IsOk());
    return found.ok() ? found->uses(0) : v1::LastUse();
  };
  ASSERT_THAT(Record(call(1, v1::OUTCOME_MISSED, false), kCareful), IsOk());
  EXPECT_FALSE(last_use().has_time());
  ASSERT_THAT(Record(call(9, v1::OUTCOME_MISSED, true), kCareful), IsOk());
  EXPECT_EQ(base::FromProto(last_use().time()), Noon() - absl::Hours(9));
  ASSERT_THAT(Record(call(5, v1::OUTCOME_ANSWERED, false), kCareful), IsOk());
  EXPECT_EQ(base::FromProto(last_use().time()), Noon() - absl::Hours(5));
}

// Anybody may write a number into a form.
TEST_F(AdvertisingTest, WhatAFormSaysIsNoUseOfAPhone) {
  v1::BatchFindLastUsesRequest request;
  request.add_questions()->add_contact_ids(kAda);
  request.mutable_questions(0)->set_identity_key(kIdentity);
  auto said = At(Noon() - absl::Hours(1), Own(v1::KIND_MESSAGE, "form-1"));
  said.mutable_interaction()->set_identity_key(kIdentity);
  said.mutable_interaction()->set_direction(v1::DIRECTION_INBOUND);
  ASSERT_THAT(Record(said, kDemoPublic), IsOk());
  const auto none = harness_.Call(&Stub::BatchFindLastUses, request);
  ASSERT_THAT(none, IsOk());
  EXPECT_FALSE(none->uses(0).has_time());
  said = At(Noon() - absl::Hours(2), said);
  said.set_request_id("phone-1");
  ASSERT_THAT(Record(said), IsOk());
  EXPECT_EQ(
      base::FromProto(
          harness_.Call(&Stub::BatchFindLastUses, request)->uses(0).time()),
      Noon() - absl::Hours(2));
}

TEST_F(AdvertisingTest, FaultsOfAQuestionAreNamed) {
  v1::BatchGetContactFactsRequest facts;
  EXPECT_THAT(harness_.Call(&Stub::BatchGetContactFacts, facts, kCareful),
              StatusIs(StatusCode::kInvalidArgument, "questions"));
  facts.add_questions()->add_contact_ids("ada");
  facts.mutable_questions(0)->mutable_contact_time()->set_seconds(-1);
  EXPECT_THAT(harness_.Call(&Stub::BatchGetContactFacts, facts, kCareful),
              StatusIs(StatusCode::kInvalidArgument, "contact_time"));
  v1::BatchFindLastUsesRequest uses;
  uses.add_questions()->add_contact_ids(kAda);
  EXPECT_THAT(harness_.Call(&Stub::BatchFindLastUses, uses, kCareful),
              StatusIs(StatusCode::kInvalidArgument, "identity_key"));
}

}  // namespace
}  // namespace kith::interactions
