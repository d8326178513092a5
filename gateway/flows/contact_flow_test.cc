#include "gateway/flows/contact_flow.h"

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

TEST(ContactFlowTest, AKeyThatMayNotMakeALeadLinksNothing) {
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

}  // namespace
}  // namespace kith::gateway
