#ifndef KITH_TESTS_BENCH_HTTP_CONNECTION_H_
#define KITH_TESTS_BENCH_HTTP_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::bench {

struct HttpReply {
  int status = 0;
  // Of Retry-After; 0 if there is none.
  int retry_after_seconds = 0;
  // Until the next request.
  absl::string_view body = {};
};

// A connection to an HTTP/1.1 server that is kept alive. It does no more than
// its measurements need, as they share the processors with the server. Waits
// at most 10 seconds for bytes. Not thread-safe.
class HttpConnection {
 public:
  // Connects to "127.0.0.1:PORT". UNAVAILABLE if that fails.
  static absl::StatusOr<std::unique_ptr<HttpConnection>> Open(
      const std::string& address);

  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // Sends a request and returns the body of the reply, until the next call.
  // UNAVAILABLE if the connection ends, the status is not 200, or there is no
  // Content-Length; the connection cannot be used any more then.
  absl::StatusOr<absl::string_view> Call(absl::string_view request);

  // The same in two steps, so that one thread has requests under way on many
  // connections, and with a reply of any status. A reply of 204 has no body.
  absl::Status Send(absl::string_view request);
  absl::StatusOr<HttpReply> Receive();

  // Sends a request and waits for the first bytes of a body that goes on; the
  // same errors. Nothing else can be called afterwards.
  absl::Status OpenStream(absl::string_view request);

 private:
  explicit HttpConnection(int fd) : fd_(fd) {}

  // Reads more into buffer_.
  absl::Status ReadMore();

  // Reads up to the end of a head, and returns where that is.
  absl::StatusOr<size_t> ReadHead();

  const int fd_;
  // What came since the last request.
  std::string buffer_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_HTTP_CONNECTION_H_
