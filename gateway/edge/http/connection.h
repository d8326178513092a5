#ifndef KITH_GATEWAY_EDGE_HTTP_CONNECTION_H_
#define KITH_GATEWAY_EDGE_HTTP_CONNECTION_H_

// Asio 1.74 uses <utility> and does not include it.
// clang-format off
#include <utility>
#include <boost/asio/awaitable.hpp>
// clang-format on

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>

#include "absl/strings/string_view.h"
#include "gateway/edge/http/byte_budget.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/http/http_limits.h"
#include "gateway/edge/http/reply_text.h"
#include "gateway/edge/http/transport.h"

namespace kith::edge {

// One connection of a client: reads a request, has it answered, writes the
// reply, and begins again. Requests that come before the reply to the one
// before them wait, so replies are in order. Used by one thread, that of its
// socket.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // All references must outlive the connection. `loop` owns what runs the
  // socket's handlers; it is kept until no thread is about to post to it.
  // Plaintext if `tls` is null.
  Connection(boost::asio::ip::tcp::socket socket,
             const std::shared_ptr<boost::asio::ssl::context>& tls,
             std::shared_ptr<void> loop, Handler& handler,
             const HttpLimits& limits, ByteBudget& bodies);

  // Serves until the client or a limit ends the connection. Keeps it alive.
  boost::asio::awaitable<void> Run();

  // Closes the connection: at once if no request is under way, else after the
  // reply.
  void Drain();

  // Closes the connection at once, and cancels what is under way.
  void Close();

 private:
  using Parser =
      boost::beast::http::request_parser<boost::beast::http::string_body>;

  // Each returns false if the connection is to be closed.
  boost::asio::awaitable<bool> Serve();
  boost::asio::awaitable<bool> ReadHead();
  boost::asio::awaitable<bool> ReadBody();
  boost::asio::awaitable<bool> ReadMore(size_t most);
  boost::asio::awaitable<bool> Write(Reply reply, bool keep);
  boost::asio::awaitable<bool> WriteRest(const Reply& reply, Framing framing);
  boost::asio::awaitable<bool> WriteInTime(absl::string_view bytes,
                                           absl::string_view more);

  void SkipEmptyLine();

  // Parses the first `size` bytes of the buffer into parser_ and head_.
  std::optional<Refusal> ParseHead(size_t size);

  // Reads the body once it is known to be wanted. Returns false if the
  // connection is to be closed.
  boost::asio::awaitable<bool> ReadRestOfBody();

  // Parses what the buffer has of the body.
  boost::system::error_code ParseBody();

  // Has a request answered. The exchange lasts until the reply is written.
  boost::asio::awaitable<Reply> Answer();
  void CancelExchange();
  void EndExchange();

  // Has the next part of a body made, and sends heartbeats meanwhile.
  boost::asio::awaitable<BodyStream::Part> NextPart(const Reply& reply,
                                                    Framing framing);

  // Refuses the request and closes the connection. Always returns false. Takes
  // no Refusal: g++ 12 destroys one that is made in a co_await twice.
  boost::asio::awaitable<bool> Refuse(int status, absl::string_view message);

  // Lets the client read the reply before the connection is closed, though it
  // may still be sending what nobody reads. Always returns false.
  boost::asio::awaitable<bool> Linger();

  // Before transport_, which belongs to it.
  const std::shared_ptr<void> loop_;
  Handler& handler_;
  const HttpLimits& limits_;
  Transport transport_;
  // Of the body of the request under way.
  ByteBudget::Part body_bytes_;
  // What was read and not parsed yet.
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  RequestHead head_;
  // True if head_ is that of the request under way.
  bool has_head_ = false;
  // True if the reply has no body, whatever its Content-Length.
  bool is_head_ = false;
  // True if the request is of HTTP/1.1, so that a reply may have chunks.
  bool takes_chunks_ = false;
  // True from the first byte of a request to the last of its reply.
  bool busy_ = false;
  bool draining_ = false;
  std::shared_ptr<Exchange> exchange_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_CONNECTION_H_
