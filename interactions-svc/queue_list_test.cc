// What ListQueuedActions has of queues and of agents, page by page.

#include "interactions-svc/queue_list.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "common/mysql/tx.h"
#include "gmock/gmock.h"
#include "interactions-svc/actions_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using config::v1::ACTION_KIND_CALL_BACK;
using config::v1::ACTION_KIND_FIRST_CONTACT;
using config::v1::ACTION_KIND_FOLLOW_UP;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

constexpr char kCleo[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b7";

class QueueListTest : public ActionsFixture {
 protected:
  // Three contacts of the queue "service", Bob the most urgent.
  void AskAll() {
    Say(Asks("q-ada", 30));
    Say(Missed("m-bob", 0, kBob));
    Say(Asks("q-cleo", 60, kCleo));
  }

  static v1::ListQueuedActionsRequest Of(std::vector<std::string> queues,
                                         const std::string& agent = "") {
    v1::ListQueuedActionsRequest request;
    for (std::string& queue : queues) request.add_queues(std::move(queue));
    request.set_agent(agent);
    return request;
  }

  static v1::ListQueuedActionsRequest WaitingIn(const std::string& queue) {
    v1::ListQueuedActionsRequest request = Of({queue});
    request.set_waiting_only(true);
    return request;
  }

  absl::StatusOr<v1::ListQueuedActionsResponse> ListQueues(
      const v1::ListQueuedActionsRequest& request,
      TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::ListQueuedActions, request, key);
  }

  // All pages of a list. Between two of them the clock goes on by `step`.
  std::vector<v1::QueuedContact> All(
      v1::ListQueuedActionsRequest request, int32_t page_size = 100,
      absl::Duration step = absl::ZeroDuration()) {
    request.set_page_size(page_size);
    std::vector<v1::QueuedContact> all;
    do {
      const auto page = ListQueues(request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) return all;
      EXPECT_LE(page->contacts_size(), page_size);
      all.insert(all.end(), page->contacts().begin(), page->contacts().end());
      request.set_page_token(page->next_page_token());
      harness_.clock().Advance(step);
    } while (!request.page_token().empty());
    return all;
  }

  std::vector<std::string> Ids(const v1::ListQueuedActionsRequest& request,
                               int32_t page_size = 100,
                               absl::Duration step = absl::ZeroDuration()) {
    std::vector<std::string> ids;
    for (const v1::QueuedContact& contact : All(request, page_size, step)) {
      ids.push_back(contact.contact_id());
    }
    return ids;
  }

  void Assign(const std::string& contact_id, const std::string& assignee) {
    v1::ReassignActionsRequest request;
    AddName(Open(contact_id)[0], *request.mutable_actions());
    request.set_agent("boss");
    request.set_assignee(assignee);
    EXPECT_THAT(harness_.Call(&Stub::ReassignActions, request), IsOk());
  }
};

TEST_F(QueueListTest, TheMostUrgentIsFirstAndNothingIsLeased) {
  AskAll();
  const auto all = All(Of({"service"}));
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].contact_id(), kBob);
  EXPECT_EQ(all[0].queue(), "service");
  EXPECT_EQ(base::FromProto(all[0].rank_time()), Noon() + absl::Minutes(60));
  EXPECT_FALSE(all[0].has_lease());
  ASSERT_THAT(all[0].actions(), SizeIs(1));
  EXPECT_EQ(all[0].actions(0).kind(), ACTION_KIND_CALL_BACK);
  EXPECT_EQ(all[0].actions(0).contact_id(), kBob);
  EXPECT_EQ(all[1].contact_id(), kAda);
  EXPECT_EQ(all[2].contact_id(), kCleo);
  EXPECT_THAT(Given("sam", 3), ElementsAre(kBob, kAda, kCleo));
}

TEST_F(QueueListTest, OnlyTheActionsOfTheQueueAreListed) {
  Say(Missed("m"));
  Say(Lead("l", 10));
  const auto sales = All(Of({"sales"}));
  ASSERT_THAT(sales, SizeIs(1));
  ASSERT_THAT(sales[0].actions(), SizeIs(1));
  EXPECT_EQ(sales[0].actions(0).kind(), ACTION_KIND_FIRST_CONTACT);
  const auto both = All(Of({"service", "sales"}));
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_EQ(both[0].queue(), "sales");
  EXPECT_EQ(both[1].queue(), "service");
}

