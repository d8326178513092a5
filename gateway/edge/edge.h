#ifndef KITH_GATEWAY_EDGE_EDGE_H_
#define KITH_GATEWAY_EDGE_EDGE_H_

#include <grpcpp/server.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/live_keys.h"
#include "gateway/edge/dispatcher.h"
#include "gateway/edge/http/http_limits.h"
#include "gateway/edge/http/http_server.h"
#include "gateway/edge/pages/guest_pages.h"
#include "gateway/edge/session/sessions.h"
#include "gateway/edge/upstreams/remote_services.h"
#include "gateway/edge/upstreams/upstream_gate.h"

namespace kith::edge {

struct EdgeOptions {
  // "127.0.0.1:8080"; port 0 takes a free one.
  std::string address = {};
  // PEM files of the certificate and its key; see ServerTls. Plaintext where
  // empty.
  std::string certificate_file = {};
  std::string key_file = {};
  // Origins of web pages that may call; see Cors.
  std::vector<std::string> origins = {};
  // The FileDescriptorSet of the services with comments, and the files of the
  // viewer, for the documentation; see MakeDocs. None if there are no
  // descriptors.
  absl::string_view descriptors = {};
  std::string docs_directory = {};
  // The most bytes of a message. A body as it is sent has this limit as well.
  size_t message_bytes = 4 << 20;
  HttpLimits limits = {};
  int threads = 2;
  // Null: there are none.
  std::shared_ptr<const Sessions> sessions = nullptr;
  // Of callers whose large bodies are read; of all if null.
  std::shared_ptr<const auth::LiveKeys> keys = nullptr;
  // Services elsewhere, and who lets their callers in. They must outlive the
  // edge.
  const RemoteServices* remote = nullptr;
  const UpstreamGate* gate = nullptr;
  // Each with paths of its own. They must outlive the edge.
  std::vector<const GuestPages*> guests = {};
};

// The HTTP listener of a process beside its gRPC server: every method of some
// of its services over Connect and REST. Thread-safe.
class Edge {
 public:
  // Serves the methods of `services`, such as "kith.gateway.v1.GatewayService",
  // by calls to `server` in this process, and those elsewhere.
  // FAILED_PRECONDITION if an
  // annotation is wrong or two methods take the same requests, UNAVAILABLE if
  // it cannot listen, NOT_FOUND for an unknown service; errors of
  // ServerTls::Load and RemoteServices::Load.
  static absl::StatusOr<std::unique_ptr<Edge>> Start(
      const EdgeOptions& options,
      const std::vector<absl::string_view>& services, grpc::Server& server);

  // Gives replies under way a second to be written, then closes all
  // connections. Call Drain before.
  ~Edge();

  const std::string& address() const { return http_->address(); }

  // Waits until Drain has closed all connections, at most so long.
  void WaitDrained(absl::Duration most) { http_->WaitDrained(most); }

  // Takes no new requests, and closes each connection after its reply. Does not
  // wait.
  void Drain() { http_->Drain(); }

 private:
  Edge() = default;

  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<HttpServer> http_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_EDGE_H_
