#ifndef KITH_GATEWAY_EDGE_HTTP_HTTP_LIMITS_H_
#define KITH_GATEWAY_EDGE_HTTP_HTTP_LIMITS_H_

#include <cstddef>

#include "absl/time/time.h"

namespace kith::edge {

// What one connection, and all of them, may take.
struct HttpLimits {
  // Request line and headers. More is 431.
  size_t head_bytes = 16 << 10;
  // A body as it is sent. More is 413, before it is read if its length says so.
  size_t body_bytes = 4 << 20;
  // A larger body is read only if the handler agrees; see
  // Handler::RefuseEarly.
  size_t small_body_bytes = 64 << 10;
  // Bodies of all requests that are being read or answered, and of replies that
  // are being sent. What is beyond it is 503.
  size_t all_bodies_bytes = 256 << 20;
  // Open connections. One more is closed at once.
  size_t connections = 10'000;
  // From the first byte of a head to its last. A connection that takes longer
  // is closed, as with the other times.
  absl::Duration head_time = absl::Seconds(10);
  // For a body, whatever its size, and what it gets on top for its size.
  absl::Duration body_time = absl::Seconds(10);
  size_t body_bytes_per_second = 64 << 10;
  // Between two requests. Longer than load balancers keep a connection, which
  // is mostly 60 s: else they use one that is just being closed.
  absl::Duration idle_time = absl::Seconds(75);
  // For a reply, or a part of a stream: a client that does not read for so long
  // is gone.
  absl::Duration write_time = absl::Seconds(30);
  // How long a stream is silent before a heartbeat, where it has one.
  absl::Duration heartbeat_time = absl::Seconds(15);
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_HTTP_LIMITS_H_
