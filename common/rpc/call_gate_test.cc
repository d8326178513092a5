#include "common/rpc/call_gate.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/auth/scopes.h"
#include "common/base/request_context.h"
#include "common/rpc/callback_threads.h"
#include "common/rpc/grpc_status.h"
#include "common/testing/matchers.h"
#include "common/testing/test_keys.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::rpc {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ContactsService = contacts::v1::ContactsService;

constexpr char kRefused[] = "is taken from the gateway alone";

std::string Bearer(const std::string& id) {
  return testing::Authorization({id.c_str()});
}

// The keys "form", "system", "gateway" and "reader" of one tenant.
std::shared_ptr<const auth::LiveKeys> GateKeys() {
  return testing::KeyRingOf({
      {{"form"}, {"contacts.read"}, config::v1::ASSURANCE_UNAUTHENTICATED},
      {{"system"}, {"contacts.read"}},
      {{"gateway"}, {auth::kAllTenantsScope}},
      {{"acting"}, {auth::kAllTenantsScope, "contacts.read"}},
      {{"reader"}, {"changes.tail"}},
  });
}

// Answers whoever the gate lets in, with the key that vouches for the call.
class GatedService final : public ContactsService::CallbackService {
 public:
  explicit GatedService(Forms forms)
      : gate_(ContactsService::service_full_name(), GateKeys(), nullptr,
              forms) {}

  grpc::ServerUnaryReactor* GetContact(
      grpc::CallbackServerContext* call,
      const contacts::v1::GetContactRequest* request,
      contacts::v1::Contact* reply) override {
    const auto active = gate_.Begin(call, *request, *reply);
    if (active->admitted().ok()) {
      reply->set_display_name(active->context().principal->tenant->slug());
      reply->set_owner(active->context().acting_for);
      reply->set_given_name(
          config::v1::Assurance_Name(active->context().principal->assurance));
    }
    const auto& forwarder = active->context().forwarder;
    if (forwarder != nullptr) reply->set_contact_id(forwarder->key_id);
    active->Finish(active->admitted());
    return active->reactor();
  }

 private:
  const CallGate gate_;
};

class FormsTest : public ::testing::Test {
 protected:
  void SetUp() override { Serve(Forms::kFromGateway); }

  void Serve(Forms forms) {
    KeepCallbackThreads();
    TearDown();
    service_ = std::make_unique<GatedService>(forms);
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = ContactsService::NewStub(server_->InProcessChannel({}));
  }

  void TearDown() override {
    if (server_ == nullptr) return;
    server_->Shutdown();
    server_->Wait();
  }

  // With no second credential if `forwarder` is empty.
  absl::Status Call(const std::string& key, const std::string& forwarder = "") {
    grpc::ClientContext call;
    call.AddMetadata("authorization", Bearer(key));
    if (!forwarder.empty()) call.AddMetadata(kForwarderMetadata, forwarder);
    contacts::v1::Contact reply;
    absl::Status status = FromGrpc(stub_->GetContact(&call, {}, &reply));
    vouching_ = reply.contact_id();
    return status;
  }

  // Sets `tenant` to the one that the call was for, and `acting_for`.
  absl::Status CallFor(const std::string& key, const std::string& named,
                       std::string& tenant, std::string& acting_for,
                       const std::string& assurance = "",
                       const std::string& forwarder = "") {
    grpc::ClientContext call;
    call.AddMetadata("authorization", Bearer(key));
    call.AddMetadata(kTenantMetadata, named);
    if (!assurance.empty()) call.AddMetadata(kAssuranceMetadata, assurance);
    if (!forwarder.empty()) call.AddMetadata(kForwarderMetadata, forwarder);
    contacts::v1::Contact reply;
    const grpc::Status status = stub_->GetContact(&call, {}, &reply);
    tenant = reply.display_name();
    acting_for = reply.owner();
    assurance_ = reply.given_name();
    return FromGrpc(status);
  }

  // The key that vouched for the last call.
  std::string vouching_;
  // The assurance of the last call for a tenant.
  std::string assurance_;

 private:
  std::unique_ptr<GatedService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<ContactsService::Stub> stub_;
};

TEST_F(FormsTest, AFormIsTakenFromTheGateway) {
  EXPECT_THAT(Call("form", Bearer("gateway")), IsOk());
}

TEST_F(FormsTest, OnlyTheGatewayVouchesForACallOfAnotherKey) {
  EXPECT_THAT(Call("system", Bearer("gateway")), IsOk());
  EXPECT_EQ(vouching_, "gateway");
  for (const std::string& forwarder :
       {std::string(), std::string("Bearer kith_gateway_wrong"),
        Bearer("system"), Bearer("reader")}) {
    EXPECT_THAT(Call("system", forwarder), IsOk()) << forwarder;
    EXPECT_EQ(vouching_, "") << forwarder;
  }
}

