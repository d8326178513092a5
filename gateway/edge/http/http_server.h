#ifndef KITH_GATEWAY_EDGE_HTTP_HTTP_SERVER_H_
#define KITH_GATEWAY_EDGE_HTTP_HTTP_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/http/http_limits.h"
#include "gateway/edge/http/server_tls.h"

namespace kith::edge {

// Listens for HTTP/1.1 and has a handler answer it. Owns its threads, of which
// each serves some of the connections. Thread-safe.
class HttpServer {
 public:
  // Listens on an address such as "127.0.0.1:8080" or "[::]:0", with
  // `threads` threads, 1 or more. Plaintext if `tls` is null. The handler must
  // outlive the server.
  // INVALID_ARGUMENT if it is no such address, UNAVAILABLE if that fails.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      const std::string& address, Handler& handler, const HttpLimits& limits,
      int threads, std::unique_ptr<ServerTls> tls = nullptr);

  // Closes all connections, cancels what is under way and waits until it has
  // ended.
  ~HttpServer();

  // The address it listens on, with the port that was chosen.
  const std::string& address() const;

  // Stops listening, and closes each connection once it has no request under
  // way. Does not wait. May be called again.
  void Drain();

  // Waits until Drain has closed all connections. False if it takes longer.
  bool WaitDrained(absl::Duration timeout);

 private:
  class Listener;

  explicit HttpServer(std::unique_ptr<Listener> listener);

  const std::unique_ptr<Listener> listener_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_HTTP_SERVER_H_
