#include "gateway/flows/thread_flow.h"

#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

class ThreadFlowTest : public ::testing::Test {
 protected:
  ThreadFlowTest() {
    gateway_.interactions.create_thread = [this](const auto& request,
                                                 auto& response) {
      created_.push_back(request);
      if (request.thread().contact_id().empty()) return not_repeated_;
      response = request.thread();
      return absl::OkStatus();
    };
    gateway_.interactions.update_thread = [this](const auto& request,
                                                 auto& response) {
      updated_.push_back(request);
      response = request.thread();
      return absl::OkStatus();
    };
    gateway_.interactions.get_thread = [](const auto& request, auto& response) {
      response.mutable_thread()->set_thread_id(request.thread_id());
      response.add_interactions()->set_subject(request.page_token());
      response.set_next_page_token("next");
      return absl::OkStatus();
    };
    gateway_.interactions.list_threads = [this](const auto& request,
                                                auto& response) {
      listed_.push_back(request);
      auto& result = *response.add_results();
      result.add_threads()->set_thread_id(kBob);
      result.set_next_page_token("next");
      return absl::OkStatus();
    };
  }

  static v1::CreateThreadRequest Creating(const std::string& request_id = "") {
    v1::CreateThreadRequest request;
    request.mutable_customer()->set_contact_id(kAda);
    request.mutable_thread()->set_contact_id(kCleo);
    request.mutable_thread()->set_topic("delivery");
    request.set_request_id(request_id);
    return request;
  }

  void HaveNoContacts() {
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      *response.mutable_missing_ids() = request.contact_ids();
      return absl::OkStatus();
    };
  }

  GatewayHarness gateway_;
  std::vector<interactions::v1::CreateThreadRequest> created_;
  std::vector<interactions::v1::UpdateThreadRequest> updated_;
  std::vector<interactions::v1::ListThreadsRequest> listed_;
  absl::Status not_repeated_ = absl::NotFoundError("nothing to repeat");
};

TEST_F(ThreadFlowTest, AThreadIsOfTheContactThatIsMeant) {
  const auto created = gateway_.Call(&Stub::CreateThread, Creating());
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->contact_id(), kAda);
  EXPECT_EQ(created->topic(), "delivery");
  ASSERT_THAT(created_, SizeIs(1));
  EXPECT_NE(created_[0].request_id(), "");
  EXPECT_EQ(created_[0].forwarded().fingerprint(), "");
}

TEST_F(ThreadFlowTest, NobodyIsGivenAThread) {
  HaveNoContacts();
  EXPECT_THAT(gateway_.Call(&Stub::CreateThread, Creating()),
              StatusIs(StatusCode::kNotFound, "customer: nobody"));
  EXPECT_THAT(created_, IsEmpty());
}

TEST_F(ThreadFlowTest, ARepeatIsAskedForThoughTheCustomerIsGone) {
  HaveNoContacts();
  EXPECT_THAT(gateway_.Call(&Stub::CreateThread, Creating("r-1")),
              StatusIs(StatusCode::kNotFound, "customer: nobody"));
  ASSERT_THAT(created_, SizeIs(1));
  EXPECT_EQ(created_[0].thread().contact_id(), "");
  EXPECT_EQ(created_[0].forwarded().fingerprint().size(), 32U);
  not_repeated_ = absl::OkStatus();
  EXPECT_THAT(gateway_.Call(&Stub::CreateThread, Creating("r-1")), IsOk());
}

TEST_F(ThreadFlowTest, AnUpdateIsPassedOn) {
  v1::UpdateThreadRequest request;
  request.mutable_thread()->set_thread_id(kBob);
  request.mutable_thread()->set_etag("7");
  request.mutable_update_mask()->add_paths("topic");
  request.set_request_id("r-1");
  ASSERT_THAT(gateway_.Call(&Stub::UpdateThread, request), IsOk());
  ASSERT_THAT(updated_, SizeIs(1));
  EXPECT_EQ(updated_[0].thread().etag(), "7");
  EXPECT_THAT(updated_[0].update_mask().paths(), ElementsAre("topic"));
  EXPECT_EQ(updated_[0].request_id(), "r-1");
}

TEST_F(ThreadFlowTest, AnErrorOfTheServiceIsTheAnswer) {
  gateway_.interactions.update_thread = [](const auto&, auto&) {
    return absl::AbortedError("etag: stale");
  };
  EXPECT_THAT(gateway_.Call(&Stub::UpdateThread, v1::UpdateThreadRequest()),
              StatusIs(StatusCode::kAborted, "etag: stale"));
}

