#include "gateway/actions/queue_flow.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gateway/actions/action_fixture.h"
#include "gmock/gmock.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

class QueueFlowTest : public ActionFixture {
 protected:
  // interactions-svc lists an action of each contact in its queue.
  void ListEach() {
    gateway_.interactions.list_queued = [this](const auto& request,
                                               auto& response) {
      asked_.push_back(request);
      for (const std::string& id : queue_) {
        auto& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_queue("service");
        contact.add_actions()->set_contact_id(id);
      }
      response.set_next_page_token("next");
      return absl::OkStatus();
    };
  }

  absl::StatusOr<v1::ListActionsResponse> List(
      const v1::ListActionsRequest& request) {
    return gateway_.Call(&Stub::ListActions, request);
  }

  std::vector<interactions::v1::ListQueuedActionsRequest> asked_;
};

TEST_F(QueueFlowTest, ActionsAreListedOverTheWholeGroup) {
  Merge({kBob, kAda});
  gateway_.interactions.list_actions = [](const auto& request, auto& response) {
    auto& result = *response.add_results();
    for (const std::string& id : request.sets(0).contact_ids()) {
      result.add_actions()->set_contact_id(id);
    }
    result.mutable_actions(0)->set_queue(request.ended() ? "ended" : "open");
    result.set_next_page_token(
        absl::StrCat(request.sets(0).page_token(), "+", request.page_size()));
    return absl::OkStatus();
  };
  v1::ListActionsRequest request;
  request.mutable_customer()->set_contact_id(kAda);
  request.set_page_size(7);
  request.set_page_token("here");
  request.set_ended(true);
  const auto listed = gateway_.Call(&Stub::ListActions, request);
  ASSERT_THAT(listed, IsOk());
  EXPECT_EQ(listed->canonical_id(), kBob);
  ASSERT_THAT(listed->actions(), SizeIs(2));
  EXPECT_EQ(listed->actions(0).queue(), "ended");
  EXPECT_EQ(listed->next_page_token(), "here+7");
}

TEST_F(QueueFlowTest, WaitingActionsAreCounted) {
  gateway_.interactions.count_waiting = [](const auto& request,
                                           auto& response) {
    for (int i = 0; i < request.queues_size(); ++i) {
      response.add_results()->set_contact_count(100 + i);
    }
    return absl::OkStatus();
  };
  v1::CountWaitingActionsRequest request;
  request.add_queues("sales");
  request.add_queues("service");
  const auto counted = gateway_.Call(&Stub::CountWaitingActions, request);
  ASSERT_THAT(counted, IsOk());
  ASSERT_THAT(counted->results(), SizeIs(2));
  EXPECT_EQ(counted->results(1).contact_count(), 101);
}

TEST_F(QueueFlowTest, AQueueIsListedWithItsPeople) {
  ListEach();
  Merge({kDora, kBob});
  missing_ = {kCleo};
  v1::ListActionsRequest request;
  request.add_queues("service");
  request.set_page_size(7);
  request.set_page_token("here");
  const auto listed = List(request);
  ASSERT_THAT(listed, IsOk());
  ASSERT_THAT(listed->actions(), SizeIs(4));
  EXPECT_EQ(listed->actions(0).contact_id(), kAda);
  EXPECT_EQ(listed->next_page_token(), "next");
  EXPECT_EQ(listed->canonical_id(), "");
  ASSERT_THAT(listed->people(), SizeIs(3));
  EXPECT_EQ(listed->people(0).canonical_id(), kAda);
  EXPECT_EQ(listed->people(0).display_name(), absl::StrCat("name of ", kAda));
  EXPECT_EQ(listed->people(1).canonical_id(), kDora);
  EXPECT_THAT(listed->people(1).contact_ids(), ElementsAre(kBob, kDora));
  // It stands for itself.
  EXPECT_EQ(listed->people(2).canonical_id(), kCleo);
  EXPECT_EQ(listed->people(2).display_name(), "");
  ASSERT_THAT(asked_, SizeIs(1));
  EXPECT_THAT(asked_[0].queues(), ElementsAre("service"));
  EXPECT_EQ(asked_[0].page_size(), 7);
  EXPECT_EQ(asked_[0].page_token(), "here");
  EXPECT_FALSE(asked_[0].waiting_only());
  EXPECT_THAT(Leased(), IsEmpty());
}

TEST_F(QueueFlowTest, AnAgentsActionsAreListedByName) {
  ListEach();
  v1::ListActionsRequest request;
  request.set_agent("Dana");
  ASSERT_THAT(List(request), IsOk());
  ASSERT_THAT(asked_, SizeIs(1));
  EXPECT_EQ(asked_[0].agent(), "Dana");
  EXPECT_THAT(asked_[0].queues(), IsEmpty());
}

TEST_F(QueueFlowTest, AListIsOfACustomerOrOfQueuesOrOfAnAgent) {
  v1::ListActionsRequest request;
  EXPECT_THAT(List(request),
              StatusIs(StatusCode::kInvalidArgument, "customer: 0 of"));
  request.add_queues("service");
  request.set_ended(true);
  EXPECT_THAT(List(request), StatusIs(StatusCode::kInvalidArgument, "ended: "));
  request.set_agent("Dana");
  EXPECT_THAT(List(request),
              StatusIs(StatusCode::kInvalidArgument, "customer: 2 of"));
  request.mutable_customer()->set_contact_id(kAda);
  EXPECT_THAT(List(request),
              StatusIs(StatusCode::kInvalidArgument, "customer: 3 of"));
  EXPECT_THAT(gateway_.record.names(), IsEmpty());
}

TEST_F(QueueFlowTest, WithoutContactsNoQueueIsListed) {
  ListEach();
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  v1::ListActionsRequest request;
  request.add_queues("service");
  EXPECT_THAT(List(request),
              StatusIs(StatusCode::kUnavailable, "contacts-svc"));
}

}  // namespace
}  // namespace kith::gateway
