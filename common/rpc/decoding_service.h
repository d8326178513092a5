#ifndef KITH_COMMON_RPC_DECODING_SERVICE_H_
#define KITH_COMMON_RPC_DECODING_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace kith::rpc {

// Serves the methods of another service, and lets it handle also the calls
// whose request cannot be decoded, such as text that is not UTF-8: gRPC ends
// those with UNIMPLEMENTED, unseen by any code of ours. CallGate refuses them,
// so each method must pass it; the request that gRPC hands over is worth
// nothing.
class DecodingService final : public grpc::Service {
 public:
  // `service` is a generated CallbackService, or derived from one, with the
  // name "kith.contacts.v1.ContactsService". It must outlive the object, and is
  // not registered at the server itself.
  DecodingService(absl::string_view full_name, grpc::Service& service);

 private:
  // gRPC points to them.
  std::vector<std::string> paths_;
};

// Returns the bytes of the request, if this thread is about to handle a call
// whose request could not be decoded. Forgets them.
std::optional<std::string> TakeUndecodedRequest();

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_DECODING_SERVICE_H_