TEST_F(ThreadFlowTest, ASplitIsPassedOn) {
  interactions::v1::SplitThreadRequest passed;
  gateway_.interactions.split_thread = [&](const auto& request,
                                           auto& response) {
    passed = request;
    response.mutable_split_thread()->set_thread_id(kCleo);
    return absl::OkStatus();
  };
  v1::SplitThreadRequest request;
  request.set_thread_id(kBob);
  request.add_interaction_ids(kAda);
  request.set_from_interaction_id(kCleo);
  request.set_kind(interactions::v1::THREAD_KIND_PROBLEM);
  request.set_topic("bill");
  request.set_subject("My bill");
  request.set_request_id("r-1");
  const auto split = gateway_.Call(&Stub::SplitThread, request);
  ASSERT_THAT(split, IsOk());
  EXPECT_EQ(split->split_thread().thread_id(), kCleo);
  EXPECT_EQ(passed.thread_id(), kBob);
  EXPECT_THAT(passed.interaction_ids(), ElementsAre(kAda));
  EXPECT_EQ(passed.from_interaction_id(), kCleo);
  EXPECT_EQ(passed.kind(), interactions::v1::THREAD_KIND_PROBLEM);
  EXPECT_EQ(passed.topic(), "bill");
  EXPECT_EQ(passed.subject(), "My bill");
  EXPECT_EQ(passed.request_id(), "r-1");
}

TEST_F(ThreadFlowTest, AJoinIsPassedOn) {
  interactions::v1::JoinThreadsRequest passed;
  gateway_.interactions.join_threads = [&](const auto& request,
                                           auto& response) {
    passed = request;
    response.mutable_thread()->set_thread_id(kAda);
    return absl::OkStatus();
  };
  v1::JoinThreadsRequest request;
  request.set_thread_id(kAda);
  request.set_joined_thread_id(kBob);
  const auto joined = gateway_.Call(&Stub::JoinThreads, request);
  ASSERT_THAT(joined, IsOk());
  EXPECT_EQ(joined->thread().thread_id(), kAda);
  EXPECT_EQ(passed.thread_id(), kAda);
  EXPECT_EQ(passed.joined_thread_id(), kBob);
  EXPECT_NE(passed.request_id(), "");
}

TEST_F(ThreadFlowTest, AnUndoNamesTheChangeThatTheCallerNames) {
  std::vector<interactions::v1::UndoThreadChangeRequest> passed;
  gateway_.interactions.undo_thread_change = [&](const auto& request, auto&) {
    passed.push_back(request);
    return absl::OkStatus();
  };
  v1::UndoThreadChangeRequest request;
  request.set_split_thread_id(kAda);
  ASSERT_THAT(gateway_.Call(&Stub::UndoThreadChange, request), IsOk());
  request.set_joined_thread_id(kBob);
  ASSERT_THAT(gateway_.Call(&Stub::UndoThreadChange, request), IsOk());
  ASSERT_THAT(passed, SizeIs(2));
  EXPECT_EQ(passed[0].split_thread_id(), kAda);
  EXPECT_FALSE(passed[1].has_split_thread_id());
  EXPECT_EQ(passed[1].joined_thread_id(), kBob);
}

TEST_F(ThreadFlowTest, AThreadComesWithItsInteractions) {
  v1::GetThreadRequest request;
  request.set_thread_id(kBob);
  request.set_page_token("here");
  const auto got = gateway_.Call(&Stub::GetThread, request);
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->thread().thread_id(), kBob);
  EXPECT_EQ(got->interactions(0).subject(), "here");
  EXPECT_EQ(got->next_page_token(), "next");
}

TEST_F(ThreadFlowTest, ThreadsAreListedOverTheWholeGroup) {
  gateway_.contacts.batch_get = [](const auto&, auto& response) {
    auto& contact = *response.add_contacts();
    contact.set_contact_id(kAda);
    contact.set_canonical_id(kBob);
    contact.add_member_ids(kAda);
    contact.add_member_ids(kBob);
    return absl::OkStatus();
  };
  v1::ListThreadsRequest request;
  request.mutable_customer()->set_contact_id(kAda);
  request.add_states(interactions::v1::THREAD_STATE_OPEN);
  request.set_page_size(7);
  request.set_page_token("here");
  const auto listed = gateway_.Call(&Stub::ListThreads, request);
  ASSERT_THAT(listed, IsOk());
  EXPECT_EQ(listed->canonical_id(), kBob);
  EXPECT_THAT(listed->threads(), SizeIs(1));
  EXPECT_EQ(listed->next_page_token(), "next");
  ASSERT_THAT(listed_, SizeIs(1));
  EXPECT_THAT(listed_[0].sets(0).contact_ids(), ElementsAre(kAda, kBob));
  EXPECT_EQ(listed_[0].sets(0).page_token(), "here");
  EXPECT_EQ(listed_[0].page_size(), 7);
  EXPECT_THAT(listed_[0].states(),
              ElementsAre(interactions::v1::THREAD_STATE_OPEN));
}

}  // namespace
}  // namespace kith::gateway
