#include "common/rpc/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>

#include "absl/strings/str_join.h"
#include "common/ops/trace.h"
#include "common/rpc/call_gate.h"
#include "kith/config/v1/config.pb.h"

namespace kith::rpc {
namespace {

// Calls go to all replicas that say they are serving, and turn to another where
// one could not be reached. Every method behind the gateway can be repeated.
// Throttled, so that retries do not feed an outage.
constexpr char kServiceConfig[] = R"json({
  "loadBalancingConfig": [{"round_robin": {}}],
  "healthCheckConfig": {"serviceName": ""},
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 3,
      "initialBackoff": "0.02s",
      "maxBackoff": "0.2s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }],
  "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1}
})json";

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target,
                                           int max_response_bytes,
                                           const ClientTls& tls) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(max_response_bytes);
  // A service that comes back is found again soon.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  // By its name the shortest pause, in fact how long an attempt may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  // A peer that is gone without a word is noticed within half a minute.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetServiceConfigJSON(kServiceConfig);
  if (!tls.server_name.empty()) {
    arguments.SetSslTargetNameOverride(tls.server_name);
  }
  return grpc::CreateCustomChannel(target, ChannelCredentials(tls.files),
                                   arguments);
}

std::shared_ptr<grpc::Channel> MakeInProcessChannel(grpc::Server& server,
                                                    int max_response_bytes) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(max_response_bytes);
  return server.InProcessChannel(arguments);
}

void Prepare(const base::RequestContext& context, absl::Time deadline,
             grpc::ClientContext& call) {
  call.AddMetadata("authorization", context.authorization);
  if (!context.acting_for.empty()) {
    call.AddMetadata(kTenantMetadata, context.acting_for);
    call.AddMetadata(kAssuranceMetadata,
                     config::v1::Assurance_Name(context.principal->assurance));
  }
  call.AddMetadata("traceparent", ops::TraceParent(context));
  if (!context.joined_trace_ids.empty()) {
    call.AddMetadata("kith-joined-trace-ids",
                     absl::StrJoin(context.joined_trace_ids, ","));
  }
  call.set_deadline(absl::ToChronoTime(std::min(deadline, context.deadline)));
}

}  // namespace kith::rpc
