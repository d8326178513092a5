#include "gateway/edge/http/connection.h"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gateway/edge/http/request_rules.h"

namespace kith::edge {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr absl::string_view kEndOfHead = "\r\n\r\n";
// How much is read at once of a head and of a body.
constexpr size_t kHeadReadBytes = 4096;
constexpr size_t kBodyReadBytes = 32 << 10;
constexpr char kTooMuch[] = "there are too many large messages now";
// Room in the buffer for chunks and what is behind them, beside a head.
constexpr size_t kBufferBytes = 64 << 10;
// How long a client may go on sending after it was refused.
constexpr absl::Duration kLingerTime = absl::Seconds(2);

absl::string_view Bytes(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

std::string Text(boost::string_view text) {
  return std::string(text.data(), text.size());
}

// A part of a body that is being made. Shared with who makes it.
struct PendingPart {
  explicit PendingPart(const Transport::Executor& executor) : made(executor) {}

  std::optional<BodyStream::Part> part;
  // Cancelled when the part is there.
  net::steady_timer made;
};

}  // namespace

Connection::Connection(net::ip::tcp::socket socket,
                       const std::shared_ptr<net::ssl::context>& tls,
                       std::shared_ptr<void> loop, Handler& handler,
                       const HttpLimits& limits, ByteBudget& bodies)
    : loop_(std::move(loop)),
      handler_(handler),
      limits_(limits),
      transport_(std::move(socket), tls),
      body_bytes_(bodies),
      buffer_(limits.head_bytes + kBufferBytes) {}

net::awaitable<void> Connection::Run() {
  const auto self = shared_from_this();
  transport_.ExpireAfter(limits_.head_time);
  if (co_await transport_.Open()) {
    while (co_await Serve()) {
    }
  }
  transport_.Close();
}

void Connection::Drain() {
  draining_ = true;
  if (!busy_) transport_.Close();
}

void Connection::Close() {
  transport_.Close();
  CancelExchange();
}

net::awaitable<bool> Connection::Serve() {
  has_head_ = false;
  is_head_ = false;
  busy_ = buffer_.size() != 0;
  // What a large body needed is not kept for an idle connection.
  if (!busy_ && buffer_.capacity() > kBodyReadBytes) buffer_.shrink_to_fit();
  if (!co_await ReadHead() || !co_await ReadBody()) co_return false;
  const bool keep = parser_->keep_alive();
  is_head_ = head_.method == "HEAD";
  takes_chunks_ = parser_->get().version() >= 11;
  Reply reply = co_await Answer();
  parser_.reset();
  body_bytes_.Clear();
  has_head_ = false;
  // A stream has one part at a time, and must be read to its end.
  if (reply.rest == nullptr && !body_bytes_.Grow(reply.body.size())) {
    reply = handler_.RefusalReply(nullptr, {503, kTooMuch});
  }
  const bool goes_on = co_await Write(std::move(reply), keep);
  EndExchange();
  body_bytes_.Clear();
  co_return goes_on;
}

net::awaitable<bool> Connection::ReadMore(size_t most) {
  const size_t size = co_await transport_.ReadSome(buffer_.prepare(most));
  buffer_.commit(size);
  co_return size != 0;
}

// Some clients end a body with a line that is not of it (RFC 9112, section
// 2.2).
void Connection::SkipEmptyLine() {
  if (absl::StartsWith(Bytes(buffer_), "\r\n")) buffer_.consume(2);
}

net::awaitable<bool> Connection::ReadHead() {
  transport_.ExpireAfter(busy_ ? limits_.head_time : limits_.idle_time);
  SkipEmptyLine();
  size_t end = Bytes(buffer_).find(kEndOfHead);
  while (end == absl::string_view::npos) {
    if (buffer_.size() >= limits_.head_bytes) {
      co_return co_await Refuse(431, "the head of the request is too large");
    }
    if (!co_await ReadMore(kHeadReadBytes)) co_return false;
    if (!busy_) {
      busy_ = true;
      transport_.ExpireAfter(limits_.head_time);
      SkipEmptyLine();
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
           .headers = {},
           .peer = transport_.PeerAddress()};
  for (const auto& field : message) {
    head_.headers.emplace_back(absl::AsciiStrToLower(Text(field.name_string())),
                               Text(field.value()));
  }
  has_head_ = true;
  return CheckFields(head_, static_cast<int>(message.version()) % 10);
}

error_code Connection::ParseBody() {
  error_code error;
  while (!parser_->is_done() && buffer_.size() != 0) {
    const size_t size = parser_->put(buffer_.data(), error);
    buffer_.consume(size);
    if (error == http::error::need_more) return {};
    if (error) return error;
  }
  return error;
}

net::awaitable<bool> Connection::ReadBody() {
  if (parser_->is_done()) co_return true;
  const size_t limit =
      std::min(limits_.body_bytes, handler_.MostBodyBytes(head_));
  parser_->body_limit(limit);
  parser_->eager(true);
  const auto length = parser_->content_length();
  if (length.has_value() && *length > limit) {
    co_return co_await Refuse(413, "the body of the request is too large");
  }
  if (!length.has_value() || *length > limits_.small_body_bytes) {
    if (auto refused = handler_.RefuseEarly(head_)) {
      co_await Write(*std::move(refused), /*keep=*/false);
      co_return co_await Linger();
    }
  }
  const auto most = static_cast<double>(length.has_value() ? *length : limit);
  transport_.ExpireAfter(
      limits_.body_time +
      absl::Seconds(most / static_cast<double>(limits_.body_bytes_per_second)));
  if (!FindHeader(head_.headers, "expect").empty() &&
      !co_await transport_.Write("HTTP/1.1 100 Continue\r\n\r\n", "")) {
    co_return false;
  }
  co_return co_await ReadRestOfBody();
}

net::awaitable<bool> Connection::ReadRestOfBody() {
  error_code error = ParseBody();
  while (!error && !parser_->is_done()) {
    if (!body_bytes_.Grow(parser_->get().body().size() + kBodyReadBytes)) {
      co_return co_await Refuse(503, kTooMuch);
    }
    // What is left is the line before a chunk or behind the last one.
    if (buffer_.size() + kBodyReadBytes > buffer_.max_size()) {
      co_return co_await Refuse(400, "a line of a chunk is too long");
    }
    if (!co_await ReadMore(kBodyReadBytes)) co_return false;
    error = ParseBody();
  }
  if (!error) co_return true;
  if (error == http::error::body_limit) {
    co_return co_await Refuse(413, "the body of the request is too large");
  }
  co_return co_await Refuse(400, "the body of the request is malformed");
}

net::awaitable<Reply> Connection::Answer() {
  // The call's own deadline ends it.
  transport_.NeverExpire();
  const auto executor = transport_.executor();
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
        // Null if it was answered at once.
        if (exchange_ != nullptr) {
          transport_.WatchPeer([exchange = exchange_] { exchange->Cancel(); });
        }
      },
      net::use_awaitable);
  co_return reply;
}

