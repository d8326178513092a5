#ifndef KITH_GATEWAY_EDGE_HTTP_TRANSPORT_H_
#define KITH_GATEWAY_EDGE_HTTP_TRANSPORT_H_

// Asio 1.74 uses <utility> and does not include it.
// clang-format off
#include <utility>
#include <boost/asio/awaitable.hpp>
// clang-format on

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::edge {

// The bytes of a connection: TCP, or TLS over it. Used by one thread, that of
// its socket. One read and one write may be under way at a time.
class Transport {
 public:
  using Executor = boost::asio::ip::tcp::socket::executor_type;

  // Plaintext if `tls` is null.
  Transport(boost::asio::ip::tcp::socket socket,
            const std::shared_ptr<boost::asio::ssl::context>& tls);

  Executor executor() { return tcp_.get_executor(); }

  // Returns the IP address of the other end; empty if it has gone already.
  std::string PeerAddress() const;

  // Ends reads and writes that start from now on and take longer than `time`,
  // together, and the connection with them.
  void ExpireAfter(absl::Duration time);
  void NeverExpire() { tcp_.expires_never(); }

  // Shakes hands, where there is TLS. False if that fails. The reads and writes
  // come after it.
  boost::asio::awaitable<bool> Open();

  // Reads some bytes. Returns how many, 0 at the end of the connection.
  boost::asio::awaitable<size_t> ReadSome(boost::asio::mutable_buffer buffer);

  // Writes both texts, which must live until then. False if the connection has
  // ended.
  boost::asio::awaitable<bool> Write(absl::string_view bytes,
                                     absl::string_view more);

  // Says that nothing more will be written. False if the connection has ended.
  boost::asio::awaitable<bool> EndWrites();

  // Calls `gone` if the client ends the connection before EndWatch: within a
  // moment if it has sent nothing more, else within half a second. `gone` must
  // keep alive what it uses.
  void WatchPeer(std::function<void()> gone);
  void EndWatch();

  // Ends the connection at once.
  void Close();

 private:
  struct Watch;
  static void Poll(const std::shared_ptr<Watch>& watch);

  boost::beast::tcp_stream tcp_;
  std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> tls_;
  std::shared_ptr<Watch> watch_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_TRANSPORT_H_