TEST_F(FormsTest, AFormIsTakenFromNobodyElse) {
  for (const std::string& forwarder :
       {std::string(), std::string("Bearer kith_gateway_wrong"),
        Bearer("gateway").substr(sizeof("Bearer")), Bearer("nobody"),
        Bearer("form"), Bearer("system"), Bearer("reader")}) {
    EXPECT_THAT(Call("form", forwarder),
                StatusIs(StatusCode::kPermissionDenied, kRefused))
        << forwarder;
  }
}

TEST_F(FormsTest, TheGatewaysCredentialStandsInForNoOther) {
  EXPECT_THAT(Call("nobody", Bearer("gateway")),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Call("reader", Bearer("gateway")),
              StatusIs(StatusCode::kPermissionDenied, "contacts.read"));
}

TEST_F(FormsTest, OtherKeysNeedNoGateway) {
  EXPECT_THAT(Call("system"), IsOk());
  EXPECT_THAT(Call("system", "Bearer kith_gateway_wrong"), IsOk());
}

TEST_F(FormsTest, AKeyOfAllTenantsActsForTheOneThatIsNamed) {
  std::string tenant;
  std::string acting_for;
  EXPECT_THAT(CallFor("acting", "other", tenant, acting_for), IsOk());
  EXPECT_EQ(tenant, "other");
  EXPECT_EQ(acting_for, "other");
  EXPECT_THAT(CallFor("acting", "", tenant, acting_for), IsOk());
  EXPECT_EQ(tenant, "demo");
  EXPECT_EQ(acting_for, "");
  EXPECT_THAT(CallFor("acting", "nobody", tenant, acting_for),
              StatusIs(StatusCode::kPermissionDenied, "no tenant"));
}

TEST_F(FormsTest, ActingNeedsTheScopesOfBoth) {
  std::string tenant;
  std::string acting_for;
  for (const char* const named : {"other", "demo"}) {
    EXPECT_THAT(CallFor("system", named, tenant, acting_for),
                StatusIs(StatusCode::kPermissionDenied, auth::kAllTenantsScope))
        << named;
  }
  EXPECT_THAT(CallFor("gateway", "other", tenant, acting_for),
              StatusIs(StatusCode::kPermissionDenied, "contacts.read"));
  EXPECT_EQ(tenant, "");
}

TEST(CheckAgainTest, ALongCallEndsWithTheRightToActForItsTenant) {
  base::RequestContext call;
  call.authorization = Bearer("acting");
  const auto check = [&](const std::string& acting_for,
                         std::vector<std::string> scopes) {
    call.acting_for = acting_for;
    const CallGate gate(ContactsService::service_full_name(),
                        testing::KeyRingOf({testing::ScopedKey{
                            {"acting"}, std::move(scopes)}}));
    return gate.CheckAgain(call, {"contacts.read"});
  };
  EXPECT_THAT(check("other", {auth::kAllTenantsScope, "contacts.read"}),
              IsOk());
  EXPECT_THAT(check("other", {"contacts.read"}),
              StatusIs(StatusCode::kPermissionDenied, auth::kAllTenantsScope));
  EXPECT_THAT(check("", {"contacts.read"}), IsOk());
  EXPECT_THAT(check("gone", {auth::kAllTenantsScope, "contacts.read"}),
              StatusIs(StatusCode::kPermissionDenied, "no tenant"));
}

TEST_F(FormsTest, WhoActsForATenantMayActWithLessAssurance) {
  const std::string form = "ASSURANCE_UNAUTHENTICATED";
  std::string tenant;
  std::string acting_for;
  EXPECT_THAT(CallFor("acting", "other", tenant, acting_for), IsOk());
  EXPECT_EQ(assurance_, "ASSURANCE_REPORTED");
  EXPECT_THAT(
      CallFor("acting", "other", tenant, acting_for, form, Bearer("acting")),
      IsOk());
  EXPECT_EQ(assurance_, form);
  EXPECT_THAT(CallFor("acting", "other", tenant, acting_for, form),
              StatusIs(StatusCode::kPermissionDenied, kRefused));
}

TEST_F(FormsTest, NobodyActsWithMoreAssuranceThanTheirKeyHas) {
  std::string tenant;
  std::string acting_for;
  for (const char* const more :
       {"ASSURANCE_VERIFIED", "ASSURANCE_UNSPECIFIED", "REPORTED", "2"}) {
    EXPECT_THAT(CallFor("acting", "other", tenant, acting_for, more),
                StatusIs(StatusCode::kPermissionDenied, "at most its own"))
        << more;
  }
  // Only who acts for a tenant says so.
  EXPECT_THAT(CallFor("system", "", tenant, acting_for, "ASSURANCE_VERIFIED"),
              IsOk());
  EXPECT_EQ(assurance_, "ASSURANCE_REPORTED");
}

TEST_F(FormsTest, TheGatewaysOwnGateTakesAFormFromAnybody) {
  Serve(Forms::kFromAnybody);
  EXPECT_THAT(Call("form"), IsOk());
}

}  // namespace
}  // namespace kith::rpc
