#include "gateway/sharing/sharing_flow.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/testing/matchers.h"
#include "gateway/flows/lacking_keys_fixture.h"
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

constexpr char kStandIn[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000f1";

// What the gateway asks of the services to share a phone among Ada and Bob, and
// to end that. Bob and Cleo are one customer, for whom Bob stands.
class SharingFlowTest : public ::testing::Test {
 protected:
  SharingFlowTest() {
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        contacts::v1::Contact& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(id == kCleo ? kBob : id);
        contact.add_member_ids(contact.canonical_id());
        if (contact.canonical_id() == kBob) contact.add_member_ids(kCleo);
        contact.set_stage(contacts::v1::STAGE_ANONYMOUS);
        contact.set_stand_in(id == kStandIn);
      }
      return absl::OkStatus();
    };
    gateway_.contacts.ensure = [this](const auto& request, auto&) {
      ensured_.push_back(request);
      return absl::OkStatus();
    };
    gateway_.identity.resolve = [this](const auto&, auto& response) {
      for (const std::string& id : holders_) {
        response.add_candidates()->mutable_identity()->set_contact_id(id);
      }
      return absl::OkStatus();
    };
    gateway_.identity.share = [this](const auto& request, auto& response) {
      shared_.push_back(request);
      identity::v1::Identity& identity = *response.mutable_identity();
      identity.set_contact_id(request.proposed_stand_in_contact_id());
      identity.set_stand_in_contact_id(request.proposed_stand_in_contact_id());
      *identity.mutable_sharing_contact_ids() = request.contact_ids();
      response.set_former_contact_id(kAda);
      return absl::OkStatus();
    };
    FakeUnshare();
    SetPhone(*share_.mutable_value());
    SetPhone(*unshare_.mutable_value());
  }

  void FakeUnshare() {
    gateway_.identity.unshare = [this](const auto& request, auto& response) {
      unshared_.push_back(request);
      response.mutable_identity()->set_contact_id(request.keep_contact_id());
      response.mutable_identity()->set_channel(identity::v1::CHANNEL_PHONE);
      response.set_stand_in_contact_id(kStandIn);
      return absl::OkStatus();
    };
  }

  static void SetPhone(identity::v1::ChannelValue& value) {
    value.set_channel(identity::v1::CHANNEL_PHONE);
    value.set_value("+14155552671");
  }

  absl::StatusOr<v1::ShareIdentityResponse> Share(
      const std::vector<std::string>& ids) {
    share_.clear_customers();
    for (const std::string& id : ids) {
      share_.add_customers()->set_contact_id(id);
    }
    return gateway_.Call(&Stub::ShareIdentity, share_);
  }

  absl::StatusOr<v1::UnshareIdentityResponse> Unshare() {
    return gateway_.Call(&Stub::UnshareIdentity, unshare_);
  }

  GatewayHarness gateway_;
  std::vector<std::string> holders_;
  v1::ShareIdentityRequest share_;
  v1::UnshareIdentityRequest unshare_;
  std::vector<identity::v1::ShareIdentityRequest> shared_;
  std::vector<identity::v1::UnshareIdentityRequest> unshared_;
  std::vector<contacts::v1::EnsureContactRequest> ensured_;
};

TEST_F(SharingFlowTest, TheStandInIsMadeAfterTheValueIsShared) {
  share_.set_reason("a household");
  const auto shared = Share({kAda, kBob});
  ASSERT_THAT(shared, IsOk());
  ASSERT_THAT(shared_, SizeIs(1));
  EXPECT_THAT(shared_[0].contact_ids(), ElementsAre(kAda, kBob));
  EXPECT_EQ(shared_[0].reason(), "a household");
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_EQ(ensured_[0].contact_id(), shared->identity().contact_id());
  EXPECT_TRUE(ensured_[0].stand_in());
  EXPECT_FALSE(ensured_[0].has_contact());
  EXPECT_THAT(shared->canonical_ids(), ElementsAre(kAda, kBob));
  EXPECT_EQ(shared->former_contact_id(), kAda);
}

