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

// Ada and Bob are one customer, who is deleted, and for whom something was
// recorded.
class UndeleteContactTest : public ::testing::Test {
 protected:
  UndeleteContactTest() {
    request_.mutable_customer()->set_contact_id(kBob);
    request_.set_etag("7");
    request_.set_agent("Dana");
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        contacts::v1::Contact& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(kAda);
        contact.add_member_ids(kAda);
        contact.add_member_ids(kBob);
        contact.mutable_delete_time()->set_seconds(1);
      }
      return absl::OkStatus();
    };
    gateway_.contacts.undelete = [this](const auto& request, auto& response) {
      asked_.push_back(request);
      response.set_contact_id(kAda);
      return absl::OkStatus();
    };
    gateway_.interactions.list_actions = [](const auto& request,
                                            auto& response) {
      auto& result = *response.add_results();
      for (const std::string& id : request.sets(0).contact_ids()) {
        for (const auto cause :
             {interactions::v1::REVIEW_CAUSE_CONTACT_DELETED,
              interactions::v1::REVIEW_CAUSE_OPT_OUT_ASKED}) {
          interactions::v1::Action& action = *result.add_actions();
          action.set_contact_id(id);
          action.set_action_id(id);
          action.set_review_cause(cause);
        }
      }
      return absl::OkStatus();
    };
    gateway_.interactions.dismiss = [this](const auto& request, auto&) {
      dismissed_.push_back(request);
      return absl::OkStatus();
    };
  }

  absl::StatusOr<contacts::v1::Contact> Undelete() {
    return gateway_.Call(&GatewayHarness::Api::Stub::UndeleteContact, request_);
  }

  v1::UndeleteContactRequest request_;
  std::vector<contacts::v1::UndeleteContactRequest> asked_;
  std::vector<interactions::v1::DismissActionsRequest> dismissed_;
  GatewayHarness gateway_;
};

TEST_F(UndeleteContactTest, EndsWhatAskedForItAndNothingElse) {
  const auto contact = Undelete();
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->contact_id(), kAda);
  ASSERT_THAT(asked_, SizeIs(1));
  EXPECT_EQ(asked_[0].contact_id(), kBob);
  EXPECT_EQ(asked_[0].etag(), "7");
  ASSERT_THAT(dismissed_, SizeIs(1));
  EXPECT_EQ(dismissed_[0].agent(), "Dana");
  ASSERT_THAT(dismissed_[0].actions(), SizeIs(2));
  EXPECT_EQ(dismissed_[0].actions(0).contact_id(), kAda);
  EXPECT_EQ(dismissed_[0].actions(1).contact_id(), kBob);
}

TEST_F(UndeleteContactTest, AContactThatStaysDeletedKeepsWhatAsksForIt) {
  gateway_.contacts.undelete = [](const auto&, auto&) {
    return absl::AbortedError("etag: stale");
  };
  EXPECT_THAT(Undelete(), StatusIs(StatusCode::kAborted, "etag"));
  EXPECT_THAT(dismissed_, IsEmpty());
}

TEST_F(UndeleteContactTest, StandsThoughNothingCanBeEnded) {
  gateway_.interactions.list_actions = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  EXPECT_THAT(Undelete(), IsOk());
}

TEST_F(UndeleteContactTest, WantsAPerson) {
  request_.clear_agent();
  EXPECT_THAT(Undelete(), StatusIs(StatusCode::kInvalidArgument, "agent"));
  request_.set_agent(std::string(321, 'x'));
  EXPECT_THAT(Undelete(), StatusIs(StatusCode::kInvalidArgument, "agent"));
  EXPECT_THAT(asked_, IsEmpty());
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
      if (purchase_seconds_ > 0) {
        response.mutable_purchase_time()->set_seconds(purchase_seconds_);
      }
      return absl::OkStatus();
    };
    gateway_.contacts.ensure = [this](const auto& request, auto&) {
      ensured_.push_back(request);
      return ensures_;
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
  int64_t purchase_seconds_ = 0;
  std::vector<contacts::v1::EnsureContactRequest> ensured_;
  absl::Status ensures_;
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

// As a stand-in's purchase makes nobody a customer until it is known whose it
// was.
TEST_F(ReassignInteractionsTest, APurchaseMakesACustomerOfWhoHasBought) {
  ASSERT_THAT(Reassign(), IsOk());
  EXPECT_THAT(ensured_, IsEmpty());
  purchase_seconds_ = 1'000;
  ASSERT_THAT(Reassign(), IsOk());
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_EQ(ensured_[0].contact_id(), kBob);
  EXPECT_EQ(ensured_[0].at_least_stage(), contacts::v1::STAGE_CUSTOMER);
  EXPECT_EQ(ensured_[0].stage_time().seconds(), 1'000);
  // The caller sends it again.
  ensures_ = absl::UnavailableError("away");
  EXPECT_THAT(Reassign(), StatusIs(StatusCode::kUnavailable, ""));
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
