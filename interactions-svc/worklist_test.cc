// Who is given which contact, how leases end, and what CompleteActions does.

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/status/rpc_status.h"
#include "common/testing/outbox_rows.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "interactions-svc/actions_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using config::v1::ACTION_KIND_CALL_BACK;
using config::v1::ACTION_KIND_FOLLOW_UP;
using config::v1::ACTION_KIND_REPLY;
using config::v1::ACTION_KIND_REVIEW;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::kith::testing::ToldOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::ResultOf;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kCy[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b7";

class WorklistTest : public ActionsFixture {
 protected:
  // Three contacts, Bob the most urgent.
  void AskAll() {
    Say(Asks("q-ada", 30));
    Say(Missed("m-bob", 0, kBob));
    Say(Asks("q-cy", 60, kCy));
  }

  v1::CompleteActionsRequest Answering(absl::string_view external_id,
                                       const std::string& contact_id = kAda) {
    v1::CompleteActionsRequest request;
    *request.mutable_interaction() =
        Answers(external_id, 300, contact_id).interaction();
    return request;
  }

  absl::StatusOr<v1::LeaseNextActionsResponse> ExcludingCall(
      const std::string& agent, const std::vector<std::string>& excluded,
      int32_t count) {
    v1::LeaseNextActionsRequest request;
    request.set_agent(agent);
    request.set_contact_count(count);
    request.add_queues("service");
    for (const std::string& id : excluded) request.add_excluded_contact_ids(id);
    return harness_.Call(&Stub::LeaseNextActions, request);
  }

  // The contacts that the agent then has.
  std::vector<std::string> Excluding(const std::string& agent,
                                     const std::vector<std::string>& excluded,
                                     int32_t count = 1) {
    const auto next = ExcludingCall(agent, excluded, count);
    if (!next.ok()) return {next.status().ToString()};
    std::vector<std::string> ids;
    for (const auto& leased : next->contacts()) {
      ids.push_back(leased.contact_id());
    }
    return ids;
  }

  static v1::ThreadStateChange& Move(v1::CompleteActionsRequest& request,
                                     const std::string& thread_id,
                                     v1::ThreadState state) {
    v1::ThreadStateChange& change = *request.add_threads();
    change.set_contact_id(kAda);
    change.set_thread_id(thread_id);
    change.set_state(state);
    if (state == v1::THREAD_STATE_RESOLVED) {
      change.set_resolution(v1::RESOLUTION_ANSWERED);
    }
    return change;
  }
};

TEST_F(WorklistTest, EachAgentIsGivenTheMostUrgentWhomNobodyHas) {
  AskAll();
  EXPECT_THAT(Given("sam"), ElementsAre(kBob));
  EXPECT_THAT(Given("eve"), ElementsAre(kAda));
  EXPECT_THAT(Given("joe", 10), ElementsAre(kCy));
  EXPECT_THAT(Given("amy"), IsEmpty());
}

TEST_F(WorklistTest, ARepeatGivesTheSameAndRenews) {
  AskAll();
  EXPECT_THAT(Given("sam"), ElementsAre(kBob));
  const auto first = Next("sam");
  harness_.clock().Advance(absl::Minutes(4));
  const auto again = Next("sam");
  ASSERT_THAT(again, IsOk());
  ASSERT_THAT(again->contacts(), SizeIs(1));
  EXPECT_EQ(again->contacts(0).contact_id(), kBob);
  EXPECT_EQ(again->contacts(0).lease().epoch(),
            first->contacts(0).lease().epoch());
  EXPECT_EQ(base::FromProto(again->contacts(0).lease().end_time()),
            Now() + absl::Minutes(5));
}

TEST_F(WorklistTest, WhatIsNewlyLeasedIsTold) {
  AskAll();
  ASSERT_TRUE(Next("sam")->contacts(0).newly_leased());
  const auto two = Next("sam", 2);
  ASSERT_THAT(two->contacts(), SizeIs(2));
  EXPECT_FALSE(two->contacts(0).newly_leased());
  EXPECT_TRUE(two->contacts(1).newly_leased());
  EXPECT_FALSE(Lease("sam", {kBob})->contacts(0).newly_leased());
  EXPECT_TRUE(Lease("eve", {kBob}, "mine")->contacts(0).newly_leased());
  harness_.clock().Advance(absl::Minutes(5));
  EXPECT_TRUE(Lease("eve", {kBob})->contacts(0).newly_leased());
}

TEST_F(WorklistTest, ALeaseEndsByTime) {
  AskAll();
  EXPECT_THAT(Given("sam"), ElementsAre(kBob));
  harness_.clock().Advance(absl::Minutes(4));
  EXPECT_THAT(Given("eve"), ElementsAre(kAda));
  harness_.clock().Advance(absl::Minutes(1));
  EXPECT_THAT(Given("joe", 2), UnorderedElementsAre(kBob, kCy));
}

// evidence A.3 2: who is late frees nobody else's lease.
TEST_F(WorklistTest, AReleaseOfALeaseThatIsOverChangesNothing) {
  Say(Asks("q"));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  harness_.clock().Advance(absl::Minutes(5));
  EXPECT_THAT(Given("eve"), ElementsAre(kAda));
  EXPECT_EQ(GiveBack("sam", kAda), 0);
  EXPECT_THAT(Given("joe"), IsEmpty());
  EXPECT_EQ(GiveBack("eve", kAda), 1);
  EXPECT_THAT(Given("joe"), ElementsAre(kAda));
}

// evidence A.3 16: a look takes no lease.
TEST_F(WorklistTest, ListingLeasesNothing) {
  Say(Asks("q"));
  List({kAda});
  Activity({kAda});
  EXPECT_FALSE(Open()[0].has_lease());
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  EXPECT_EQ(Open()[0].lease().agent(), "sam");
}

// evidence A.3 19: who skips is served the next, and is offered it again.
TEST_F(WorklistTest, ASkippedContactIsHiddenFromThatAgentAlone) {
  AskAll();
  EXPECT_THAT(Given("sam"), ElementsAre(kBob));
  EXPECT_EQ(GiveBack("sam", kBob, "speaks no English"), 1);
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  EXPECT_THAT(Given("eve"), ElementsAre(kBob));
  EXPECT_EQ(GiveBack("eve", kBob), 1);
  EXPECT_EQ(GiveBack("sam", kAda), 1);
  harness_.clock().Advance(absl::Minutes(15));
  EXPECT_THAT(Given("sam"), ElementsAre(kBob));
}

TEST_F(WorklistTest, WhoHasSkippedTheHeadIsGivenWhatIsBehindIt) {
  std::vector<v1::RecordInteractionRequest> questions;
  for (int i = 0; i < 60; ++i) {
    const std::string contact_id =
        absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-6071829400", 10 + i);
    questions.push_back(Asks(absl::StrCat("q", i), i, contact_id));
  }
  ASSERT_THAT(BatchRecord(questions), IsOk());
  for (int i = 0; i < 59; ++i) {
    const std::vector<std::string> given = Given("sam");
    ASSERT_THAT(given, SizeIs(1)) << i;
    EXPECT_EQ(GiveBack("sam", given[0], "unclear"), 1);
  }
  EXPECT_THAT(Given("sam"),
              ElementsAre("0192f0c1-2a3b-7c4d-8e5f-607182940069"));
}

TEST_F(WorklistTest, SomethingNewEndsASkip) {
  Say(Asks("q"));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  EXPECT_EQ(GiveBack("sam", kAda, "unclear"), 1);
  EXPECT_THAT(Given("sam"), IsEmpty());
  Say(Asks("q2", 5));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
}

TEST_F(WorklistTest, WhatThreeAgentsSkipIsToBeReviewed) {
  Say(Asks("q"));
  for (const char* agent : {"sam", "eve", "joe"}) {
    EXPECT_THAT(Given(agent), ElementsAre(kAda)) << agent;
    EXPECT_EQ(GiveBack(agent, kAda, "unclear"), 1);
  }
  EXPECT_THAT(Kinds(),
              UnorderedElementsAre(ACTION_KIND_REPLY, ACTION_KIND_REVIEW));
  // The review ends no skip.
  for (const char* agent : {"sam", "eve", "joe"}) {
    EXPECT_THAT(Given(agent), IsEmpty()) << agent;
  }
  const auto lead = Next("lea");
  ASSERT_THAT(lead, IsOk());
  ASSERT_EQ(lead->contacts_size(), 1);
  EXPECT_THAT(
      lead->contacts(0).actions(),
      Contains(ResultOf(
          [](const v1::Action& action) { return action.reason().text(); },
          "Skipped by 3 agents, the last one: unclear")));
  EXPECT_THAT(
      lead->contacts(0).actions(),
      Contains(Property(&v1::Action::review_cause, v1::REVIEW_CAUSE_SKIPPED)));
}

TEST_F(WorklistTest, ASnoozedActionComesBackByItsTime) {
  const auto planned = CreateAction(ACTION_KIND_FOLLOW_UP, "Ask again");
  ASSERT_THAT(planned, IsOk());
  ASSERT_THAT(Snooze(*planned, Now() + absl::Hours(1)), IsOk());
  EXPECT_THAT(Given("sam"), IsEmpty());
  harness_.clock().Advance(absl::Hours(1));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
}

// evidence A.3 14 and 15.
TEST_F(WorklistTest, WhatIsAssignedGoesToItsAssigneeFirstThenToAll) {
  Say(Asks("q"));
  v1::ReassignActionsRequest request;
  AddName(Open()[0], *request.mutable_actions());
  request.set_agent("sam");
  request.set_assignee("eve");
  // Due at 16:00, and now is midnight: others are given it at once.
  ASSERT_THAT(harness_.Call(&Stub::ReassignActions, request), IsOk());
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  EXPECT_EQ(GiveBack("sam", kAda), 1);
  v1::Thread thread;
  thread.set_thread_id(Open()[0].thread_id());
  *thread.mutable_due_time() = base::ToProto(Now() + absl::Hours(2));
  ASSERT_THAT(Update(thread, {"due_time"}), IsOk());
  EXPECT_THAT(Given("sam"), IsEmpty());
  EXPECT_THAT(Given("eve"), ElementsAre(kAda));
  EXPECT_EQ(GiveBack("eve", kAda), 1);
  harness_.clock().Advance(absl::Hours(3));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
}

TEST_F(WorklistTest, OnlyTheAskedQueuesGiveOut) {
  Say(Lead("lead"));
  const auto service = Next("sam", 1, {"service"});
  ASSERT_THAT(service, IsOk());
  EXPECT_THAT(service->contacts(), IsEmpty());
  const auto sales = Next("sam", 1, {"sales"});
  ASSERT_THAT(sales, IsOk());
  EXPECT_THAT(sales->contacts(), SizeIs(1));
}

TEST_F(WorklistTest, WhatComesWhileAContactIsLeasedIsItsHolders) {
  Say(Asks("q"));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  Say(Missed("m", 5));
  EXPECT_THAT(Given("eve"), IsEmpty());
  const auto again = Next("sam");
  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(again->contacts(0).actions(), SizeIs(2));
}

TEST_F(WorklistTest, LeasesOfAGroupAreAllOrNone) {
  AskAll();
  EXPECT_THAT(Given("sam"), ElementsAre(kBob));
  EXPECT_THAT(Lease("eve", {kAda, kBob}),
              StatusIs(StatusCode::kFailedPrecondition, "leased by sam"));
  EXPECT_THAT(Given("joe", 2), UnorderedElementsAre(kAda, kCy));
  const auto taken = Lease("eve", {kAda, kBob}, "Sam is ill");
  ASSERT_THAT(taken, IsOk());
  EXPECT_EQ(taken->contacts(0).lease().agent(), "eve");
  EXPECT_EQ(taken->contacts(1).lease().epoch(), 2);
  EXPECT_EQ(GiveBack("sam", kBob), 0);
}

TEST_F(WorklistTest, WhoIsExcludedIsNotGivenAndHidesNobody) {
  AskAll();
  EXPECT_THAT(Excluding("sam", {absl::AsciiStrToUpper(kBob)}),
              ElementsAre(kAda));
  // What the agent has is renewed all the same.
  EXPECT_THAT(Excluding("sam", {kAda}), ElementsAre(kAda));
  EXPECT_THAT(Excluding("sam", {kAda, kCy}, 2), ElementsAre(kAda, kBob));
  std::vector<std::string> excluded = {kCy};
  for (int i = 0; i < 60; ++i) {
    excluded.push_back(base::Uuid::Make(Now()).ToString());
    Say(Missed(absl::StrCat("m", i), 0, excluded.back()));
  }
  const std::string behind = base::Uuid::Make(Now()).ToString();
  Say(Missed("behind", 30, behind));
  EXPECT_THAT(Excluding("eve", excluded), ElementsAre(behind));
}

TEST_F(WorklistTest, NoMoreThan100AreExcluded) {
  const std::vector<std::string> many(101, kBob);
  EXPECT_THAT(ExcludingCall("sam", many, 1),
              StatusIs(StatusCode::kInvalidArgument,
                       "excluded_contact_ids: 101 given, want at most 100"));
  EXPECT_THAT(ExcludingCall("sam", {kBob, "x"}, 1),
              StatusIs(StatusCode::kInvalidArgument,
                       "excluded_contact_ids[1]: want a UUID"));
}

TEST_F(WorklistTest, WhoActsMustBeNamed) {
  const auto nobody = Next("", 1, {});
  EXPECT_THAT(nobody, StatusIs(StatusCode::kInvalidArgument, "queues: 0 giv"));
  const auto told =
      status::FindDetail<google::rpc::BadRequest>(nobody.status());
  ASSERT_TRUE(told.has_value());
  ASSERT_THAT(told->field_violations(), SizeIs(2));
  EXPECT_EQ(told->field_violations(1).field(), "agent");
  for (const int count : {-1, 11}) {
    EXPECT_THAT(
        Next("sam", count),
        StatusIs(StatusCode::kInvalidArgument,
                 absl::StrCat("contact_count: ", count, ", want 0 to 10")));
  }
  EXPECT_THAT(Next("sam", 1, {}),
              StatusIs(StatusCode::kInvalidArgument, "queues"));
  EXPECT_THAT(Next("sam", 1, {"#eve"}),
              StatusIs(StatusCode::kInvalidArgument, "queues[0]"));
}

TEST_F(WorklistTest, CountsWaitingContactsUpToAHundred) {
  for (int i = 0; i < 102; ++i) {
    const std::string id = base::Uuid::Make(Now()).ToString();
    Say(Asks(absl::StrCat("q", i), i, id));
  }
  Say(Lead("lead"));
  v1::CountWaitingActionsRequest request;
  for (const char* queue : {"service", "sales", "review"}) {
    request.add_queues(queue);
  }
  const auto counted = harness_.Call(&Stub::CountWaitingActions, request);
  ASSERT_THAT(counted, IsOk());
  EXPECT_EQ(counted->results(0).contact_count(), 101);
  EXPECT_EQ(base::FromProto(counted->results(0).first_rank_time()),
            Noon() + absl::Hours(4));
  EXPECT_EQ(counted->results(1).contact_count(), 1);
  EXPECT_EQ(counted->results(2).contact_count(), 0);
  EXPECT_FALSE(counted->results(2).has_first_rank_time());
}

TEST_F(WorklistTest, CompletingRecordsMovesEndsAndOpensWhatFollows) {
  const std::string thread = ThreadOf(Asks("q"));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  const std::vector<v1::Action> done = Open();
  v1::CompleteActionsRequest request = Answering("a");
  Move(request, thread, v1::THREAD_STATE_RESOLVED);
  v1::Action& next = *request.add_next();
  next.set_contact_id(kAda);
  next.set_kind(ACTION_KIND_FOLLOW_UP);
  next.mutable_reason()->set_text("Ask whether it arrived");
  *next.mutable_due_time() = base::ToProto(Now() + absl::Hours(48));
  request.set_request_id("done-1");
  const auto completed = Complete(request, done);
  ASSERT_THAT(completed, IsOk());
  EXPECT_EQ(completed->interaction().thread_id(), thread);
  EXPECT_EQ(completed->threads(0).state(), v1::THREAD_STATE_RESOLVED);
  EXPECT_EQ(completed->actions(0).state(), v1::ACTION_STATE_DONE);
  EXPECT_EQ(completed->next(0).reason().text(), "Ask whether it arrived");
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_FOLLOW_UP));
  EXPECT_FALSE(Open()[0].has_lease());
  const auto again = Complete(request, done);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->interaction().interaction_id(),
            completed->interaction().interaction_id());
  EXPECT_EQ(again->next(0).action_id(), completed->next(0).action_id());
  // As the gateway asks for what it would refuse by now.
  request.set_repeats_only(true);
  EXPECT_EQ(Complete(request, done)->next(0).action_id(),
            completed->next(0).action_id());
  request.set_request_id("done-2");
  EXPECT_THAT(Complete(request, done), StatusIs(StatusCode::kNotFound, ""));
  EXPECT_THAT(Open(), SizeIs(1));
  EXPECT_EQ(Rows("interactions"), 2);
}

