#include "gateway/flows/holding_flow.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gateway/flows/lacking_keys_fixture.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(HoldingFlowTest, AKeyThatMayNotMakeALeadLinksNothing) {
  v1::LinkIdentityRequest request;
  request.mutable_customer()->set_contact_id(kAda);
  request.mutable_value()->set_channel(identity::v1::CHANNEL_PHONE);
  request.mutable_value()->set_value("+14155552671");
  const auto link = [&](GatewayHarness& harness) {
    harness.identity.link = [](const auto&, auto& response) {
      response.mutable_identity()->set_contact_id(kAda);
      return absl::OkStatus();
    };
    return harness.Call(&GatewayHarness::Api::Stub::LinkIdentity, request);
  };
  for (const char* scope :
       {"contacts.read", "contacts.write", "identity.read", "identity.write"}) {
    GatewayHarness harness(100, {}, KeysWithout({scope}));
    EXPECT_THAT(link(harness),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         absl::StrCat("the API key lacks the scope ", scope)));
    EXPECT_THAT(harness.record.names(), SizeIs(0));
  }
  GatewayHarness harness(
      100, {}, KeysWithout({"interactions.read", "interactions.write"}));
  EXPECT_THAT(link(harness), IsOk());
}

// What the gateway answers to an Unlink of a value by the id kAda.
class UnlinkFlowTest : public ::testing::Test {
 protected:
  UnlinkFlowTest() {
    request_.mutable_customer()->set_contact_id(kAda);
    request_.mutable_value()->set_channel(identity::v1::CHANNEL_PHONE);
    request_.mutable_value()->set_value("+14155552671");
    harness_.identity.unlink = [this](const auto& request, auto& response) {
      sent_.push_back(request);
      if (!held_) return absl::NotFoundError("value: held by nobody");
      response.mutable_identity()->set_contact_id(kAda);
      return absl::OkStatus();
    };
  }

  void HaveNoContacts() {
    harness_.contacts.batch_get = [](const auto&, auto&) {
      return absl::OkStatus();
    };
  }

  absl::StatusOr<v1::UnlinkIdentityResponse> Unlink() {
    return harness_.Call(&GatewayHarness::Api::Stub::UnlinkIdentity, request_);
  }

  GatewayHarness harness_;
  v1::UnlinkIdentityRequest request_;
  std::vector<identity::v1::UnlinkIdentityRequest> sent_;
  bool held_ = true;
};

TEST_F(UnlinkFlowTest, AContactIsNotNamedAbsent) {
  const auto unlinked = Unlink();
  ASSERT_THAT(unlinked, IsOk());
  EXPECT_FALSE(unlinked->contact_missing());
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_THAT(sent_[0].absent_contact_ids(), SizeIs(0));
  EXPECT_FALSE(sent_[0].has_end_time());
}

TEST_F(UnlinkFlowTest, TheEndAndItsReasonArePassedOn) {
  request_.mutable_end_time()->set_seconds(0);
  request_.set_reason("sold the phone");
  ASSERT_THAT(Unlink(), IsOk());
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_TRUE(sent_[0].has_end_time());
  EXPECT_EQ(sent_[0].reason(), "sold the phone");
}

TEST_F(UnlinkFlowTest, AnIdWithoutAContactGivesItsValueBack) {
  HaveNoContacts();
  const auto unlinked = Unlink();
  ASSERT_THAT(unlinked, IsOk());
  EXPECT_TRUE(unlinked->contact_missing());
  EXPECT_EQ(unlinked->canonical_id(), kAda);
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].contact_id(), kAda);
  ASSERT_THAT(sent_[0].absent_contact_ids(), SizeIs(1));
  EXPECT_EQ(sent_[0].absent_contact_ids(0), kAda);
}

TEST_F(UnlinkFlowTest, TheValueItselfNamesAnIdWithoutAContact) {
  HaveNoContacts();
  *request_.mutable_customer()->mutable_value() = request_.value();
  harness_.identity.batch_resolve = [](const auto&, auto& response) {
    auto& resolved = *response.add_results()->mutable_response();
    resolved.add_candidates()->mutable_identity()->set_contact_id(kAda);
    return absl::OkStatus();
  };
  const auto unlinked = Unlink();
  ASSERT_THAT(unlinked, IsOk());
  EXPECT_TRUE(unlinked->contact_missing());
}

TEST_F(UnlinkFlowTest, AnIdThatIsAndHoldsNothingIsNobody) {
  HaveNoContacts();
  held_ = false;
  EXPECT_THAT(Unlink(), StatusIs(absl::StatusCode::kNotFound,
                                 "customer: nobody is known by this"));
}