// Many rank the same: what comes at night is due when the day begins.
TEST_F(QueueListTest, EachIsListedOnceHoweverSmallThePages) {
  std::vector<std::pair<std::string, std::string>> wanted;
  for (int i = 0; i < 5; ++i) {
    const std::string id = base::Uuid::Make(Now()).ToString();
    // Both rank at 13:00.
    Say(Missed(absl::StrCat("m", i), 0, id));
    Say(Lead(absl::StrCat("l", i), 30, id));
    wanted.emplace_back(id, "service");
    wanted.emplace_back(id, "sales");
  }
  Say(Missed("later", 7));
  wanted.emplace_back(kAda, "service");
  for (const int32_t page_size : {1, 2, 3, 4, 100}) {
    std::vector<std::pair<std::string, std::string>> listed;
    absl::Time last = absl::InfinitePast();
    for (const auto& contact : All(Of({"service", "sales"}), page_size)) {
      listed.emplace_back(contact.contact_id(), contact.queue());
      EXPECT_LE(last, base::FromProto(contact.rank_time()));
      last = base::FromProto(contact.rank_time());
    }
    EXPECT_THAT(listed, UnorderedElementsAreArray(wanted)) << page_size;
    EXPECT_EQ(listed.back().first, kAda);
  }
}

TEST_F(QueueListTest, WhatIsLeasedComesLastUntilItsLeaseEnds) {
  AskAll();
  EXPECT_THAT(Given("sam"), ElementsAre(kBob));
  const auto all = All(Of({"service"}), 1);
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[2].contact_id(), kBob);
  EXPECT_EQ(all[2].lease().agent(), "sam");
  EXPECT_EQ(base::FromProto(all[2].rank_time()), Now() + absl::Minutes(5));
  EXPECT_EQ(all[2].actions(0).lease().agent(), "sam");
  EXPECT_THAT(Ids(WaitingIn("service")), ElementsAre(kAda, kCleo));
  harness_.clock().Advance(absl::Minutes(5));
  EXPECT_THAT(Ids(WaitingIn("service"), 1), ElementsAre(kAda, kCleo, kBob));
  EXPECT_FALSE(All(WaitingIn("service"))[2].has_lease());
}

TEST_F(QueueListTest, WhatIsSnoozedIsApartFromTheRest) {
  Say(Missed("m"));
  const v1::Action call_back = Open()[0];
  ASSERT_THAT(CreateAction(ACTION_KIND_FOLLOW_UP, "Ask again"), IsOk());
  ASSERT_THAT(Snooze(call_back, Now() + absl::Hours(1)), IsOk());
  Say(Asks("q-bob", 0, kBob));
  const auto all = All(Of({"service"}), 1);
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].contact_id(), kBob);
  EXPECT_EQ(all[1].contact_id(), kAda);
  ASSERT_THAT(all[1].actions(), SizeIs(1));
  EXPECT_EQ(all[1].actions(0).kind(), ACTION_KIND_FOLLOW_UP);
  EXPECT_EQ(all[2].contact_id(), kAda);
  ASSERT_THAT(all[2].actions(), SizeIs(1));
  EXPECT_EQ(all[2].actions(0).state(), v1::ACTION_STATE_SNOOZED);
  EXPECT_FALSE(all[2].has_lease());
  EXPECT_THAT(Ids(WaitingIn("service")), ElementsAre(kBob, kAda));
}

// Else what begins to wait would move to where the list has been already.
TEST_F(QueueListTest, TheTimeOfTheFirstPageDecidesWhatWaits) {
  AskAll();
  EXPECT_THAT(Given("sam"), ElementsAre(kBob));
  EXPECT_THAT(Ids(Of({"service"}), 1, absl::Minutes(6)),
              ElementsAre(kAda, kCleo, kBob));
}

TEST_F(QueueListTest, AnAgentsAreWhatItHasLeasedThenWhatIsAssigned) {
  AskAll();
  Assign(kAda, "sam");
  EXPECT_THAT(Ids(Of({}, "sam")), ElementsAre(kAda));
  ASSERT_THAT(Lease("sam", {kCleo}), IsOk());
  const auto all = All(Of({}, "sam"), 1);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].contact_id(), kCleo);
  EXPECT_EQ(all[0].lease().agent(), "sam");
  EXPECT_EQ(all[0].queue(), "");
  EXPECT_EQ(all[1].contact_id(), kAda);
  EXPECT_EQ(all[1].actions(0).assignee(), "sam");
  // Once, though it is both.
  ASSERT_THAT(Lease("sam", {kAda}), IsOk());
  EXPECT_THAT(Ids(Of({}, "sam"), 1), UnorderedElementsAre(kAda, kCleo));
  ASSERT_THAT(Lease("eve", {kAda}, "sam is ill"), IsOk());
  EXPECT_THAT(Ids(Of({}, "sam"), 1), ElementsAre(kCleo, kAda));
  EXPECT_THAT(Ids(Of({}, "eve")), ElementsAre(kAda));
  EXPECT_THAT(Ids(Of({}, "joe")), IsEmpty());
}

