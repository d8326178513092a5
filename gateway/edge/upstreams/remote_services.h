#ifndef KITH_GATEWAY_EDGE_UPSTREAMS_REMOTE_SERVICES_H_
#define KITH_GATEWAY_EDGE_UPSTREAMS_REMOTE_SERVICES_H_

#include <grpcpp/channel.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/client.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace kith::edge {

// Services that run elsewhere: their descriptors, and the way to them.
// Immutable once all are added.
class RemoteServices {
 public:
  // Services at one target.
  struct Set {
    std::vector<const google::protobuf::ServiceDescriptor*> services;
    const google::protobuf::DescriptorPool* pool;
    // Makes messages of the pool. Thread-safe.
    google::protobuf::MessageFactory* factory;
    std::shared_ptr<grpc::Channel> channel;
    // What they are made of, if the program does not have it.
    std::unique_ptr<google::protobuf::DescriptorPool> own_pool = nullptr;
    std::unique_ptr<google::protobuf::MessageFactory> own_factory = nullptr;
  };

  // Leaves out the services with these full names, which are served otherwise.
  explicit RemoteServices(std::vector<std::string> except)
      : taken_(std::move(except)) {}

  // Adds what "set.binpb@dns:///contacts-svc:7710" names: the services of a
  // google.protobuf.FileDescriptorSet, as protoc writes it with
  // --include_imports, at a gRPC target. Services that are there already stay
  // where they are. INVALID_ARGUMENT if the text is of another form, or the
  // file is no such set, lacks an import or has no service; NOT_FOUND or the
  // like if it cannot be read.
  absl::Status Add(absl::string_view text, const rpc::ClientTls& tls);

  // Adds a service that this program was built with, by its full name. It
  // replaces nothing: of that name, Add must have added none.
  void AddKnown(const std::string& name,
                const std::shared_ptr<grpc::Channel>& channel);

  const std::deque<Set>& sets() const { return sets_; }

 private:
  // Full names.
  std::vector<std::string> taken_;
  std::deque<Set> sets_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_UPSTREAMS_REMOTE_SERVICES_H_