// What the gateway asks of identity-svc to move a value from kAda to kBob, and
// what it answers.
class MoveFlowTest : public ::testing::Test {
 protected:
  MoveFlowTest() {
    request_.mutable_from_customer()->set_contact_id(kAda);
    request_.mutable_to_customer()->set_contact_id(kBob);
    request_.mutable_value()->set_channel(identity::v1::CHANNEL_PHONE);
    request_.mutable_value()->set_value("+14155552671");
    harness_.identity.move = [this](const auto& request, auto& response) {
      sent_.push_back(request);
      response.mutable_identity()->set_contact_id(request.to_contact_id());
      response.mutable_identity()->set_channel(identity::v1::CHANNEL_PHONE);
      response.mutable_former_identity()->set_contact_id(
          request.from_contact_id());
      return absl::OkStatus();
    };
    harness_.contacts.batch_get = [this](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        if (id == missing_) continue;
        contacts::v1::Contact& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(id == kBob ? kCleo : id);
        contact.set_stage(stage_);
        contact.add_member_ids(id);
        if (id == kBob) contact.add_member_ids(kCleo);
      }
      return absl::OkStatus();
    };
  }

  absl::StatusOr<v1::MoveIdentityResponse> Move(GatewayHarness& harness) {
    return harness.Call(&GatewayHarness::Api::Stub::MoveIdentity, request_);
  }

  GatewayHarness harness_;
  v1::MoveIdentityRequest request_;
  std::vector<identity::v1::MoveIdentityRequest> sent_;
  contacts::v1::Stage stage_ = contacts::v1::STAGE_LEAD;
  std::string missing_;
};

TEST_F(MoveFlowTest, BothGroupsAndAllThatIsSaidArePassedOn) {
  request_.set_never_theirs(true);
  request_.set_reason("a typing error");
  request_.set_request_id("move-1");
  const auto moved = Move(harness_);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->identity().contact_id(), kBob);
  EXPECT_EQ(moved->former_identity().contact_id(), kAda);
  EXPECT_EQ(moved->canonical_id(), kCleo);
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].from_contact_id(), kAda);
  EXPECT_THAT(sent_[0].from_member_ids(), ElementsAre(kAda));
  EXPECT_EQ(sent_[0].to_contact_id(), kBob);
  EXPECT_THAT(sent_[0].to_member_ids(), ElementsAre(kBob, kCleo));
  EXPECT_TRUE(sent_[0].never_theirs());
  EXPECT_FALSE(sent_[0].has_from_time());
  EXPECT_EQ(sent_[0].reason(), "a typing error");
  EXPECT_EQ(sent_[0].request_id(), "move-1");
  EXPECT_THAT(sent_[0].forwarded().fingerprint(), SizeIs(32));
  EXPECT_THAT(harness_.record.names(), Not(Contains("EnsureContact")));
}

