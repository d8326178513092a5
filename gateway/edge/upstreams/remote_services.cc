#include "gateway/edge/upstreams/remote_services.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/text_file.h"
#include "common/rpc/tls.h"
#include "common/status/status_macros.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"

namespace kith::edge {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::ServiceDescriptor;

// Keeps the first fault, which is the cause of those after it.
class FirstError final : public DescriptorPool::ErrorCollector {
 public:
  void AddError(const std::string& file, const std::string& element,
                const google::protobuf::Message* /*descriptor*/,
                ErrorLocation /*location*/,
                const std::string& message) override {
    if (text.empty()) text = absl::StrCat(file, ": ", element, ": ", message);
  }

  std::string text;
};

// Fills the pool and the services of a set.
absl::Status Build(const std::string& path, RemoteServices::Set& set) {
  KITH_ASSIGN_OR_RETURN(const std::string bytes, base::ReadFile(path));
  google::protobuf::FileDescriptorSet files;
  if (!files.ParseFromString(bytes) || files.file().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        path,
        ": want a FileDescriptorSet, as protoc --descriptor_set_out "
        "--include_imports writes it"));
  }
  for (const auto& file : files.file()) {
    FirstError error;
    const FileDescriptor* const built =
        set.own_pool->BuildFileCollectingErrors(file, &error);
    if (built == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.text));
    }
    for (int i = 0; i < built->service_count(); ++i) {
      set.services.push_back(built->service(i));
    }
  }
  return set.services.empty()
             ? absl::InvalidArgumentError(absl::StrCat(path, ": no service"))
             : absl::OkStatus();
}

// A method of others may not be repeated, for all that is known.
std::shared_ptr<grpc::Channel> ConnectOnce(const std::string& target,
                                           const rpc::ClientTls& tls) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetLoadBalancingPolicyName("round_robin");
  if (!tls.server_name.empty()) {
    arguments.SetSslTargetNameOverride(tls.server_name);
  }
  return grpc::CreateCustomChannel(target, rpc::ChannelCredentials(tls.files),
                                   arguments);
}

}  // namespace

absl::Status RemoteServices::Add(absl::string_view text,
                                 const rpc::ClientTls& tls) {
  const size_t at = text.find('@');
  if (at == 0 || at == absl::string_view::npos || at + 1 == text.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text,
        R"(", want descriptors@target: "set.binpb@dns:///service:7710")"));
  }
  const std::string path(text.substr(0, at));
  Set set = {};
  set.own_pool = std::make_unique<DescriptorPool>();
  set.pool = set.own_pool.get();
  KITH_RETURN_IF_ERROR(Build(path, set));
  std::erase_if(set.services, [&](const ServiceDescriptor* service) {
    return std::find(taken_.begin(), taken_.end(), service->full_name()) !=
           taken_.end();
  });
  for (const ServiceDescriptor* const service : set.services) {
    taken_.push_back(service->full_name());
  }
  set.own_factory =
      std::make_unique<google::protobuf::DynamicMessageFactory>(set.pool);
  set.factory = set.own_factory.get();
  set.channel = ConnectOnce(std::string(text.substr(at + 1)), tls);
  sets_.push_back(std::move(set));
  return absl::OkStatus();
}

void RemoteServices::AddKnown(const std::string& name,
                              const std::shared_ptr<grpc::Channel>& channel) {
  const DescriptorPool* const pool = DescriptorPool::generated_pool();
  sets_.push_back(
      {.services = {pool->FindServiceByName(name)},
       .pool = pool,
       .factory = google::protobuf::MessageFactory::generated_factory(),
       .channel = channel});
}

}  // namespace kith::edge
