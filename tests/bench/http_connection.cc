#include "tests/bench/http_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>

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
constexpr int kTimeoutSeconds = 10;

absl::StatusOr<size_t> LengthIn(absl::string_view head) {
  size_t begin = head.find(kLength);
  if (begin == absl::string_view::npos) begin = head.find(kGoLength);
  size_t length = 0;
  if (begin == absl::string_view::npos) {
    return absl::UnavailableError("a reply without Content-Length");
  }
  absl::string_view text = head.substr(begin + kLength.size());
  text = text.substr(0, text.find('\r'));
  if (!absl::SimpleAtoi(text, &length)) {
    return absl::UnavailableError("a malformed Content-Length");
  }
  return length;
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
  if (!absl::StartsWith(buffer_, "HTTP/1.1 200 ")) {
    return absl::UnavailableError(buffer_.substr(0, buffer_.find('\r')));
  }
  return end + kEndOfHeadSize;
}

absl::StatusOr<absl::string_view> HttpConnection::Call(
    absl::string_view request) {
  KITH_RETURN_IF_ERROR(Send(request));
  KITH_ASSIGN_OR_RETURN(const size_t head, ReadHead());
  KITH_ASSIGN_OR_RETURN(const size_t length,
                        LengthIn(absl::string_view(buffer_).substr(0, head)));
  while (buffer_.size() < head + length) KITH_RETURN_IF_ERROR(ReadMore());
  return absl::string_view(buffer_).substr(head, length);
}

absl::Status HttpConnection::OpenStream(absl::string_view request) {
  KITH_RETURN_IF_ERROR(Send(request));
  KITH_ASSIGN_OR_RETURN(const size_t head, ReadHead());
  while (buffer_.size() == head) KITH_RETURN_IF_ERROR(ReadMore());
  return absl::OkStatus();
}

}  // namespace kith::bench
