#ifndef KITH_COMMON_RPC_SERVABLE_H_
#define KITH_COMMON_RPC_SERVABLE_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/server.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::rpc {

// A service of a server, which is served through a DecodingService.
struct NamedService {
  // "kith.contacts.v1.ContactsService".
  absl::string_view full_name;
  grpc::Service& service;
};

// Where a process listens, by name: {"http", "127.0.0.1:8080"}.
using Addresses = std::vector<std::pair<std::string, std::string>>;

// What one gRPC server of a process serves. The Process owns it, and destroys
// it after the server. Process calls the methods, Probe on a thread of its own,
// the others on one thread.
class Servable {
 public:
  Servable() = default;
  virtual ~Servable() = default;
  Servable(const Servable&) = delete;
  Servable& operator=(const Servable&) = delete;

  // Returns the services. They live as long as the object.
  virtual std::vector<NamedService> services() = 0;

  // Returns what serves the methods that none of the services has; nobody does
  // if it is null.
  virtual grpc::CallbackGenericService* others() { return nullptr; }

  // Returns OK if the services can serve now. Called twice a second.
  virtual absl::Status Probe() = 0;

  // Starts to listen for something beside gRPC, whose server may be called from
  // within the process. Returns the addresses.
  virtual absl::StatusOr<Addresses> ListenBeside(grpc::Server& /*server*/) {
    return Addresses();
  }

  // Ends the calls that only end if somebody ends them, such as streams, and
  // refuses new ones; must not wait. What ListenBeside has started must let its
  // calls end by then.
  virtual void EndLasting() {}

  // Waits, at most so long, until the calls of what ListenBeside has started
  // have ended: calls within a process are cut off when its server shuts down.
  virtual void AwaitBeside(absl::Duration /*most*/) {}
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_SERVABLE_H_