// Sent twice, as a connector does whose answer was lost.
TEST_F(WorklistTest, ARepeatIsKnownByTheExternalIdOfWhatWasDone) {
  const std::string thread = ThreadOf(Asks("q"));
  const std::vector<v1::Action> done = Open();
  v1::CompleteActionsRequest request = Answering("mail-7");
  Move(request, thread, v1::THREAD_STATE_RESOLVED);
  v1::Action& next = *request.add_next();
  next.set_contact_id(kAda);
  next.set_kind(ACTION_KIND_FOLLOW_UP);
  next.mutable_reason()->set_text("Ask whether it arrived");
  const auto first = Complete(request, done);
  ASSERT_THAT(first, IsOk());
  harness_.clock().Advance(absl::Hours(12));
  v1::RecordInteractionRequest between = Asks("between", 800);
  between.mutable_interaction()->set_thread_id(thread);
  Say(between);
  const auto again = Complete(request, done);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->next(0).action_id(), first->next(0).action_id());
  EXPECT_EQ(again->threads(0).state(), v1::THREAD_STATE_OPEN);
  EXPECT_THAT(Kinds(),
              UnorderedElementsAre(ACTION_KIND_REPLY, ACTION_KIND_FOLLOW_UP));
  v1::CompleteActionsRequest other = request;
  other.clear_next();
  EXPECT_THAT(Complete(other, done), StatusIs(StatusCode::kAlreadyExists,
                                              "interaction.external_id: "));
  other = request;
  other.mutable_interaction()->set_body("other");
  EXPECT_THAT(Complete(other, done), StatusIs(StatusCode::kAlreadyExists,
                                              "interaction.external_id: "));
  EXPECT_EQ(Rows("interactions"), 3);
  // Another source, and another revision, is another interaction.
  other.mutable_interaction()->set_source("mailer");
  EXPECT_THAT(Complete(other, done), IsOk());
  request.mutable_interaction()->set_source_revision(0);
  EXPECT_THAT(Complete(request, done), IsOk());
}

