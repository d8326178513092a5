#include "gateway/flows/view_flow.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "common/api/too_busy.h"
#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Stub = v1::GatewayService::Stub;

v1::GetCustomerViewRequest ById(const std::string& id) {
  v1::GetCustomerViewRequest request;
  request.mutable_customer()->set_contact_id(id);
  return request;
}

v1::GetCustomerViewRequest ByValue(const std::string& value) {
  v1::GetCustomerViewRequest request;
  request.mutable_customer()->mutable_value()->set_value(value);
  return request;
}

class ViewFlowTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::GetCustomerViewResponse> Get(
      const v1::GetCustomerViewRequest& request) {
    return gateway_.Call(&Stub::GetCustomerView, request);
  }

  // Every value is held by these. If it is one, which holds nothing else, its
  // identities come with it, with this page token.
  void SetHolders(const std::vector<std::string>& ids,
                  const std::string& token = "") {
    gateway_.identity.batch_resolve = [=](const auto& request, auto& response) {
      for (const auto& asked : request.requests()) {
        auto& resolved = *response.add_results()->mutable_response();
        for (const std::string& id : ids) {
          resolved.add_candidates()->mutable_identity()->set_contact_id(id);
        }
        if (!asked.include_holder_identities() || ids.size() != 1) continue;
        auto& identities = *resolved.mutable_holder_identities();
        *identities.add_identities() = resolved.candidates(0).identity();
        identities.set_next_page_token(token);
      }
      return absl::OkStatus();
    };
  }

  // Ada and Bob are merged, Ada standing for both.
  void Merge() {
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        contacts::v1::Contact& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(kAda);
        contact.add_member_ids(kAda);
        contact.add_member_ids(kBob);
      }
      return absl::OkStatus();
    };
  }

  static absl::Status Down() { return absl::UnavailableError("10.0.0.5:77"); }

  GatewayHarness gateway_;
};

const google::rpc::Status* Error(const v1::CustomerView& view,
                                 const std::string& part) {
  for (const v1::PartStatus& source : view.parts()) {
    if (source.part() == part) {
      return source.has_error() ? &source.error() : nullptr;
    }
  }
  ADD_FAILURE() << "no source " << part;
  return nullptr;
}

TEST_F(ViewFlowTest, ByIdIsOneHopWithAllParts) {
  const auto response = Get(ById(kAda));
  ASSERT_THAT(response, IsOk());
  const v1::CustomerView& view = response->view();
  EXPECT_EQ(view.contact().contact_id(), kAda);
  EXPECT_THAT(view.identities(), SizeIs(1));
  EXPECT_EQ(view.summary().sales(0).sold_micros(), 7);
  EXPECT_THAT(view.interactions(), SizeIs(1));
  EXPECT_THAT(view.parts(), SizeIs(7));
  for (const v1::PartStatus& source : view.parts()) {
    EXPECT_FALSE(source.has_error()) << source.part();
  }
  EXPECT_THAT(gateway_.record.names(),
              UnorderedElementsAre("BatchGetContacts", "ListIdentities",
                                   "BatchGetActivity"));
}

TEST_F(ViewFlowTest, ByValueIsThreeCallsWithAllParts) {
  SetHolders({kAda});
  const auto response = Get(ByValue("(415) 555-2671"));
  ASSERT_THAT(response, IsOk());
  const v1::CustomerView& view = response->view();
  EXPECT_EQ(view.contact().contact_id(), kAda);
  ASSERT_THAT(view.identities(), SizeIs(1));
  EXPECT_EQ(view.identities(0).contact_id(), kAda);
  EXPECT_THAT(view.interactions(), SizeIs(1));
  EXPECT_THAT(view.parts(), SizeIs(7));
  for (const v1::PartStatus& source : view.parts()) {
    EXPECT_FALSE(source.has_error()) << source.part();
  }
  EXPECT_THAT(gateway_.record.names(),
              UnorderedElementsAre("BatchResolveIdentities", "BatchGetContacts",
                                   "BatchGetActivity"));
}

TEST_F(ViewFlowTest, AServiceThatIsTooBusyRefusesTheView) {
  gateway_.interactions.activity = [](const auto&, auto&) {
    return api::TooBusyError("the queue is full");
  };
  EXPECT_THAT(Get(ById(kAda)),
              StatusIs(StatusCode::kResourceExhausted, "the queue is full"));
}