// The same, of a value that came with `left_` interactions.
class MoveInteractionsTest : public MoveFlowTest {
 protected:
  MoveInteractionsTest() {
    request_.set_never_theirs(true);
    request_.set_with_interactions(true);
    request_.set_request_id("move-1");
    harness_.identity.advance_move = [this](const auto& request,
                                            auto& response) {
      EXPECT_EQ(request.move().from_contact_id(), kAda);
      EXPECT_EQ(request.move().to_contact_id(), kBob);
      ids_.insert(request.move().move_id());
      if (request.moved_count() > 0 && !tells_.ok()) return tells_;
      response = request.move();
      moved_ += request.moved_count();
      response.set_moved_count(moved_);
      response.set_done(request.done());
      return absl::OkStatus();
    };
    harness_.interactions.list_interactions = [this](const auto& request,
                                                     auto& response) {
      EXPECT_EQ(request.sets(0).contact_ids(0), kAda);
      auto& result = *response.add_results();
      for (int i = 0; i < std::min(left_, request.page_size()); ++i) {
        auto& interaction = *result.add_interactions();
        interaction.set_interaction_id(absl::StrCat(i));
        interaction.set_kind(kind_);
        interaction.set_assurance(config::v1::ASSURANCE_REPORTED);
        interaction.mutable_occurred_time()->set_seconds(1'000 - i);
      }
      return absl::OkStatus();
    };
    harness_.interactions.reassign_interactions = [this](const auto& request,
                                                         auto&) {
      EXPECT_EQ(request.contact_id(), kAda);
      EXPECT_EQ(request.to_contact_id(), kBob);
      EXPECT_NE(request.reason(), "");
      if (reassigns_.ok()) left_ -= request.interactions_size();
      return reassigns_;
    };
  }

  interactions::v1::Kind kind_ = interactions::v1::KIND_CALL;
  int32_t left_ = 130;
  int64_t moved_ = 0;
  std::set<std::string> ids_;
  absl::Status reassigns_;
  // What identity-svc answers to a batch.
  absl::Status tells_;
};

TEST_F(MoveInteractionsTest, ACallMovesABatchAndTheNextGoesOn) {
  for (const int64_t moved : {100, 130}) {
    const auto answer = Move(harness_);
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(answer->interactions_moved(), moved);
    EXPECT_TRUE(answer->interactions_remain());
  }
  const auto last = Move(harness_);
  ASSERT_THAT(last, IsOk());
  EXPECT_EQ(last->interactions_moved(), 130);
  EXPECT_FALSE(last->interactions_remain());
  EXPECT_THAT(ids_, SizeIs(1)) << "all calls are about one move";
  EXPECT_EQ(left_, 0);
}

TEST_F(MoveInteractionsTest, APurchaseMakesACustomerOfWhoGetsIt) {
  kind_ = interactions::v1::KIND_PURCHASE;
  std::vector<contacts::v1::EnsureContactRequest> ensured;
  harness_.contacts.ensure = [&](const auto& request, auto&) {
    ensured.push_back(request);
    return absl::OkStatus();
  };
  ASSERT_THAT(Move(harness_), IsOk());
  ASSERT_THAT(ensured, SizeIs(1));
  EXPECT_EQ(ensured[0].contact_id(), kBob);
  EXPECT_EQ(ensured[0].at_least_stage(), contacts::v1::STAGE_CUSTOMER);
  EXPECT_EQ(ensured[0].stage_time().seconds(), 1'000 - 99);
}

TEST_F(MoveInteractionsTest, AnInteractionThatChangesMeanwhileEndsTheCall) {
  reassigns_ = absl::NotFoundError("interactions: no such interaction");
  EXPECT_THAT(Move(harness_),
              StatusIs(absl::StatusCode::kAborted, "send the request again"));
  EXPECT_EQ(moved_, 0);
  reassigns_ = absl::OkStatus();
  EXPECT_EQ(Move(harness_)->interactions_moved(), 100);
}

TEST_F(MoveInteractionsTest, ACallThatIsCutOffAfterItsBatchIsGoneOnWith) {
  tells_ = absl::AbortedError("cut off");
  EXPECT_THAT(Move(harness_), StatusIs(absl::StatusCode::kAborted, "cut off"));
  EXPECT_EQ(left_, 30);
  tells_ = absl::OkStatus();
  EXPECT_TRUE(Move(harness_)->interactions_remain());
  EXPECT_EQ(left_, 0);
  const auto last = Move(harness_);
  ASSERT_THAT(last, IsOk());
  EXPECT_FALSE(last->interactions_remain());
  EXPECT_EQ(last->interactions_moved(), 30) << "but for the batch that was cut";
}

TEST_F(MoveInteractionsTest, NeedsWhatTheNextCallGoesOnBy) {
  request_.clear_request_id();
  EXPECT_THAT(Move(harness_), StatusIs(absl::StatusCode::kInvalidArgument,
                                       "with_interactions: "));
  request_.set_request_id("move-1");
  request_.set_never_theirs(false);
  EXPECT_THAT(Move(harness_), StatusIs(absl::StatusCode::kInvalidArgument,
                                       "with_interactions: "));
  EXPECT_THAT(sent_, IsEmpty());
}

TEST_F(MoveFlowTest, AVisitorWhoGetsAValueIsALead) {
  stage_ = contacts::v1::STAGE_ANONYMOUS;
  std::vector<contacts::v1::EnsureContactRequest> ensured;
  harness_.contacts.ensure = [&](const auto& request, auto&) {
    ensured.push_back(request);
    return absl::OkStatus();
  };
  ASSERT_THAT(Move(harness_), IsOk());
  ASSERT_THAT(ensured, SizeIs(1));
  EXPECT_EQ(ensured[0].contact_id(), kBob);
  EXPECT_EQ(ensured[0].at_least_stage(), contacts::v1::STAGE_LEAD);
}

TEST_F(MoveFlowTest, WhoIsNobodyIsNamed) {
  missing_ = kBob;
  EXPECT_THAT(Move(harness_), StatusIs(absl::StatusCode::kNotFound,
                                       "to_customer: nobody is known by this"));
  EXPECT_THAT(sent_, SizeIs(0));
  // A repeat may be known all the same.
  request_.set_request_id("move-1");
  EXPECT_THAT(Move(harness_), IsOk());
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].to_contact_id(), "");
  request_.mutable_from_customer()->set_contact_id("x");
  request_.clear_to_customer();
  request_.clear_request_id();
  for (const char* fault : {"from_customer.contact_id: ", "to_customer: not"}) {
    EXPECT_THAT(Move(harness_),
                StatusIs(absl::StatusCode::kInvalidArgument, fault));
  }
}

