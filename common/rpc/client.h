#ifndef KITH_COMMON_RPC_CLIENT_H_
#define KITH_COMMON_RPC_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/rpc/tls.h"

namespace kith::rpc {

// How a channel is secured; plain by default.
struct ClientTls {
  TlsFiles files;
  // The name that the server's certificate must carry, where that is not the
  // target's own.
  std::string server_name;
};

// A channel to another service, by a gRPC target such as
// "dns:///contacts-svc:7710". Calls are spread over the replicas that are
// serving, and tried at most 3 times where none could be reached (UNAVAILABLE):
// call only methods that can be repeated. An answer of more than
// `max_response_bytes` is RESOURCE_EXHAUSTED.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target,
                                           int max_response_bytes = 4 << 20,
                                           const ClientTls& tls = {});

// Prepares a call on behalf of `context`: its credential, its traces, and
// a deadline no later than the caller's own.
void Prepare(const base::RequestContext& context, absl::Time deadline,
             grpc::ClientContext& call);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_CLIENT_H_
