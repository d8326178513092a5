#include "common/rpc/callback_threads.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

namespace kith::rpc {

void KeepCallbackThreads() {
  // A server without a port that is never destroyed. The pointer, which nothing
  // reads, must stay, or it looks like a leak.
  [[gnu::used]] static const auto* const keeper = [] {
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(new grpc::CallbackGenericService());
    return builder.BuildAndStart().release();
  }();
}

}  // namespace kith::rpc
