#include "gateway/edge/testing/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace kith::edge {
namespace {

constexpr char kLineEnd[] = "\r\n";
constexpr size_t kLineEndSize = 2;

}  // namespace

RawClient::RawClient(const std::string& address)
    : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval limit = {.tv_sec = 10, .tv_usec = 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(
      static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  if (connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) Close();
}

RawClient::~RawClient() { Close(); }

bool RawClient::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(sent);
  }
  return true;
}

bool RawClient::ReadMore() {
  char bytes[4096];
  const ssize_t size = recv(fd_, bytes, sizeof(bytes), 0);
  if (size <= 0) return false;
  buffer_.append(bytes, size);
  return true;
}

bool RawClient::Take(size_t size, std::string& bytes) {
  while (buffer_.size() < size) {
    if (!ReadMore()) return false;
  }
  bytes.append(buffer_, 0, size);
  buffer_.erase(0, size);
  return true;
}

bool RawClient::TakeLine(std::string& line) {
  size_t end = 0;
  while ((end = buffer_.find(kLineEnd)) == std::string::npos) {
    if (!ReadMore()) return false;
  }
  line = buffer_.substr(0, end);
  buffer_.erase(0, end + kLineEndSize);
  return true;
}

RawReply RawClient::ReadHead() {
  RawReply reply;
  std::string line;
  if (!TakeLine(line)) return reply;
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  while (true) {
    if (!TakeLine(line)) return reply;
    if (line.empty()) break;
    const std::pair<std::string, std::string> field =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    reply.headers.emplace_back(absl::AsciiStrToLower(field.first),
                               field.second);
  }
  if (words.size() < 2 || !absl::SimpleAtoi(words[1], &reply.status)) {
    reply.status = 0;
  }
  return reply;
}

bool RawClient::ReadChunk(RawReply& reply) {
  std::string line;
  std::string end;
  size_t size = 0;
  if (reply.complete || !TakeLine(line) || !absl::SimpleHexAtoi(line, &size) ||
      !Take(size, reply.body) || !Take(kLineEndSize, end)) {
    return false;
  }
  reply.complete = size == 0;
  return size > 0;
}

bool RawClient::ReadUntil(RawReply& reply, absl::string_view text) {
  while (!absl::StrContains(reply.body, text)) {
    if (!ReadChunk(reply)) return false;
  }
  return true;
}

RawReply RawClient::Read(bool head) {
  RawReply reply = ReadHead();
  size_t length = 0;
  if (reply.Header("transfer-encoding") == "chunked") {
    while (ReadChunk(reply)) {
    }
    return reply;
  }
  if (!head && !absl::SimpleAtoi(reply.Header("content-length"), &length)) {
    length = 0;
  }
  reply.complete = Take(length, reply.body);
  if (!reply.complete) reply.status = 0;
  return reply;
}

std::string RawClient::ReadToEnd() {
  while (ReadMore()) {
  }
  return std::exchange(buffer_, "");
}

bool RawClient::IsClosed() {
  if (!buffer_.empty()) return false;
  char byte = 0;
  const ssize_t size = recv(fd_, &byte, 1, 0);
  return size == 0 || (size < 0 && errno == ECONNRESET);
}

void RawClient::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

}  // namespace kith::edge
