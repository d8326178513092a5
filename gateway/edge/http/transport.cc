#include "gateway/edge/http/transport.h"

#include <poll.h>

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

namespace kith::edge {
namespace {

namespace net = boost::asio;
using boost::system::error_code;

// How often a client that has sent more than is read yet is looked at.
constexpr std::chrono::milliseconds kPollTime(500);

// True if the client will send nothing more, whatever it has sent.
bool IsGone(int fd) {
  pollfd state = {fd, POLLRDHUP, 0};
  return poll(&state, 1, 0) != 0;
}

}  // namespace

// Shared with the handlers, which may come after the connection.
struct Transport::Watch {
  explicit Watch(const Executor& executor) : timer(executor) {}

  // False if the client is to be looked at again.
  bool Look() {
    if (ended || !IsGone(fd)) return ended;
    ended = true;
    gone();
    return true;
  }

  net::steady_timer timer;
  int fd = -1;
  std::function<void()> gone;
  bool ended = false;
};

Transport::Transport(net::ip::tcp::socket socket,
                     const std::shared_ptr<net::ssl::context>& tls)
    : tcp_(std::move(socket)) {
  error_code ignored;
  tcp_.socket().set_option(net::ip::tcp::no_delay(true), ignored);
  if (tls != nullptr) tls_.emplace(tcp_, *tls);
}

std::string Transport::PeerAddress() const {
  error_code error;
  const auto peer = tcp_.socket().remote_endpoint(error);
  return error ? "" : peer.address().to_string();
}

void Transport::ExpireAfter(absl::Duration time) {
  tcp_.expires_after(absl::ToChronoNanoseconds(time));
}

net::awaitable<bool> Transport::Open() {
  if (!tls_.has_value()) co_return true;
  error_code error;
  auto token = net::redirect_error(net::use_awaitable, error);
  co_await tls_->async_handshake(net::ssl::stream_base::server, token);
  co_return !error;
}

net::awaitable<size_t> Transport::ReadSome(net::mutable_buffer buffer) {
  error_code error;
  auto token = net::redirect_error(net::use_awaitable, error);
  size_t size = 0;
  if (tls_.has_value()) {
    size = co_await tls_->async_read_some(buffer, token);
  } else {
    size = co_await tcp_.async_read_some(buffer, token);
  }
  co_return error ? 0 : size;
}

net::awaitable<bool> Transport::Write(absl::string_view bytes,
                                      absl::string_view more) {
  error_code error;
  auto token = net::redirect_error(net::use_awaitable, error);
  const std::array<net::const_buffer, 2> buffers = {
      net::const_buffer(bytes.data(), bytes.size()),
      net::const_buffer(more.data(), more.size())};
  if (tls_.has_value()) {
    co_await net::async_write(*tls_, buffers, token);
  } else {
    co_await net::async_write(tcp_, buffers, token);
  }
  co_return !error;
}

net::awaitable<bool> Transport::EndWrites() {
  error_code error;
  auto token = net::redirect_error(net::use_awaitable, error);
  // Waits for the answer of the client as well; the time ends that.
  if (tls_.has_value()) co_await tls_->async_shutdown(token);
  tcp_.socket().shutdown(net::ip::tcp::socket::shutdown_send, error);
  co_return !error;
}

void Transport::WatchPeer(std::function<void()> gone) {
  watch_ = std::make_shared<Watch>(executor());
  watch_->fd = tcp_.socket().native_handle();
  watch_->gone = std::move(gone);
  tcp_.socket().async_wait(net::ip::tcp::socket::wait_read,
                           [watch = watch_](error_code error) {
                             if (!error) Poll(watch);
                           });
}

void Transport::Poll(const std::shared_ptr<Watch>& watch) {
  if (watch->Look()) return;
  watch->timer.expires_after(kPollTime);
  watch->timer.async_wait([watch](error_code error) {
    if (!error) Poll(watch);
  });
}

void Transport::EndWatch() {
  if (watch_ == nullptr) return;
  watch_->ended = true;
  watch_->timer.cancel();
  watch_.reset();
  error_code ignored;
  tcp_.socket().cancel(ignored);
}

void Transport::Close() {
  if (watch_ != nullptr) watch_->ended = true;
  tcp_.close();
}

}  // namespace kith::edge