TEST_F(MoveFlowTest, AKeyThatLacksAScopeMovesNothing) {
  for (const char* scope :
       {"contacts.read", "contacts.write", "identity.read", "identity.write"}) {
    GatewayHarness harness(100, {}, KeysWithout({scope}));
    EXPECT_THAT(Move(harness),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         absl::StrCat("the API key lacks the scope ", scope)));
    EXPECT_THAT(harness.record.names(), SizeIs(0));
  }
}

// What the gateway does when kAda has proven a value.
class VerifyFlowTest : public ::testing::Test {
 protected:
  VerifyFlowTest() {
    request_.mutable_customer()->set_contact_id(kAda);
    request_.mutable_value()->set_channel(identity::v1::CHANNEL_PHONE);
    request_.mutable_value()->set_value("+14155552671");
    request_.set_method("sms_code");
    request_.mutable_verify_time()->set_seconds(7);
    harness_.identity.verify = [this](const auto& request, auto& response) {
      sent_.push_back(request);
      auto& held = *response.mutable_identity();
      held.set_contact_id(request.contact_id());
      held.set_channel(identity::v1::CHANNEL_PHONE);
      if (former_.empty()) return absl::OkStatus();
      auto& candidate = *response.add_candidates();
      candidate.set_reason(identity::v1::CANDIDATE_REASON_FORMER_HOLDER);
      candidate.mutable_identity()->set_contact_id(former_);
      candidate.mutable_identity()->set_channel(identity::v1::CHANNEL_PHONE);
      candidate.mutable_identity()->set_normalized_value("+14155552671");
      return absl::OkStatus();
    };
    harness_.contacts.ensure = [this](const auto& request, auto&) {
      ensured_.push_back(request);
      return absl::OkStatus();
    };
  }

  absl::StatusOr<v1::VerifyHoldingResponse> Verify(
      testing::TestKey key = testing::kDemoVerified) {
    return harness_.Call(&GatewayHarness::Api::Stub::VerifyHolding, request_,
                         key);
  }

  GatewayHarness harness_;
  v1::VerifyHoldingRequest request_;
  std::vector<identity::v1::VerifyHoldingRequest> sent_;
  std::vector<contacts::v1::EnsureContactRequest> ensured_;
  std::string former_;
};

TEST_F(VerifyFlowTest, TheProofIsPassedOn) {
  const auto verified = Verify();
  ASSERT_THAT(verified, IsOk());
  EXPECT_EQ(verified->identity().contact_id(), kAda);
  EXPECT_EQ(verified->canonical_id(), kAda);
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].contact_id(), kAda);
  EXPECT_THAT(sent_[0].member_ids(), ElementsAre(kAda));
  EXPECT_EQ(sent_[0].method(), "sms_code");
  EXPECT_EQ(sent_[0].verify_time().seconds(), 7);
  EXPECT_THAT(ensured_, SizeIs(0));
}

TEST_F(VerifyFlowTest, WhoHeldItBeforeIsSuggested) {
  former_ = kBob;
  ASSERT_THAT(Verify(), IsOk());
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_EQ(ensured_[0].contact_id(), kAda);
  ASSERT_THAT(ensured_[0].companions(), SizeIs(1));
  EXPECT_EQ(ensured_[0].companions(0).contact_id(), kBob);
  EXPECT_EQ(ensured_[0].companions(0).reason(),
            contacts::v1::COMPANION_REASON_FORMER_HOLDER);
}

TEST_F(VerifyFlowTest, OnlyAVerifiedKeySaysSo) {
  EXPECT_THAT(Verify(testing::kDemo),
              StatusIs(absl::StatusCode::kPermissionDenied, "VERIFIED"));
  EXPECT_THAT(sent_, SizeIs(0));
}

}  // namespace
}  // namespace kith::gateway
