#include "gateway/flows/contact_flow.h"

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
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct CreateCase {
  const char* name;
  const char* contact_id;
  const char* request_id;
  // What contacts-svc gets twice, if the same is sent twice; null: another new
  // one each time.
  const char* forwarded;
};

// Cases G4: by what contacts-svc knows a repeat. A new request_id would make
// another request of the repeat of a proposed contact.
const CreateCase kCreateCases[] = {
    {"ProposedContact", kAda, "", ""},
    {"ProposedContactAndRequestId", kAda, "r-1", "r-1"},
    {"RequestId", "", "r-1", "r-1"},
    // The gateway itself may send it twice.
    {"Nothing", "", "", nullptr},
};

TEST(ContactFlowTest, ARepeatOfACreateIsKnownByWhatTheCallerSends) {
  for (const CreateCase& one : kCreateCases) {
    SCOPED_TRACE(one.name);
    GatewayHarness harness;
    std::vector<contacts::v1::CreateContactRequest> sent;
    harness.contacts.create = [&](const auto& request, auto&) {
      sent.push_back(request);
      return absl::OkStatus();
    };
    v1::CreateContactRequest request;
    request.set_contact_id(one.contact_id);
    request.set_request_id(one.request_id);
    request.mutable_contact()->set_display_name("Ada");
    for (int i = 0; i < 2; ++i) {
      ASSERT_THAT(
          harness.Call(&GatewayHarness::Api::Stub::CreateContact, request),
          IsOk());
    }
    ASSERT_THAT(sent, SizeIs(2));
    EXPECT_EQ(sent[0].contact_id(), one.contact_id);
    EXPECT_EQ(sent[0].contact().display_name(), "Ada");
    if (one.forwarded == nullptr) {
      EXPECT_NE(sent[0].request_id(), "");
      EXPECT_NE(sent[0].request_id(), sent[1].request_id());
      continue;
    }
    EXPECT_EQ(sent[0].request_id(), one.forwarded);
    EXPECT_EQ(sent[1].request_id(), one.forwarded);
  }
}

class ReassignInteractionsTest : public ::testing::Test {
 protected:
  ReassignInteractionsTest() {
    request_.set_contact_id(kAda);
    request_.mutable_to_customer()->set_contact_id(kBob);
    request_.add_interactions()->set_interaction_id(kCleo);
    request_.set_reason("the neighbour called");
    request_.set_agent("sam");
    gateway_.interactions.reassign_interactions = [this](const auto& request,
                                                         auto& response) {
      sent_.push_back(request);
      if (request.to_contact_id().empty()) return not_repeated_;
      response.set_contact_id(request.to_contact_id());
      response.add_interactions()->set_thread_id("thread");
      return absl::OkStatus();
    };
  }

  absl::StatusOr<v1::ReassignInteractionsResponse> Reassign() {
    return gateway_.Call(&GatewayHarness::Api::Stub::ReassignInteractions,
                         request_);
  }

  // Has contacts-svc know `contact` alone.
  void Know(const contacts::v1::Contact& contact) {
    gateway_.contacts.batch_get = [contact](const auto&, auto& response) {
      *response.add_contacts() = contact;
      return absl::OkStatus();
    };
  }

  GatewayHarness gateway_;
  v1::ReassignInteractionsRequest request_;
  std::vector<interactions::v1::ReassignInteractionsRequest> sent_;
  absl::Status not_repeated_ = absl::NotFoundError("nothing to repeat");
};

TEST_F(ReassignInteractionsTest, GoesToTheContactThatIsMeant) {
  contacts::v1::Contact bob;
  bob.set_contact_id(kBob);
  bob.set_canonical_id(kAda);
  bob.add_member_ids(kAda);
  bob.add_member_ids(kBob);
  Know(bob);
  const auto reassigned = Reassign();
  ASSERT_THAT(reassigned, IsOk());
  EXPECT_EQ(reassigned->contact_id(), kBob);
  EXPECT_EQ(reassigned->canonical_id(), kAda);
  EXPECT_EQ(reassigned->interactions(0).thread_id(), "thread");
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].contact_id(), kAda);
  EXPECT_EQ(sent_[0].to_contact_id(), kBob);
  EXPECT_EQ(sent_[0].interactions(0).interaction_id(), kCleo);
  EXPECT_EQ(sent_[0].reason(), "the neighbour called");
  EXPECT_EQ(sent_[0].agent(), "sam");
  EXPECT_NE(sent_[0].request_id(), "");
}

TEST_F(ReassignInteractionsTest, NothingGoesToADeletedCustomer) {
  contacts::v1::Contact bob;
  bob.set_contact_id(kBob);
  bob.set_canonical_id(kBob);
  bob.mutable_delete_time()->set_seconds(1);
  Know(bob);
  EXPECT_THAT(Reassign(), StatusIs(StatusCode::kFailedPrecondition,
                                   "to_customer: the customer is deleted"));
  EXPECT_THAT(sent_, IsEmpty());
  // It may have been there when it was sent first.
  request_.set_request_id("r-1");
  EXPECT_THAT(Reassign(), StatusIs(StatusCode::kFailedPrecondition,
                                   "to_customer: the customer is deleted"));
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].to_contact_id(), "");
  EXPECT_EQ(sent_[0].forwarded().fingerprint().size(), 32U);
  not_repeated_ = absl::OkStatus();
  EXPECT_THAT(Reassign(), IsOk());
}

TEST_F(ReassignInteractionsTest, NothingGoesToWhoHasItAlready) {
  request_.mutable_to_customer()->set_contact_id(kAda);
  EXPECT_THAT(Reassign(), StatusIs(StatusCode::kInvalidArgument,
                                   "to_customer: is the contact"));
  EXPECT_THAT(sent_, IsEmpty());
}

TEST_F(ReassignInteractionsTest, NothingGoesToNobody) {
  gateway_.contacts.batch_get = [](const auto& request, auto& response) {
    *response.mutable_missing_ids() = request.contact_ids();
    return absl::OkStatus();
  };
  EXPECT_THAT(Reassign(),
              StatusIs(StatusCode::kNotFound, "to_customer: nobody is known"));
  EXPECT_THAT(sent_, IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