TEST_F(WorklistTest, IdsInCapitalsNameTheSame) {
  const std::string thread = ThreadOf(Asks("q"));
  Say(Missed("m"));
  v1::Action capital = Open()[0];
  const std::string action_id = capital.action_id();
  ASSERT_EQ(capital.kind(), ACTION_KIND_CALL_BACK);
  absl::AsciiStrToUpper(capital.mutable_action_id());
  absl::AsciiStrToUpper(capital.mutable_contact_id());
  EXPECT_THAT(Snooze(capital, Now() + absl::Hours(1)), IsOk());
  v1::CompleteActionsRequest request;
  v1::Action& next = *request.add_next();
  next.set_contact_id(absl::AsciiStrToUpper(kAda));
  next.set_thread_id(absl::AsciiStrToUpper(thread));
  next.set_kind(ACTION_KIND_FOLLOW_UP);
  next.mutable_reason()->set_text("Call again");
  const auto done = Complete(request, {capital});
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->actions(0).action_id(), action_id);
  EXPECT_EQ(done->actions(0).state(), v1::ACTION_STATE_DONE);
  EXPECT_EQ(done->next(0).contact_id(), kAda);
  EXPECT_EQ(done->next(0).thread_id(), thread);
}

TEST_F(WorklistTest, WhatFollowsIsRefusedAsTheCallerNamesIt) {
  Say(Missed("m"));
  v1::CompleteActionsRequest request;
  for (int i = 0; i < 2; ++i) {
    v1::Action& next = *request.add_next();
    next.set_contact_id(kAda);
    next.set_kind(ACTION_KIND_FOLLOW_UP);
    next.mutable_reason()->set_text("Call again");
  }
  request.mutable_next(1)->set_thread_id(kBob);
  EXPECT_THAT(Complete(request, Open()),
              StatusIs(StatusCode::kNotFound, "next[1].thread_id: the cont"));
}

