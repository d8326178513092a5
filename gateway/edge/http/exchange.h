#ifndef KITH_GATEWAY_EDGE_HTTP_EXCHANGE_H_
#define KITH_GATEWAY_EDGE_HTTP_EXCHANGE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/edge/codecs/metadata.h"

namespace kith::edge {

// The start of a request: what a handler sees before the body is read.
struct RequestHead {
  // As sent: "POST".
  std::string method;
  // As sent: "/v1/customers?page_size=1".
  std::string target;
  // Names in lower case. Fields behind a chunked body are not among them.
  Headers headers;
  // IP address of who has connected: the client, or a proxy before us.
  std::string peer = {};
};

struct Request {
  RequestHead head;
  // Without the chunks it came in; as it was encoded otherwise.
  std::string body;
};

// The rest of a body that is made while it is sent.
class BodyStream {
 public:
  struct Part {
    std::string bytes = {};
    // Nothing comes after it.
    bool last = false;
  };

  virtual ~BodyStream() = default;

  // Has the next part made: calls `done` exactly once, on any thread, perhaps
  // before it returns. Called again only after that, and until the last part
  // has come, also if nobody reads the body any more. So a reader that is slow
  // costs the memory of one part.
  virtual void Next(std::function<void(Part)> done) = 0;
};

// Content-Length, Transfer-Encoding and Connection are set by the connection.
struct Reply {
  int status = 200;
  Headers headers = {};
  std::string body = {};
  // What comes after `body`; null if that is all.
  std::shared_ptr<BodyStream> rest = nullptr;
  // Sent where the rest has no part for some time, so that neither end nor
  // what is between them takes the connection for dead. None if empty.
  std::string heartbeat = {};
};

// Why HTTP itself refuses a request. The connection is closed after the reply,
// as nobody knows where the next request begins.
struct Refusal {
  int status = 400;
  // For the caller; without what it sent.
  std::string message;
};

// A request that is being answered.
class Exchange {
 public:
  virtual ~Exchange() = default;

  // Called if nobody waits for the reply any more. The reply, or the last part
  // of it, comes nevertheless, and soon. Thread-safe.
  virtual void Cancel() = 0;
};

// Answers requests. Thread-safe.
class Handler {
 public:
  using Done = std::function<void(Reply)>;

  virtual ~Handler() = default;

  // Answers a request: calls `done` exactly once, on any thread, perhaps before
  // it returns. Must not block.
  virtual std::shared_ptr<Exchange> Start(Request request, Done done) = 0;

  // Returns the reply to a request that is refused before its large body is
  // read; null if it is to be read.
  virtual std::optional<Reply> RefuseEarly(const RequestHead& head) = 0;

  // Returns the most bytes of a body that are read for a request; HttpLimits
  // may allow fewer.
  virtual size_t MostBodyBytes(const RequestHead& head) = 0;

  // Returns the reply to a request that is refused. `head` is null if it could
  // not be read.
  virtual Reply RefusalReply(const RequestHead* head,
                             const Refusal& refusal) = 0;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_EXCHANGE_H_
