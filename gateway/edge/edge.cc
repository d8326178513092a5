#include "gateway/edge/edge.h"

#include <grpcpp/support/channel_arguments.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "gateway/edge/pages/docs.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace kith::edge {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MessageFactory;
using google::protobuf::ServiceDescriptor;
using Services = std::vector<const ServiceDescriptor*>;

absl::StatusOr<Services> ServicesOf(
    const std::vector<absl::string_view>& names) {
  Services found;
  for (const absl::string_view name : names) {
    found.push_back(
        DescriptorPool::generated_pool()->FindServiceByName(std::string(name)));
    if (found.back() == nullptr) {
      return absl::NotFoundError(absl::StrCat("no service ", name));
    }
  }
  return found;
}

std::shared_ptr<grpc::Channel> Connect(grpc::Server& server) {
  grpc::ChannelArguments arguments;
  // The services of this process limit their responses themselves.
  arguments.SetMaxReceiveMessageSize(-1);
  return server.InProcessChannel(arguments);
}

// All services there are, and an API for each place that has some.
class ApisOf {
 public:
  explicit ApisOf(const EdgeOptions& options) : options_(options) {}

  absl::Status Add(const Services& services, const DescriptorPool& pool,
                   MessageFactory& factory, const UpstreamApi::Target& target) {
    KITH_ASSIGN_OR_RETURN(Routes routes, Routes::Make(services));
    apis_.push_back(std::make_unique<UpstreamApi>(
        std::move(routes), pool, factory, target, options_.message_bytes));
    for (const ServiceDescriptor* const service : services) {
      all_.push_back(service);
    }
    return absl::OkStatus();
  }

  // FAILED_PRECONDITION if two of the methods take the same requests.
  absl::StatusOr<std::vector<std::unique_ptr<UpstreamApi>>> Finish() {
    KITH_RETURN_IF_ERROR(Routes::Make(all_).status());
    return std::move(apis_);
  }

 private:
  const EdgeOptions& options_;
  Services all_;
  std::vector<std::unique_ptr<UpstreamApi>> apis_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Edge>> Edge::Start(
    const EdgeOptions& options, const std::vector<absl::string_view>& services,
    grpc::Server& server) {
  std::unique_ptr<Edge> edge(new Edge());
  ApisOf apis(options);
  KITH_ASSIGN_OR_RETURN(const Services own, ServicesOf(services));
  KITH_RETURN_IF_ERROR(apis.Add(own, *DescriptorPool::generated_pool(),
                                *MessageFactory::generated_factory(),
                                {.channel = Connect(server), .gate = nullptr}));
  if (options.remote != nullptr) {
    for (const RemoteServices::Set& set : options.remote->sets()) {
      KITH_RETURN_IF_ERROR(
          apis.Add(set.services, *set.pool, *set.factory,
                   {.channel = set.channel, .gate = options.gate}));
    }
  }
  KITH_ASSIGN_OR_RETURN(auto all, apis.Finish());
  Pages pages;
  if (!options.descriptors.empty()) {
    KITH_ASSIGN_OR_RETURN(
        pages, MakeDocs(all.front()->routes(), options.descriptors,
                        options.docs_directory, options.sessions != nullptr));
  }
  edge->dispatcher_ = std::make_unique<Dispatcher>(
      std::move(all), std::move(pages), options.origins, options.sessions,
      options.keys, options.guests);
  std::unique_ptr<ServerTls> tls;
  if (!options.certificate_file.empty()) {
    KITH_ASSIGN_OR_RETURN(
        tls, ServerTls::Load(options.certificate_file, options.key_file));
  }
  HttpLimits limits = options.limits;
  limits.body_bytes = options.message_bytes;
  KITH_ASSIGN_OR_RETURN(
      edge->http_, HttpServer::Start(options.address, *edge->dispatcher_,
                                     limits, options.threads, std::move(tls)));
  return edge;
}

Edge::~Edge() {
  if (http_ != nullptr) http_->WaitDrained(absl::Seconds(1));
}

}  // namespace kith::edge