TEST_F(WorklistTest, AReplyIsNotDoneWhileItsThreadWaits) {
  Say(Asks("q"));
  v1::CompleteActionsRequest request;
  request.set_request_id("done-1");
  EXPECT_THAT(Complete(request, Open()),
              StatusIs(StatusCode::kFailedPrecondition, "still waits"));
  v1::DismissActionsRequest dismiss;
  AddName(Open()[0], *dismiss.mutable_actions());
  dismiss.set_agent("sam");
  dismiss.set_note("no time");
  EXPECT_THAT(harness_.Call(&Stub::DismissActions, dismiss),
              StatusIs(StatusCode::kFailedPrecondition, "still waits"));
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_REPLY));
}

// The customer writes while the agent answers.
TEST_F(WorklistTest, WhatTheAgentHasNotSeenIsToldAndNothingIsDone) {
  const std::string thread = ThreadOf(Asks("q"));
  const std::string seen = Thread(thread).etag();
  Say(Asks("and another thing", 5));
  v1::CompleteActionsRequest request = Answering("a");
  Move(request, thread, v1::THREAD_STATE_UNSPECIFIED).set_etag(seen);
  const auto refused = Complete(request, Open());
  ASSERT_THAT(refused, StatusIs(StatusCode::kAborted, "newer"));
  const auto newer = Get(thread);
  ASSERT_THAT(newer, IsOk());
  EXPECT_EQ(newer->interactions(0).external_id(), "and another thing");
  const auto told =
      status::FindDetail<google::rpc::ErrorInfo>(refused.status());
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->reason(), "SOMETHING_NEWER");
  EXPECT_EQ(told->metadata().at("contact_id"), kAda);
  EXPECT_EQ(told->metadata().at("thread_id"), thread);
  EXPECT_EQ(told->metadata().at("interaction_ids"),
            newer->interactions(0).interaction_id());
  EXPECT_EQ(Rows("interactions"), 2);
  request.mutable_threads(0)->set_etag(newer->thread().etag());
  EXPECT_THAT(Complete(request, Open()), IsOk());
  EXPECT_THAT(Open(), IsEmpty());
}