TEST_F(QueueListTest, WhatHasEndedIsNotListed) {
  AskAll();
  Say(CalledBack("c", 5, kBob));
  EXPECT_THAT(Ids(Of({"service"})), ElementsAre(kAda, kCleo));
}

TEST_F(QueueListTest, AnotherTenantSeesNothing) {
  AskAll();
  v1::ListQueuedActionsRequest request = Of({"service"});
  const auto other = ListQueues(request, testing::kOther);
  ASSERT_THAT(other, IsOk());
  EXPECT_THAT(other->contacts(), IsEmpty());
  request.set_page_size(1);
  request.set_page_token(ListQueues(request)->next_page_token());
  EXPECT_THAT(ListQueues(request), IsOk());
  EXPECT_THAT(ListQueues(request, testing::kOther),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

TEST_F(QueueListTest, WhatIsRefused) {
  EXPECT_THAT(ListQueues(Of({})),
              StatusIs(StatusCode::kInvalidArgument, "queues: 0 given"));
  EXPECT_THAT(ListQueues(Of(std::vector<std::string>(21, "a"))),
              StatusIs(StatusCode::kInvalidArgument, "queues: 21 given"));
  EXPECT_THAT(ListQueues(Of({"@sam"})),
              StatusIs(StatusCode::kInvalidArgument, "queues[0]: "));
  EXPECT_THAT(ListQueues(Of({}, std::string(321, 'x'))),
              StatusIs(StatusCode::kInvalidArgument, "agent: "));
  v1::ListQueuedActionsRequest request = Of({"service"});
  request.set_page_size(-1);
  EXPECT_THAT(ListQueues(request),
              StatusIs(StatusCode::kInvalidArgument, "page_size"));
  // A token is good for its request alone.
  AskAll();
  request.set_page_size(1);
  request.set_page_token(ListQueues(request)->next_page_token());
  request.set_waiting_only(true);
  EXPECT_THAT(ListQueues(request),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

class QueueRowsTest : public QueueListTest {
 protected:
  // Adds contacts that rank the same.
  void AddCallers(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string id = base::Uuid::Make(Now()).ToString();
      Say(Missed(absl::StrCat("m", id), 0, id));
    }
  }

  // The rows that the server reads for a page, and its token.
  std::pair<int64_t, std::string> RowsOfPage(const std::string& token) {
    mysql::Session session(harness_.database().options());
    EXPECT_THAT(session.ExecuteText("FLUSH STATUS"), IsOk());
    const mysql::TenantTx tx(session, 1, Now());
    v1::ListQueuedActionsRequest request = Of({"service"});
    request.set_page_size(5);
    request.set_page_token(token);
    const auto page = ListQueued(tx, request);
    EXPECT_THAT(page, IsOk());
    if (!page.ok()) return {};
    EXPECT_THAT(page->contacts(), SizeIs(5));
    int64_t rows = 0;
    EXPECT_THAT(
        session.Query("SELECT variable_value FROM "
                      "information_schema.session_status WHERE variable_name "
                      "LIKE 'HANDLER_READ%'",
                      {}, [&](const mysql::Row& row) { rows += row.Int(0); }),
        IsOk());
    return {rows, page->next_page_token()};
  }
};

TEST_F(QueueRowsTest, APageReadsTheSameWhateverTheQueueHolds) {
  AddCallers(20);
  const auto [first, token] = RowsOfPage("");
  const int64_t second = RowsOfPage(token).first;
  AddCallers(100);
  EXPECT_LE(RowsOfPage("").first, first + 2);
  std::string behind;
  for (int i = 0; i < 15; ++i) behind = RowsOfPage(behind).second;
  EXPECT_LE(RowsOfPage(behind).first, second + 2);
}

}  // namespace
}  // namespace kith::interactions
