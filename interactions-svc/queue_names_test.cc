// Which queues there are: those of the settings, and those that have somebody.

#include "interactions-svc/actions/queue_names.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/mysql/session.h"
#include "common/mysql/tx.h"
#include "common/testing/test_keys.h"
#include "interactions-svc/actions_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using config::v1::ACTION_KIND_FOLLOW_UP;
using ::kith::testing::IsOk;
using ::kith::testing::kQueueByHand;
using ::kith::testing::StatusIs;

constexpr char kWanted[] =
    "no such queue, want one of by-hand, review, sales, service";

class QueueNamesTest : public ActionsFixture {
 protected:
  absl::StatusOr<v1::Action> Put(const std::string& queue) {
    v1::CreateActionRequest request;
    request.mutable_action()->set_contact_id(kAda);
    request.mutable_action()->set_kind(ACTION_KIND_FOLLOW_UP);
    request.mutable_action()->mutable_reason()->set_text("Call");
    request.mutable_action()->set_queue(queue);
    return harness_.Call(&Stub::CreateAction, request);
  }

  // What a service answers whose tenants file has no `queues` any more.
  template <typename Request>
  absl::Status CheckLater(const std::vector<std::string>& queues,
                          int tenant_index = 0) {
    Request request;
    for (const std::string& queue : queues) request.add_queues(queue);
    auto tenant = std::make_shared<config::v1::Tenant>(
        testing::TestTenantsFile().tenants(tenant_index));
    tenant->clear_actions();
    base::RequestContext context = ReportedCall();
    auto principal = std::make_shared<base::Principal>(*context.principal);
    principal->tenant = std::move(tenant);
    context.principal = std::move(principal);
    mysql::Session session(harness_.database().options());
    EXPECT_THAT(session.Connect(), IsOk());
    return CheckQueueNames(mysql::Tx{context, session, Now()}, request);
  }
};

TEST_F(QueueNamesTest, WhatPutsActionsIntoAMistypedQueueIsRefused) {
  EXPECT_THAT(Put("servcie"), StatusIs(StatusCode::kInvalidArgument, kWanted));
  EXPECT_THAT(Put("servcie"),
              StatusIs(StatusCode::kInvalidArgument, "action.queue: "));
  const auto put = Put(kQueueByHand);
  ASSERT_THAT(put, IsOk());
  EXPECT_EQ(put->queue(), kQueueByHand);
  v1::ReassignActionsRequest reassign;
  AddName(*put, *reassign.mutable_actions());
  reassign.set_agent("sam");
  reassign.set_queue("servcie");
  EXPECT_THAT(harness_.Call(&Stub::ReassignActions, reassign),
              StatusIs(StatusCode::kInvalidArgument, kWanted));
  v1::CompleteActionsRequest complete;
  *complete.add_next() = *put;
  complete.mutable_next(0)->set_queue("servcie");
  EXPECT_THAT(
      Complete(complete, {*put}),
      StatusIs(StatusCode::kInvalidArgument, "next[0].queue: no such queue"));
  ASSERT_EQ(Open().size(), 1U);
  EXPECT_EQ(Open()[0].queue(), kQueueByHand);
}

TEST_F(QueueNamesTest, WhatReadsAMistypedQueueIsRefused) {
  EXPECT_THAT(Next("sam", 1, {"service", "servcie"}),
              StatusIs(StatusCode::kInvalidArgument, kWanted));
  EXPECT_THAT(Next("sam", 1, {"service", "servcie"}),
              StatusIs(StatusCode::kInvalidArgument, "queues[1]: "));
  v1::ListQueuedActionsRequest list;
  list.add_queues("servcie");
  EXPECT_THAT(harness_.Call(&Stub::ListQueuedActions, list),
              StatusIs(StatusCode::kInvalidArgument, kWanted));
  v1::CountWaitingActionsRequest count;
  count.add_queues("servcie");
  EXPECT_THAT(harness_.Call(&Stub::CountWaitingActions, count),
              StatusIs(StatusCode::kInvalidArgument, kWanted));
}

// A tenant renames a queue; who waits in it by its former name is dealt with.
TEST_F(QueueNamesTest, AQueueThatIsNotNamedAnyMoreIsReadUntilItIsEmpty) {
  using Lease = v1::LeaseNextActionsRequest;
  EXPECT_THAT(CheckLater<Lease>({kQueueByHand}),
              StatusIs(StatusCode::kInvalidArgument,
                       "no such queue, want one of review, sales, service"));
  const auto put = Put(kQueueByHand);
  ASSERT_THAT(put, IsOk());
  EXPECT_THAT(CheckLater<Lease>({kQueueByHand}), IsOk());
  EXPECT_THAT(CheckLater<v1::ListQueuedActionsRequest>({kQueueByHand}), IsOk());
  EXPECT_THAT(CheckLater<v1::CountWaitingActionsRequest>({kQueueByHand}),
              IsOk());
  EXPECT_THAT(CheckLater<Lease>({"sales", "no", kQueueByHand, "nor"}),
              StatusIs(StatusCode::kInvalidArgument, "queues[3]: "));
  // Also while all that are in it are leased or SNOOZED.
  EXPECT_THAT(Next("sam", 1, {kQueueByHand}), IsOk());
  EXPECT_THAT(CheckLater<Lease>({kQueueByHand}), IsOk());
  ASSERT_THAT(Snooze(*put, Now() + absl::Hours(1)), IsOk());
  EXPECT_THAT(CheckLater<Lease>({kQueueByHand}), IsOk());
  ASSERT_THAT(Complete({}, {*put}), IsOk());
  EXPECT_THAT(CheckLater<Lease>({kQueueByHand}),
              StatusIs(StatusCode::kInvalidArgument, "queues[0]: "));
}

TEST_F(QueueNamesTest, AQueueOfAnotherTenantIsNone) {
  ASSERT_THAT(Put(kQueueByHand), IsOk());
  EXPECT_THAT(CheckLater<v1::LeaseNextActionsRequest>({kQueueByHand}, 1),
              StatusIs(StatusCode::kInvalidArgument, "queues[0]: "));
}

}  // namespace
}  // namespace kith::interactions
