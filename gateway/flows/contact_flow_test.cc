#include "gateway/flows/contact_flow.h"

#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
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

}  // namespace
}  // namespace kith::gateway