TEST_F(WorklistTest, OfTwoWhoAnswerAtOnceTheSecondIsToldOfTheFirst) {
  Say(Asks("q"));
  const std::vector<v1::Action> done = Open();
  const auto first = Complete(Answering("a"), done);
  ASSERT_THAT(first, IsOk());
  const auto second = Complete(Answering("b"), done);
  ASSERT_THAT(second, IsOk());
  EXPECT_TRUE(second->actions(0).end().by_record());
  EXPECT_EQ(second->actions(0).end().interaction_id(),
            first->interaction().interaction_id());
}

TEST_F(WorklistTest, ARefusedInteractionLeavesAllAsItWas) {
  Say(Missed("m"));
  v1::CompleteActionsRequest request;
  *request.mutable_interaction() = CalledBack("m", 5).interaction();
  EXPECT_THAT(Complete(request, Open()),
              StatusIs(StatusCode::kAlreadyExists, "external_id"));
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_CALL_BACK));
}

TEST_F(WorklistTest, ADismissedActionSaysWhyAndWho) {
  Say(Missed("m"));
  v1::DismissActionsRequest dismiss;
  AddName(Open()[0], *dismiss.mutable_actions());
  dismiss.set_agent("sam");
  dismiss.set_note("wrong number");
  ASSERT_THAT(harness_.Call(&Stub::DismissActions, dismiss), IsOk());
  // A second time it is no error.
  const auto again = harness_.Call(&Stub::DismissActions, dismiss);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->actions(0).state(), v1::ACTION_STATE_DISMISSED);
  EXPECT_EQ(again->actions(0).end().note(), "wrong number");
  EXPECT_EQ(again->actions(0).end().agent(), "sam");
  EXPECT_THAT(Snooze(again->actions(0), Now() + absl::Hours(1)),
              StatusIs(StatusCode::kFailedPrecondition, "has ended"));
}

