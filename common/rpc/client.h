#ifndef KITH_COMMON_RPC_CLIENT_H_
#define KITH_COMMON_RPC_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/rpc/tls.h"

namespace kith::rpc {

// How a channel is secured. Plaintext by default.
struct ClientTls {
  TlsFiles files;
  // The name that the server's certificate must have, if it differs from the
  // name in the target.
  std::string server_name;
};

// Returns a channel to another service, by a gRPC target such as
// "dns:///contacts-svc:7710". Calls are spread over the replicas that are
// serving. gRPC tries a call up to 3 times if it ends with UNAVAILABLE, so call
// only methods that may be repeated. A response of more than
// `max_response_bytes` fails as RESOURCE_EXHAUSTED.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target,
                                           int max_response_bytes = 4 << 20,
                                           const ClientTls& tls = {});

// Returns a channel to a server of this process. It ends when the server shuts
// down. Nothing is tried again.
std::shared_ptr<grpc::Channel> MakeInProcessChannel(
    grpc::Server& server, int max_response_bytes = 4 << 20);

// Prepares a call on behalf of `context`: sets its credential, the tenant that
// it acts for, its trace headers and the deadline, which is the earlier one of
// `deadline` and the caller's own.
void Prepare(const base::RequestContext& context, absl::Time deadline,
             grpc::ClientContext& call);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_CLIENT_H_
