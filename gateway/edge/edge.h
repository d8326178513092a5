#ifndef KITH_GATEWAY_EDGE_EDGE_H_
#define KITH_GATEWAY_EDGE_EDGE_H_

#include <grpcpp/server.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/dispatcher.h"
#include "gateway/edge/http/http_limits.h"
#include "gateway/edge/http/http_server.h"

namespace kith::edge {

struct EdgeOptions {
  // "127.0.0.1:8080"; port 0 takes a free one.
  std::string address = {};
  // Origins of web pages that may call; see Cors.
  std::vector<std::string> origins = {};
  // The most bytes of a message. A body as it is sent has this limit as well.
  size_t message_bytes = 4 << 20;
  HttpLimits limits = {};
  int threads = 2;
};

// The HTTP listener of a process beside its gRPC server: every method of some
// of its services over Connect and REST. Thread-safe.
class Edge {
 public:
  // Serves the methods of `services`, such as "kith.gateway.v1.GatewayService",
  // by calls to `server` in this process. FAILED_PRECONDITION if an annotation
  // is wrong, UNAVAILABLE if it cannot listen, NOT_FOUND for an unknown
  // service.
  static absl::StatusOr<std::unique_ptr<Edge>> Start(
      const EdgeOptions& options,
      const std::vector<absl::string_view>& services, grpc::Server& server);

  // Gives replies under way a second to be written, then closes all
  // connections. Call Drain before.
  ~Edge();

  const std::string& address() const { return http_->address(); }

  // Takes no new requests, and closes each connection after its reply. Does not
  // wait.
  void Drain() { http_->Drain(); }

 private:
  explicit Edge(std::unique_ptr<Dispatcher> dispatcher)
      : dispatcher_(std::move(dispatcher)) {}

  const std::unique_ptr<Dispatcher> dispatcher_;
  // Set once, before anybody has the object.
  std::unique_ptr<HttpServer> http_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_EDGE_H_
