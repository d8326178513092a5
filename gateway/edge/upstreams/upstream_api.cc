#include "gateway/edge/upstreams/upstream_api.h"

#include <string>
#include <utility>

#include "gateway/edge/protocols/content_coding.h"

namespace kith::edge {

UpstreamApi::UpstreamApi(Routes routes,
                         const google::protobuf::DescriptorPool& pool,
                         google::protobuf::MessageFactory& factory,
                         const Target& target, size_t message_bytes)
    : routes_(std::move(routes)),
      json_(pool),
      connect_(routes_, json_, message_bytes),
      connect_stream_(json_, message_bytes),
      grpc_web_(json_, message_bytes),
      rest_(json_, factory, message_bytes),
      gate_(target.gate),
      upstream_(target.channel,
                gate_ == nullptr ? Place::kThisProcess : Place::kElsewhere) {}

Reading UpstreamApi::ReadRpc(const Request& request,
                             const edge::Target& target) const {
  const std::string type =
      MediaType(FindHeader(request.head.headers, "content-type"));
  const auto* const method = routes_.FindMethod(target.path);
  if (GrpcWeb::Takes(type)) return grpc_web_.Read(request, method);
  if (ConnectStream::Takes(type) && method != nullptr &&
      request.head.method == "POST") {
    return connect_stream_.Read(request, *method);
  }
  return connect_.Read(request, target);
}

Reply UpstreamApi::ErrorReply(const RequestHead* head,
                              const absl::Status& error,
                              int http_status) const {
  if (head == nullptr || !routes_.IsRpcPath(head->target)) {
    return rest_.ErrorReply(error, http_status);
  }
  const std::string type = MediaType(FindHeader(head->headers, "content-type"));
  if (GrpcWeb::Takes(type)) {
    return GrpcWeb::ErrorReply(error, http_status == 0 ? 200 : http_status,
                               type);
  }
  if (ConnectStream::Takes(type) && http_status == 0) {
    return ConnectStream::ErrorReply(error, type);
  }
  return ConnectUnary::ErrorReply(error, http_status);
}

}  // namespace kith::edge
