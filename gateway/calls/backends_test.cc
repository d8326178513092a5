#include "gateway/calls/backends.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "common/base/text_file.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/client.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "gateway/calls/service_key.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;

constexpr char kToken[] = "kith_gateway_secret";
constexpr char kCredential[] = "Bearer kith_gateway_secret";

class ForwardingTest : public ::testing::Test {
 protected:
  void WriteKey(const std::string& token) {
    ASSERT_THAT(base::WriteFileAtomically(KeyFile(), token), IsOk());
  }

  std::string KeyFile() const { return directory_.Path("service.key"); }

  // Records a touch, and returns the second credential that the services got.
  // The caller sends one as well.
  std::string Forwarded(testing::TestKey key, const std::string& key_file) {
    GatewayHarness gateway(100, {}, testing::TestKeys(), 100, key_file);
    v1::RecordTouchRequest request;
    request.set_request_id("touch-1");
    identity::v1::ChannelValue& value = *request.add_identities();
    value.set_channel(identity::v1::CHANNEL_EMAIL);
    value.set_value("ada@example.com");
    request.mutable_interaction()->set_kind(interactions::v1::KIND_NOTE);
    grpc::ClientContext call;
    call.AddMetadata("authorization", testing::Authorization(key));
    call.AddMetadata(rpc::kForwarderMetadata, "Bearer of the caller");
    v1::RecordTouchResponse response;
    const grpc::Status status =
        gateway.stub().RecordTouch(&call, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(gateway.record.metadata("authorization"),
              testing::Authorization(key));
    return gateway.record.metadata(rpc::kForwarderMetadata);
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(ForwardingTest, CallsForAFormHaveTheGatewaysOwnCredentialAsWell) {
  WriteKey(kToken);
  EXPECT_EQ(Forwarded(testing::kDemoPublic, KeyFile()), kCredential);
}

TEST_F(ForwardingTest, CallsForOthersHaveNone) {
  WriteKey(kToken);
  EXPECT_EQ(Forwarded(testing::kDemo, KeyFile()), "");
  EXPECT_EQ(Forwarded(testing::kDemoVerified, KeyFile()), "");
}

TEST_F(ForwardingTest, WithoutAKeyNothingIsForwardedNorWhatTheCallerSends) {
  EXPECT_EQ(Forwarded(testing::kDemoPublic, ""), "");
}

TEST_F(ForwardingTest, AChangedKeyIsTakenAndABrokenFileIsNot) {
  WriteKey("kith_gateway_secret\n");
  ServiceKey key(KeyFile());
  EXPECT_EQ(key.Authorization(), kCredential);
  for (const char* broken : {"", "kith_gateway_secret\r\n", "a b", "caf\xC3"}) {
    WriteKey(broken);
    key.Refresh();
    EXPECT_EQ(key.Authorization(), kCredential) << broken;
  }
  WriteKey("kith_gateway_newer");
  key.Refresh();
  EXPECT_EQ(key.Authorization(), "Bearer kith_gateway_newer");
}

// A server with nothing but health checks.
std::unique_ptr<grpc::Server> HealthyServer(int& port) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  return builder.BuildAndStart();
}

// How often gRPC itself has complained.
std::atomic<int> complaints = 0;

void CountComplaints(gpr_log_func_args* line) {
  if (line->severity == GPR_LOG_SEVERITY_ERROR) ++complaints;
}

TEST(ProbeTest, ConnectsEachServiceSoThatTheFirstViewDoesNotWait) {
  int port = 0;
  const auto server = HealthyServer(port);
  const std::string target = "127.0.0.1:" + std::to_string(port);
  const auto interactions = rpc::MakeChannel(target);
  Backends backends(rpc::MakeChannel(target), rpc::MakeChannel(target),
                    interactions, absl::Milliseconds(100), 10);
  EXPECT_THAT(backends.Probe(), IsOk());
  EXPECT_TRUE(interactions->WaitForConnected(
      absl::ToChronoTime(absl::Now() + absl::Seconds(20))));
}

TEST(ProbeTest, GrpcDoesNotComplainOfServicesOfThisProcess) {
  int port = 0;
  const auto server = HealthyServer(port);
  const auto channel = rpc::MakeInProcessChannel(*server);
  Backends backends(channel, channel, channel, absl::Milliseconds(100), 10);
  gpr_set_log_function(&CountComplaints);
  const absl::Cleanup reset = [] { gpr_set_log_function(nullptr); };
  EXPECT_THAT(backends.Probe(), IsOk());
  EXPECT_EQ(complaints, 0);
}

}  // namespace
}  // namespace kith::gateway