TEST_F(WorklistTest, ManyAgentsAreGivenEachContactOnce) {
  constexpr int kContacts = 60;
  constexpr int kAgents = 8;
  for (int i = 0; i < kContacts; ++i) {
    Say(Missed(absl::StrCat("m", i), i, base::Uuid::Make(Now()).ToString()));
  }
  std::mutex mutex;
  std::map<std::string, int> dealt;
  std::atomic<int> done = 0;
  std::vector<std::thread> agents;
  for (int i = 0; i < kAgents; ++i) {
    agents.emplace_back([&, agent = absl::StrCat("agent-", i)] {
      while (done < kContacts) {
        const auto next = Next(agent);
        ASSERT_THAT(next, IsOk());
        if (next->contacts().empty()) continue;
        const v1::LeasedContact& leased = next->contacts(0);
        v1::CompleteActionsRequest request;
        request.set_agent(agent);
        request.set_request_id(absl::StrCat("r-", leased.contact_id()));
        ASSERT_THAT(Complete(request, {leased.actions(0)}), IsOk());
        const std::lock_guard lock(mutex);
        ++dealt[leased.contact_id()];
        ++done;
      }
    });
  }
  for (std::thread& agent : agents) agent.join();
  EXPECT_THAT(dealt, SizeIs(kContacts));
  for (const auto& [id, count] : dealt) EXPECT_EQ(count, 1) << id;
  EXPECT_EQ(Rows("action_queue"), 0);
  EXPECT_EQ(Rows("ended_actions"), kContacts);
}

TEST_F(WorklistTest, TheFeedTellsLeases) {
  Say(Missed("m"));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  EXPECT_EQ(GiveBack("sam", kAda), 1);
  EXPECT_THAT(ToldOf(harness_.database(), kAda),
              ElementsAre("1 interaction_recorded", "2 action_opened",
                          "3 contact_leased", "4 contact_leased"));
}

}  // namespace
}  // namespace kith::interactions
