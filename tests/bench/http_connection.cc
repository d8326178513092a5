#include "tests/bench/http_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace kith::bench {
namespace {

constexpr char kEndOfHead[] = "\r\n\r\n";
constexpr size_t kEndOfHeadSize = 4;
// As the edge writes it, and as Go does.
constexpr absl::string_view kLength = "content-length: ";
constexpr absl::string_view kGoLength = "Content-Length: ";
constexpr absl::string_view kRetryAfter = "retry-after: ";
constexpr int kTimeoutSeconds = 10;
constexpr int kOk = 200;
constexpr int kNoContent = 204;

// The value of a header; nothing if there is none.
std::optional<absl::string_view> ValueIn(absl::string_view head,
                                         absl::string_view name) {
  const size_t begin = head.find(name);
  if (begin == absl::string_view::npos) return std::nullopt;
  const absl::string_view text = head.substr(begin + name.size());
  return text.substr(0, text.find('\r'));
}

absl::StatusOr<size_t> LengthIn(absl::string_view head) {
  auto text = ValueIn(head, kLength);
  if (!text.has_value()) text = ValueIn(head, kGoLength);
  if (!text.has_value()) {
    return absl::UnavailableError("a reply without Content-Length");
  }
  size_t length = 0;
  if (!absl::SimpleAtoi(*text, &length)) {
    return absl::UnavailableError("a malformed Content-Length");
  }
  return length;
}

absl::StatusOr<int> StatusIn(absl::string_view head) {
  constexpr absl::string_view kBefore = "HTTP/1.1 ";
  constexpr size_t kDigits = 3;
  int status = 0;
  if (!absl::StartsWith(head, kBefore) ||
      !absl::SimpleAtoi(head.substr(kBefore.size(), kDigits), &status)) {
    return absl::UnavailableError("a malformed status");
  }
  return status;
}

absl::Status CheckOk(int status) {
  return status == kOk
             ? absl::OkStatus()
             : absl::UnavailableError(absl::StrCat("status ", status));
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpConnection>> HttpConnection::Open(
    const std::string& address) {
  uint32_t port = 0;
  if (!absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port)) {
    return absl::UnavailableError(absl::StrCat(address, " has no port"));
  }
  std::unique_ptr<HttpConnection> connection(
      new HttpConnection(socket(AF_INET, SOCK_STREAM, 0)));
  const int fd = connection->fd_;
  const timeval limit = {.tv_sec = kTimeoutSeconds, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<uint16_t>(port));
  if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot connect to ", address));
  }
  return connection;
}

HttpConnection::~HttpConnection() {
  if (fd_ >= 0) close(fd_);
}

absl::Status HttpConnection::Send(absl::string_view bytes) {
  buffer_.clear();
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return absl::UnavailableError("cannot send");
    bytes.remove_prefix(sent);
  }
  return absl::OkStatus();
}

absl::Status HttpConnection::ReadMore() {
  char bytes[16 << 10];
  const ssize_t size = recv(fd_, bytes, sizeof(bytes), 0);
  if (size <= 0) return absl::UnavailableError("the connection has ended");
  buffer_.append(bytes, size);
  return absl::OkStatus();
}

absl::StatusOr<size_t> HttpConnection::ReadHead() {
  size_t end = std::string::npos;
  while ((end = buffer_.find(kEndOfHead)) == std::string::npos) {
    KITH_RETURN_IF_ERROR(ReadMore());
  }
  return end + kEndOfHeadSize;
}

absl::StatusOr<absl::string_view> HttpConnection::Call(
    absl::string_view request) {
  KITH_RETURN_IF_ERROR(Send(request));
  KITH_ASSIGN_OR_RETURN(const HttpReply reply, Receive());
  KITH_RETURN_IF_ERROR(CheckOk(reply.status));
  return reply.body;
}

absl::StatusOr<HttpReply> HttpConnection::Receive() {
  KITH_ASSIGN_OR_RETURN(const size_t end, ReadHead());
  // What is read behind it may move the bytes.
  const std::string head = buffer_.substr(0, end);
  HttpReply reply;
  KITH_ASSIGN_OR_RETURN(reply.status, StatusIn(head));
  if (const auto seconds = ValueIn(head, kRetryAfter)) {
    if (!absl::SimpleAtoi(*seconds, &reply.retry_after_seconds)) {
      return absl::UnavailableError("a malformed Retry-After");
    }
  }
  if (reply.status == kNoContent) return reply;
  KITH_ASSIGN_OR_RETURN(const size_t length, LengthIn(head));
  while (buffer_.size() < end + length) KITH_RETURN_IF_ERROR(ReadMore());
  reply.body = absl::string_view(buffer_).substr(end, length);
  return reply;
}

absl::Status HttpConnection::OpenStream(absl::string_view request) {
  KITH_RETURN_IF_ERROR(Send(request));
  KITH_ASSIGN_OR_RETURN(const size_t head, ReadHead());
  KITH_ASSIGN_OR_RETURN(const int status, StatusIn(buffer_));
  KITH_RETURN_IF_ERROR(CheckOk(status));
  while (buffer_.size() == head) KITH_RETURN_IF_ERROR(ReadMore());
  return absl::OkStatus();
}

}  // namespace kith::bench