// So that a call that was cut off between the services heals.
TEST_F(SharingFlowTest, ARepeatProposesTheSameStandIn) {
  share_.set_request_id("share-1");
  ASSERT_THAT(Share({kAda, kBob}), IsOk());
  ASSERT_THAT(Share({kAda, kBob}), IsOk());
  share_.set_request_id("share-2");
  ASSERT_THAT(Share({kAda, kBob}), IsOk());
  share_.mutable_value()->set_value("+14155552672");
  ASSERT_THAT(Share({kAda, kBob}), IsOk());
  ASSERT_THAT(shared_, SizeIs(4));
  std::vector<std::string> ids;
  for (const auto& each : shared_) {
    ids.push_back(each.proposed_stand_in_contact_id());
  }
  EXPECT_EQ(ids[0], ids[1]);
  EXPECT_NE(ids[1], ids[2]);
  EXPECT_NE(ids[2], ids[3]);
  EXPECT_THAT(ensured_, SizeIs(4));
}

TEST_F(SharingFlowTest, ACustomerSharesOnceByTheContactThatHoldsTheValue) {
  ASSERT_THAT(Share({kBob, kCleo, kAda}), IsOk());
  holders_ = {kCleo};
  ASSERT_THAT(Share({kAda, kBob}), IsOk());
  ASSERT_THAT(shared_, SizeIs(2));
  EXPECT_THAT(shared_[0].contact_ids(), ElementsAre(kBob, kAda));
  EXPECT_THAT(shared_[1].contact_ids(), ElementsAre(kAda, kCleo));
}

TEST_F(SharingFlowTest, EachFaultIsNamedAndNothingIsWritten) {
  EXPECT_THAT(Share({}), StatusIs(StatusCode::kInvalidArgument, "customers"));
  EXPECT_THAT(Share(std::vector<std::string>(21, kAda)),
              StatusIs(StatusCode::kInvalidArgument, "customers"));
  EXPECT_THAT(Share({kAda, "17"}), StatusIs(StatusCode::kInvalidArgument,
                                            "customers[1].contact_id"));
  EXPECT_THAT(Share({kAda, kStandIn}),
              StatusIs(StatusCode::kFailedPrecondition,
                       "customers[1]: is the stand-in contact"));
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::OkStatus();
  };
  EXPECT_THAT(Share({kAda}), StatusIs(StatusCode::kNotFound, "customers[0]"));
  EXPECT_THAT(shared_, IsEmpty());
  EXPECT_THAT(ensured_, IsEmpty());
}

TEST_F(SharingFlowTest, AKeyThatMayNotMakeTheStandInSharesNothing) {
  share_.add_customers()->set_contact_id(kAda);
  for (const char* scope :
       {"contacts.read", "contacts.write", "identity.read", "identity.write"}) {
    GatewayHarness harness(100, {}, KeysWithout({scope}));
    const std::string lacks =
        absl::StrCat("the API key lacks the scope ", scope);
    EXPECT_THAT(harness.Call(&Stub::ShareIdentity, share_),
                StatusIs(StatusCode::kPermissionDenied, lacks));
    EXPECT_THAT(harness.Call(&Stub::UnshareIdentity, unshare_),
                StatusIs(StatusCode::kPermissionDenied, lacks));
    EXPECT_THAT(harness.record.names(), IsEmpty());
  }
}

TEST_F(SharingFlowTest, WhoKeepsTheValueIsALead) {
  unshare_.mutable_keep_customer()->set_contact_id(kAda);
  const auto unshared = Unshare();
  ASSERT_THAT(unshared, IsOk());
  ASSERT_THAT(unshared_, SizeIs(1));
  EXPECT_EQ(unshared_[0].keep_contact_id(), kAda);
  EXPECT_THAT(unshared_[0].remove_contact_id(), IsEmpty());
  EXPECT_EQ(unshared->canonical_id(), kAda);
  EXPECT_EQ(unshared->stand_in_contact_id(), kStandIn);
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_EQ(ensured_[0].at_least_stage(), contacts::v1::STAGE_LEAD);
}

