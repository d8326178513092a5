#include "common/rpc/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>

#include "common/ops/trace.h"

namespace kith::rpc {

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target) {
  grpc::ChannelArguments arguments;
  // A service that comes back is found again soon.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(),
                                   arguments);
}

void Prepare(const ops::RequestContext& context, absl::Time deadline,
             grpc::ClientContext& call) {
  call.AddMetadata("authorization", context.authorization);
  call.AddMetadata("traceparent", ops::TraceParent(context));
  call.set_deadline(absl::ToChronoTime(std::min(deadline, context.deadline)));
}

}  // namespace kith::rpc