void Connection::CancelExchange() {
  if (exchange_ != nullptr) exchange_->Cancel();
}

void Connection::EndExchange() {
  exchange_.reset();
  transport_.EndWatch();
}

net::awaitable<bool> Connection::Write(Reply reply, bool keep) {
  Framing framing = Framing::kLength;
  if (reply.rest != nullptr) {
    framing = takes_chunks_ ? Framing::kChunks : Framing::kUntilClose;
  }
  keep = keep && !draining_ && framing != Framing::kUntilClose;
  const std::string head = HeadText(reply, framing, keep);
  const std::string body =
      is_head_ ? "" : PartText({std::move(reply.body)}, framing);
  // In one write, so that it can be one packet.
  bool open = co_await WriteInTime(head, body);
  if (reply.rest != nullptr) {
    if (!open) CancelExchange();
    open = co_await WriteRest(reply, framing) && open;
  }
  // It may have begun to drain meanwhile.
  co_return open&& keep && !draining_;
}

net::awaitable<bool> Connection::WriteInTime(absl::string_view bytes,
                                             absl::string_view more) {
  transport_.ExpireAfter(limits_.write_time);
  co_return co_await transport_.Write(bytes, more);
}

net::awaitable<bool> Connection::WriteRest(const Reply& reply,
                                           Framing framing) {
  bool open = true;
  bool last = false;
  while (!last) {
    const BodyStream::Part part = co_await NextPart(reply, framing);
    last = part.last;
    const std::string text = PartText(part, framing);
    if (!open || text.empty() || is_head_) continue;
    open = co_await WriteInTime(text, "");
    if (!open) CancelExchange();
  }
  co_return open;
}

net::awaitable<BodyStream::Part> Connection::NextPart(const Reply& reply,
                                                      Framing framing) {
  const auto executor = transport_.executor();
  const auto pending = std::make_shared<PendingPart>(executor);
  reply.rest->Next([pending, executor, loop = loop_](BodyStream::Part part) {
    net::post(executor, [pending, part = std::move(part)]() mutable {
      pending->part = std::move(part);
      pending->made.cancel();
    });
  });
  const std::string heartbeat = PartText({reply.heartbeat}, framing);
  error_code ignored;
  auto token = net::redirect_error(net::use_awaitable, ignored);
  while (!pending->part.has_value()) {
    pending->made.expires_after(
        absl::ToChronoNanoseconds(limits_.heartbeat_time));
    co_await pending->made.async_wait(token);
    if (pending->part.has_value() || heartbeat.empty()) continue;
    if (!co_await WriteInTime(heartbeat, "")) CancelExchange();
  }
  co_return *std::move(pending->part);
}

net::awaitable<bool> Connection::Refuse(int status, absl::string_view message) {
  const Refusal refusal = {status, std::string(message)};
  parser_.reset();
  body_bytes_.Clear();
  Reply reply = handler_.RefusalReply(has_head_ ? &head_ : nullptr, refusal);
  co_await Write(std::move(reply), /*keep=*/false);
  co_return co_await Linger();
}

net::awaitable<bool> Connection::Linger() {
  transport_.ExpireAfter(kLingerTime);
  bool open = co_await transport_.EndWrites();
  while (open) {
    buffer_.clear();
    open = co_await ReadMore(kHeadReadBytes);
  }
  co_return false;
}

}  // namespace kith::edge