TEST_F(SharingFlowTest, WhoIsTakenOutGoesWithTheWholeGroup) {
  unshare_.mutable_remove_customer()->set_contact_id(kCleo);
  const auto unshared = Unshare();
  ASSERT_THAT(unshared, IsOk());
  ASSERT_THAT(unshared_, SizeIs(1));
  EXPECT_EQ(unshared_[0].remove_contact_id(), kCleo);
  EXPECT_THAT(unshared_[0].remove_member_ids(), ElementsAre(kBob, kCleo));
  EXPECT_THAT(unshared->canonical_id(), IsEmpty());
  EXPECT_THAT(ensured_, IsEmpty());
}

TEST_F(SharingFlowTest, NobodyNeedsToKeepTheValue) {
  ASSERT_THAT(Unshare(), IsOk());
  ASSERT_THAT(unshared_, SizeIs(1));
  EXPECT_THAT(unshared_[0].keep_contact_id(), IsEmpty());
  EXPECT_THAT(unshared_[0].remove_contact_id(), IsEmpty());
}

// It may be a repeat, which identity-svc knows; but it must end nothing else.
TEST_F(SharingFlowTest, WhoIsNotFoundEndsNoSharing) {
  gateway_.identity.unshare = [this](const auto& request, auto&) {
    unshared_.push_back(request);
    return absl::NotFoundError(
        "remove_contact_id: the contact does not share the value");
  };
  unshare_.set_request_id("unshare-1");
  const std::string nobody = base::Uuid().ToString();
  unshare_.mutable_keep_customer()->set_contact_id(kStandIn);
  EXPECT_THAT(Unshare(), StatusIs(StatusCode::kFailedPrecondition,
                                  "keep_customer: is the stand-in contact"));
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::OkStatus();
  };
  unshare_.mutable_remove_customer()->set_contact_id(kAda);
  unshare_.clear_keep_customer();
  EXPECT_THAT(Unshare(), StatusIs(StatusCode::kNotFound, "remove_customer"));
  ASSERT_THAT(unshared_, SizeIs(2));
  for (const auto& request : unshared_) {
    EXPECT_EQ(request.remove_contact_id(), nobody);
    EXPECT_THAT(request.keep_contact_id(), IsEmpty());
  }
}

TEST_F(SharingFlowTest, OneIsNamedAtMostAndNoStandIn) {
  unshare_.mutable_keep_customer()->set_contact_id(kStandIn);
  EXPECT_THAT(Unshare(), StatusIs(StatusCode::kFailedPrecondition,
                                  "keep_customer: is the stand-in contact"));
  unshare_.mutable_remove_customer()->set_contact_id(kAda);
  EXPECT_THAT(Unshare(), StatusIs(StatusCode::kInvalidArgument,
                                  "keep_customer, remove_customer"));
  EXPECT_THAT(unshared_, IsEmpty());
}

TEST_F(SharingFlowTest, AStandInGetsNoValueOfAPerson) {
  v1::LinkIdentityRequest link;
  link.mutable_customer()->set_contact_id(kStandIn);
  SetPhone(*link.mutable_value());
  EXPECT_THAT(gateway_.Call(&Stub::LinkIdentity, link),
              StatusIs(StatusCode::kFailedPrecondition, "customer: is the"));
  v1::VerifyHoldingRequest verify;
  verify.mutable_customer()->set_contact_id(kStandIn);
  SetPhone(*verify.mutable_value());
  verify.set_method("login");
  EXPECT_THAT(
      gateway_.Call(&Stub::VerifyHolding, verify, testing::kDemoVerified),
      StatusIs(StatusCode::kFailedPrecondition, "customer: is the"));
  v1::MoveIdentityRequest move;
  move.mutable_from_customer()->set_contact_id(kAda);
  move.mutable_to_customer()->set_contact_id(kStandIn);
  SetPhone(*move.mutable_value());
  EXPECT_THAT(gateway_.Call(&Stub::MoveIdentity, move),
              StatusIs(StatusCode::kFailedPrecondition, "to_customer: is the"));
}

}  // namespace
}  // namespace kith::gateway
