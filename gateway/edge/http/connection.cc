#include "gateway/edge/http/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gateway/edge/http/request_rules.h"

namespace kith::edge {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr absl::string_view kEndOfHead = "\r\n\r\n";
// How much is read at once.
constexpr size_t kReadBytes = 4096;
// Room in the buffer for chunks and what is behind them, beside a head.
constexpr size_t kBufferBytes = 64 << 10;
// How long a client may go on sending after it was refused.
constexpr absl::Duration kLingerTime = absl::Seconds(2);

std::chrono::steady_clock::duration Chrono(absl::Duration duration) {
  return absl::ToChronoNanoseconds(duration);
}

absl::string_view Bytes(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

std::string Text(boost::string_view text) {
  return std::string(text.data(), text.size());
}

// Whether a value, which a service may have made, ends no header.
bool IsOneLine(absl::string_view value) {
  return std::none_of(value.begin(), value.end(), absl::ascii_iscntrl);
}

// A client that has gone away, as far as a look at its socket tells.
bool IsGone(int fd) {
  char byte = 0;
  const ssize_t size = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR);
}

}  // namespace

Connection::Connection(net::ip::tcp::socket socket, std::shared_ptr<void> loop,
                       Handler& handler, const HttpLimits& limits)
    : loop_(std::move(loop)),
      handler_(handler),
      limits_(limits),
      stream_(std::move(socket)),
      buffer_(limits.head_bytes + kBufferBytes) {
  error_code ignored;
  stream_.socket().set_option(net::ip::tcp::no_delay(true), ignored);
}

net::awaitable<void> Connection::Run() {
  const auto self = shared_from_this();
  while (co_await Serve()) {
  }
  stream_.close();
}

void Connection::Drain() {
  draining_ = true;
  if (!busy_) stream_.close();
}

void Connection::Close() {
  stream_.close();
  if (exchange_ != nullptr) exchange_->Cancel();
}

net::awaitable<bool> Connection::Serve() {
  has_head_ = false;
  is_head_ = false;
  busy_ = buffer_.size() != 0;
  if (!co_await ReadHead() || !co_await ReadBody()) co_return false;
  const bool keep = parser_->keep_alive();
  is_head_ = head_.method == "HEAD";
  Reply reply = co_await Answer();
  parser_.reset();
  co_return co_await Write(std::move(reply), keep);
}

net::awaitable<bool> Connection::ReadHead() {
  error_code error;
  auto token = net::redirect_error(net::use_awaitable, error);
  stream_.expires_after(Chrono(busy_ ? limits_.head_time : limits_.idle_time));
  size_t end = Bytes(buffer_).find(kEndOfHead);
  while (end == absl::string_view::npos) {
    if (buffer_.size() >= limits_.head_bytes) {
      co_return co_await Refuse(431, "the head of the request is too large");
    }
    const size_t size =
        co_await stream_.async_read_some(buffer_.prepare(kReadBytes), token);
    if (error) co_return false;
    buffer_.commit(size);
    if (!busy_) {
      busy_ = true;
      stream_.expires_after(Chrono(limits_.head_time));
    }
    end = Bytes(buffer_).find(kEndOfHead);
  }
  const size_t size = end + kEndOfHead.size();
  if (size > limits_.head_bytes) {
    co_return co_await Refuse(431, "the head of the request is too large");
  }
  if (auto refusal = ParseHead(size)) {
    co_return co_await Refuse(refusal->status, refusal->message);
  }
  co_return true;
}

std::optional<Refusal> Connection::ParseHead(size_t size) {
  const absl::string_view bytes = Bytes(buffer_).substr(0, size);
  if (auto refusal = CheckHeadBytes(bytes)) return refusal;
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(limits_.head_bytes));
  // ReadBody knows the limit; here it would hide whose request it is.
  parser_->body_limit(std::numeric_limits<uint64_t>::max());
  error_code error;
  parser_->put(net::buffer(bytes.data(), bytes.size()), error);
  buffer_.consume(size);
  if (error || !parser_->is_header_done()) {
    return Refusal{400, "the request is no HTTP/1.1"};
  }
  const auto& message = parser_->get();
  head_ = {.method = Text(message.method_string()),
           .target = Text(message.target()),
           .headers = {}};
  for (const auto& field : message) {
    head_.headers.emplace_back(absl::AsciiStrToLower(Text(field.name_string())),
                               Text(field.value()));
  }
  has_head_ = true;
  return CheckFields(head_, static_cast<int>(message.version()) % 10);
}