TEST_F(ViewFlowTest, ByValueIsTwoRounds) {
  SetHolders({kAda});
  // Held until all calls have arrived.
  gateway_.contacts.batch_get = nullptr;
  gateway_.interactions.activity = nullptr;
  std::thread call([&] {
    EXPECT_THAT(Get(ByValue("5550100")), StatusIs(StatusCode::kCancelled));
  });
  while (gateway_.record.names().size() < 3) std::this_thread::yield();
  EXPECT_EQ(gateway_.record.names().front(), "BatchResolveIdentities");
  gateway_.record.Release();
  call.join();
}

TEST_F(ViewFlowTest, ByValueOfAMergedContactIsReadAgainOverItsMembers) {
  SetHolders({kBob});
  Merge();
  const auto response = Get(ByValue("5550100"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->view().canonical_id(), kAda);
  EXPECT_THAT(response->view().identities(), SizeIs(2));
  EXPECT_THAT(response->view().interactions(), SizeIs(2));
  EXPECT_THAT(gateway_.record.names(),
              UnorderedElementsAre("BatchResolveIdentities", "BatchGetContacts",
                                   "BatchGetActivity", "BatchGetActivity",
                                   "ListIdentities"));
}

TEST_F(ViewFlowTest, MoreIdentitiesThanComeWithTheValueAreListed) {
  SetHolders({kAda}, "more");
  gateway_.identity.list = [](const auto&, auto& response) {
    for (int i = 0; i < 21; ++i) {
      if (i == 0) response.add_results();
      response.mutable_results(0)->add_identities();
    }
    return absl::OkStatus();
  };
  const auto response = Get(ByValue("5550100"));
  ASSERT_THAT(response, IsOk());
  EXPECT_THAT(response->view().identities(), SizeIs(21));
  EXPECT_EQ(Error(response->view(), "identities"), nullptr);
  EXPECT_THAT(gateway_.record.names(), SizeIs(4));
}

TEST_F(ViewFlowTest, ByValueWithoutIdentitiesDoesNotAskForThem) {
  std::atomic<bool> asked = false;
  gateway_.identity.batch_resolve = [&](const auto& request, auto& response) {
    asked = request.requests(0).include_holder_identities();
    response.add_results()
        ->mutable_response()
        ->add_candidates()
        ->mutable_identity()
        ->set_contact_id(kAda);
    return absl::OkStatus();
  };
  auto request = ByValue("5550100");
  request.mutable_read_mask()->add_paths("summary");
  const auto response = Get(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_FALSE(asked);
  EXPECT_THAT(response->view().identities(), SizeIs(0));
  EXPECT_THAT(response->view().parts(), SizeIs(1));
  EXPECT_THAT(gateway_.record.names(), SizeIs(3));
}

TEST_F(ViewFlowTest, ForwardsTheCallersKeyAndTrace) {
  ASSERT_THAT(Get(ById(kAda)), IsOk());
  EXPECT_EQ(gateway_.record.metadata("authorization"),
            testing::Authorization(testing::kDemo));
  EXPECT_THAT(gateway_.record.metadata("traceparent"), SizeIs(55));
}

TEST_F(ViewFlowTest, SlowInteractionsLeaveAPartialViewInTime) {
  gateway_.interactions.activity = nullptr;
  const auto response = Get(ById(kAda));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->view().contact().contact_id(), kAda);
  EXPECT_THAT(response->view().identities(), SizeIs(1));
  ASSERT_NE(Error(response->view(), "summary"), nullptr);
  EXPECT_EQ(Error(response->view(), "summary")->code(),
            static_cast<int>(StatusCode::kDeadlineExceeded));
  ASSERT_NE(Error(response->view(), "interactions"), nullptr);
  EXPECT_EQ(Error(response->view(), "identities"), nullptr);
}

TEST_F(ViewFlowTest, DeadInteractionsLeaveAPartialViewWithoutAddresses) {
  gateway_.interactions.activity = [](const auto&, auto&) { return Down(); };
  const auto response = Get(ById(kAda));
  ASSERT_THAT(response, IsOk());
  ASSERT_NE(Error(response->view(), "summary"), nullptr);
  EXPECT_EQ(Error(response->view(), "summary")->message(),
            "interactions-svc cannot be reached; try again");
}

TEST_F(ViewFlowTest, WithoutContactsThereIsNoView) {
  gateway_.contacts.batch_get = [](const auto&, auto&) { return Down(); };
  EXPECT_THAT(Get(ById(kAda)),
              StatusIs(StatusCode::kUnavailable, "contacts-svc"));
}

TEST_F(ViewFlowTest, WithoutIdentityOnlyTheIdStillFindsThem) {
  gateway_.identity.batch_resolve = [](const auto&, auto&) { return Down(); };
  gateway_.identity.list = [](const auto&, auto&) { return Down(); };
  EXPECT_THAT(Get(ByValue("ada@example.com")),
              StatusIs(StatusCode::kUnavailable, "identity-svc"));
  EXPECT_THAT(gateway_.record.names(), ElementsAre("BatchResolveIdentities"));
  const auto response = Get(ById(kAda));
  ASSERT_THAT(response, IsOk());
  EXPECT_NE(Error(response->view(), "identities"), nullptr);
  EXPECT_EQ(Error(response->view(), "summary"), nullptr);
}

TEST_F(ViewFlowTest, ManyHoldersAreAChoiceNotAGuess) {
  SetHolders({kAda, kBob});
  const auto response = Get(ByValue("5550100"));
  ASSERT_THAT(response, IsOk());
  EXPECT_THAT(response->ambiguous().candidates(), SizeIs(2));
  EXPECT_THAT(response->ambiguous().canonical_ids(), ElementsAre(kAda, kBob));
}

TEST_F(ViewFlowTest, ManyHoldersOfOneGroupAreOneCustomer) {
  SetHolders({kAda, kBob});
  Merge();
  const auto response = Get(ByValue("5550100"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->view().contact().canonical_id(), kAda);
  EXPECT_THAT(response->view().identities(), SizeIs(2));
}

TEST_F(ViewFlowTest, AMergedContactIsReadAgainOverItsMembers) {
  Merge();
  const auto response = Get(ById(kBob));
  ASSERT_THAT(response, IsOk());
  EXPECT_THAT(response->view().interactions(), SizeIs(2));
  EXPECT_EQ(std::ranges::count(gateway_.record.names(), "BatchGetActivity"), 2);
}

TEST_F(ViewFlowTest, GreatGroupsAreAskedForInCallsOfTheirOwn) {
  // Contact i of the batch stands for a group of 300 * (i + 1).
  gateway_.contacts.batch_get = [](const auto& request, auto& response) {
    int size = 0;
    for (const std::string& id : request.contact_ids()) {
      contacts::v1::Contact& contact = *response.add_contacts();
      contact.set_contact_id(id);
      contact.add_member_ids(id);
      size += 300;
      for (int n = 1; n < size; ++n) {
        contact.add_member_ids(absl::StrCat(id, "/", n));
      }
    }
    return absl::OkStatus();
  };
  v1::BatchGetCustomerViewsRequest request;
  for (const char* id : {kAda, kBob, kCleo}) {
    request.add_customers()->set_contact_id(id);
  }
  const auto batch = gateway_.Call(&Stub::BatchGetCustomerViews, request);
  ASSERT_THAT(batch, IsOk());
  for (int i = 0; i < 3; ++i) {
    const v1::CustomerView& view = batch->results(i).response().view();
    EXPECT_THAT(view.identities(), SizeIs(300 * (i + 1)));
    EXPECT_THAT(view.interactions(), SizeIs(300 * (i + 1)));
    for (const auto& interaction : view.interactions()) {
      EXPECT_EQ(interaction.contact_id().substr(0, 36),
                view.contact().contact_id());
    }
  }
  const auto names = gateway_.record.names();
  EXPECT_EQ(std::ranges::count(names, "BatchGetActivity"), 1 + 3);
  EXPECT_EQ(std::ranges::count(names, "ListIdentities"), 1 + 3);
}

TEST_F(ViewFlowTest, AHolderWhoIsNoContactYetIsNobody) {
  SetHolders({kAda});
  gateway_.contacts.batch_get = [](const auto& request, auto& response) {
    *response.mutable_missing_ids() = request.contact_ids();
    return absl::OkStatus();
  };
  EXPECT_THAT(Get(ByValue("5550100")), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Get(ById(kAda)), StatusIs(StatusCode::kNotFound));
}

TEST_F(ViewFlowTest, AnIdTypedAsAValueFindsTheContact) {
  const auto response = Get(ByValue("0192F0C1-2A3B-7C4D-8E5F-00000000000A"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->view().contact().contact_id(), kAda);
}

TEST_F(ViewFlowTest, TheReadMaskSavesTheCalls) {
  auto request = ById(kAda);
  request.mutable_read_mask()->add_paths("identities");
  const auto response = Get(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_FALSE(response->view().has_contact());
  EXPECT_EQ(response->view().canonical_id(), kAda);
  EXPECT_THAT(response->view().parts(), SizeIs(1));
  EXPECT_THAT(gateway_.record.names(),
              UnorderedElementsAre("BatchGetContacts", "ListIdentities"));
  request.mutable_read_mask()->add_paths("shoe_size");
  EXPECT_THAT(Get(request),
              StatusIs(StatusCode::kInvalidArgument, "shoe_size"));
}

TEST_F(ViewFlowTest, BadRefsAreNamed) {
  EXPECT_THAT(Get(ById("17")),
              StatusIs(StatusCode::kInvalidArgument, "customer.contact_id"));
  EXPECT_THAT(Get(ByValue("")),
              StatusIs(StatusCode::kInvalidArgument, "customer.value.value"));
  EXPECT_THAT(Get(v1::GetCustomerViewRequest()),
              StatusIs(StatusCode::kInvalidArgument, "customer: not set"));
}

TEST_F(ViewFlowTest, ABatchListsOnlyTheIdentitiesThatDidNotComeWithAValue) {
  SetHolders({kAda});
  std::atomic<int> listed = 0;
  gateway_.identity.list = [&](const auto& request, auto& response) {
    for (const auto& set : request.sets()) {
      ++listed;
      response.add_results()->add_identities()->set_contact_id(
          set.contact_ids(0));
    }
    return absl::OkStatus();
  };
  v1::BatchGetCustomerViewsRequest request;
  request.add_customers()->set_contact_id(kBob);
  *request.add_customers() = ByValue("5550100").customer();
  request.add_customers()->set_contact_id(kCleo);
  const auto batch = gateway_.Call(&Stub::BatchGetCustomerViews, request);
  ASSERT_THAT(batch, IsOk());
  const std::vector<std::string> wanted = {kBob, kAda, kCleo};
  for (int i = 0; i < 3; ++i) {
    const v1::CustomerView& view = batch->results(i).response().view();
    EXPECT_EQ(view.identities(0).contact_id(), wanted[i]);
    EXPECT_EQ(view.interactions(0).contact_id(), wanted[i]);
  }
  EXPECT_EQ(listed, 2);
  EXPECT_THAT(gateway_.record.names(), SizeIs(4));
}

TEST_F(ViewFlowTest, ABatchAnswersEachItem) {
  v1::BatchGetCustomerViewsRequest request;
  request.add_customers()->set_contact_id(kAda);
  request.add_customers()->set_contact_id("nonsense");
  request.add_customers()->set_contact_id(kBob);
  const auto batch = gateway_.Call(&Stub::BatchGetCustomerViews, request);
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->results(0).response().view().contact().contact_id(), kAda);
  EXPECT_EQ(batch->results(1).error().code(),
            static_cast<int>(StatusCode::kInvalidArgument));
  EXPECT_EQ(batch->results(2).response().view().interactions(0).contact_id(),
            kBob);
  EXPECT_THAT(gateway_.Call(&Stub::BatchGetCustomerViews,
                            v1::BatchGetCustomerViewsRequest()),
              StatusIs(StatusCode::kInvalidArgument, "want 1 to 100"));
}

TEST_F(ViewFlowTest, KeysAreCheckedHereToo) {
  EXPECT_THAT(
      gateway_.Call(&Stub::GetCustomerView, ById(kAda), testing::kNobody),
      StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(
      gateway_.Call(&Stub::GetCustomerView, ById(kAda), testing::kDemoNoScopes),
      StatusIs(StatusCode::kPermissionDenied, "customers.read"));
  EXPECT_THAT(gateway_.record.names(), SizeIs(0));
}

TEST(BulkheadTest, WhatWaitsForOneServiceDoesNotHoldUpTheRest) {
  constexpr int kAtOnce = 3;
  constexpr int kCallers = 12;
  GatewayHarness gateway(kCallers, {}, testing::TestKeys(), kAtOnce);
  // Held until they are let go.
  gateway.identity.batch_resolve = nullptr;
  v1::GetCustomerViewRequest by_value;
  by_value.mutable_customer()->mutable_value()->set_value("(415) 555-2671");
  absl::BlockingCounter refused(kCallers - kAtOnce);
  std::vector<std::thread> calls;
  for (int i = 0; i < kCallers; ++i) {
    calls.emplace_back([&] {
      const auto view = gateway.Call(&Stub::GetCustomerView, by_value);
      if (view.status().code() == StatusCode::kCancelled) return;
      EXPECT_THAT(view.status().message(), HasSubstr("identity-svc"));
      refused.DecrementCount();
    });
  }
  refused.Wait();
  v1::GetCustomerViewRequest by_id = ById(kAda);
  by_id.mutable_read_mask()->add_paths("contact");
  EXPECT_THAT(gateway.Call(&Stub::GetCustomerView, by_id), IsOk());
  const auto held = [&] {
    const std::vector<std::string> names = gateway.record.names();
    return std::count(names.begin(), names.end(), "BatchResolveIdentities");
  };
  while (held() == 0) std::this_thread::yield();
  // Those that wait for a batch on the wire follow it.
  std::thread releasing([&] {
    for (std::thread& call : calls) call.join();
  });
  gateway.identity.batch_resolve = [](const auto&, auto&) {
    return absl::CancelledError("");
  };
  gateway.record.Release();
  releasing.join();
}

TEST(FlowLimitTest, WhatDoesNotFitIsRefusedAtOnceAndTheRestCompletes) {
  constexpr int kLimit = 3;
  constexpr int kRefused = 5;
  GatewayHarness gateway(kLimit);
  // Held until they are let go, and then an answer of theirs.
  gateway.contacts.batch_get = nullptr;
  absl::BlockingCounter refused(kRefused);
  std::atomic<int> completed = 0;
  std::vector<std::thread> calls;
  for (int i = 0; i < kLimit + kRefused; ++i) {
    calls.emplace_back([&] {
      const auto view = gateway.Call(&Stub::GetCustomerView, ById(kAda));
      if (view.status().code() == StatusCode::kCancelled) {
        ++completed;
        return;
      }
      EXPECT_THAT(view, StatusIs(StatusCode::kResourceExhausted));
      EXPECT_TRUE(
          status::FindDetail<google::rpc::RetryInfo>(view.status()).has_value())
          << view.status();
      refused.DecrementCount();
    });
  }
  refused.Wait();
  EXPECT_EQ(completed, 0);
  // How many calls they take is not known, as some may go out together.
  while (completed < kLimit && !::testing::Test::HasFailure()) {
    gateway.record.Release();
    std::this_thread::yield();
  }
  for (std::thread& call : calls) call.join();
  EXPECT_EQ(completed, kLimit);
}

TEST_F(ViewFlowTest, PastIdentitiesAreAskedForByFlag) {
  std::vector<int> past;
  gateway_.identity.list = [&](const auto& request, auto& response) {
    past.push_back(request.include_past());
    for (int i = 0; i < request.sets_size(); ++i) response.add_results();
    return absl::OkStatus();
  };
  v1::GetCustomerViewRequest request = ById(kAda);
  ASSERT_THAT(Get(request), IsOk());
  request.set_include_past_identities(true);
  ASSERT_THAT(Get(request), IsOk());
  // Those that come with a resolved value are only what its holder has now.
  SetHolders({kAda});
  request = ByValue("+14155552671");
  request.set_include_past_identities(true);
  ASSERT_THAT(Get(request), IsOk());
  EXPECT_THAT(past, ElementsAre(0, 1, 1));
}

}  // namespace
}  // namespace kith::gateway
