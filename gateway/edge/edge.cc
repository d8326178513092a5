#include "gateway/edge/edge.h"

#include <grpcpp/support/channel_arguments.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "google/protobuf/descriptor.h"

namespace kith::edge {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::ServiceDescriptor;

absl::StatusOr<Routes> RoutesOf(
    const std::vector<absl::string_view>& services) {
  std::vector<const ServiceDescriptor*> found;
  for (const absl::string_view name : services) {
    found.push_back(
        DescriptorPool::generated_pool()->FindServiceByName(std::string(name)));
    if (found.back() == nullptr) {
      return absl::NotFoundError(absl::StrCat("no service ", name));
    }
  }
  return Routes::Make(found);
}

std::shared_ptr<grpc::Channel> Connect(grpc::Server& server) {
  grpc::ChannelArguments arguments;
  // The services of this process limit their responses themselves.
  arguments.SetMaxReceiveMessageSize(-1);
  return server.InProcessChannel(arguments);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Edge>> Edge::Start(
    const EdgeOptions& options, const std::vector<absl::string_view>& services,
    grpc::Server& server) {
  KITH_ASSIGN_OR_RETURN(Routes routes, RoutesOf(services));
  std::unique_ptr<Edge> edge(new Edge(
      std::make_unique<Dispatcher>(std::move(routes), Connect(server),
                                   options.origins, options.message_bytes)));
  HttpLimits limits = options.limits;
  limits.body_bytes = options.message_bytes;
  KITH_ASSIGN_OR_RETURN(edge->http_,
                        HttpServer::Start(options.address, *edge->dispatcher_,
                                          limits, options.threads));
  return edge;
}

Edge::~Edge() {
  if (http_ != nullptr) http_->WaitDrained(absl::Seconds(1));
}

}  // namespace kith::edge