net::awaitable<bool> Connection::ReadBody() {
  if (parser_->is_done()) co_return true;
  parser_->body_limit(limits_.body_bytes);
  const auto length = parser_->content_length();
  if (length.has_value() && *length > limits_.body_bytes) {
    co_return co_await Refuse(413, "the body of the request is too large");
  }
  const auto most =
      static_cast<double>(length.has_value() ? *length : limits_.body_bytes);
  stream_.expires_after(
      Chrono(limits_.body_time +
             absl::Seconds(
                 most / static_cast<double>(limits_.body_bytes_per_second))));
  error_code error;
  auto token = net::redirect_error(net::use_awaitable, error);
  if (!FindHeader(head_.headers, "expect").empty()) {
    constexpr absl::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await net::async_write(
        stream_, net::buffer(kContinue.data(), kContinue.size()), token);
    if (error) co_return false;
  }
  co_await http::async_read(stream_, buffer_, *parser_, token);
  if (!error) co_return true;
  if (error == http::error::body_limit) {
    co_return co_await Refuse(413, "the body of the request is too large");
  }
  if (error.category() !=
          http::make_error_code(http::error::bad_chunk).category() ||
      error == http::error::partial_message ||
      error == http::error::end_of_stream) {
    co_return false;
  }
  co_return co_await Refuse(400, "the body of the request is malformed");
}

net::awaitable<Reply> Connection::Answer() {
  // The call's own deadline ends it.
  stream_.expires_never();
  const auto executor = stream_.get_executor();
  Request request = {std::move(head_), std::move(parser_->get().body())};
  Reply reply;
  co_await net::async_initiate<const net::use_awaitable_t<>, void()>(
      [&](auto handler) {
        auto resume = std::make_shared<decltype(handler)>(std::move(handler));
        exchange_ = handler_.Start(
            std::move(request),
            [&reply, resume, executor, loop = loop_](Reply answer) {
              net::post(executor,
                        [&reply, resume, answer = std::move(answer)]() mutable {
                          reply = std::move(answer);
                          (*resume)();
                        });
            });
        WatchClient();
      },
      net::use_awaitable);
  exchange_.reset();
  error_code ignored;
  stream_.socket().cancel(ignored);
  co_return reply;
}

void Connection::WatchClient() {
  // Answered at once; or bytes of the next request, which would be seen again
  // and again.
  if (exchange_ == nullptr || buffer_.size() != 0) return;
  stream_.socket().async_wait(
      net::ip::tcp::socket::wait_read,
      [self = shared_from_this(), exchange = exchange_](error_code error) {
        if (!error && self->exchange_ == exchange &&
            IsGone(self->stream_.socket().native_handle())) {
          exchange->Cancel();
        }
      });
}

net::awaitable<bool> Connection::Write(Reply reply, bool keep) {
  keep = keep && !draining_;
  http::response<http::string_body> message;
  message.version(11);
  message.result(static_cast<unsigned>(reply.status));
  for (const auto& [name, value] : reply.headers) {
    if (IsOneLine(value)) message.insert(name, value);
  }
  message.set(http::field::date,
              absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(),
                               absl::UTCTimeZone()));
  message.keep_alive(keep);
  message.body() = std::move(reply.body);
  message.prepare_payload();
  if (is_head_) message.body().clear();
  stream_.expires_after(Chrono(limits_.write_time));
  error_code error;
  auto token = net::redirect_error(net::use_awaitable, error);
  co_await http::async_write(stream_, message, token);
  // It may have begun to drain meanwhile.
  co_return !error && keep && !draining_;
}

net::awaitable<bool> Connection::Refuse(int status, absl::string_view message) {
  const Refusal refusal = {status, std::string(message)};
  Reply reply = handler_.RefusalReply(has_head_ ? &head_ : nullptr, refusal);
  co_await Write(std::move(reply), /*keep=*/false);
  co_await Linger();
  co_return false;
}

net::awaitable<void> Connection::Linger() {
  error_code error;
  stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, error);
  stream_.expires_after(Chrono(kLingerTime));
  auto token = net::redirect_error(net::use_awaitable, error);
  while (!error) {
    buffer_.clear();
    co_await stream_.async_read_some(buffer_.prepare(kReadBytes), token);
  }
}

}  // namespace kith::edge
