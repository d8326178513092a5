#include "tests/bench/http_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::bench {
namespace {

using ::testing::HasSubstr;

// Takes one connection. Reads once before each of its texts, sends that, and
// hangs up behind the last.
class OneClientServer {
 public:
  explicit OneClientServer(std::vector<std::string> texts)
      : listener_(socket(AF_INET, SOCK_STREAM, 0)), texts_(std::move(texts)) {
    sockaddr_in self = {};
    self.sin_family = AF_INET;
    self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(self);
    auto* const address = reinterpret_cast<sockaddr*>(&self);
    EXPECT_EQ(bind(listener_, address, size), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    getsockname(listener_, address, &size);
    address_ = absl::StrCat("127.0.0.1:", ntohs(self.sin_port));
    thread_ = std::thread([this] { Serve(); });
  }

  ~OneClientServer() {
    thread_.join();
    close(listener_);
  }

  const std::string& address() const { return address_; }

 private:
  void Serve() {
    const int client = accept(listener_, nullptr, nullptr);
    for (const std::string& text : texts_) {
      char bytes[256];
      if (recv(client, bytes, sizeof(bytes), 0) <= 0) break;
      send(client, text.data(), text.size(), MSG_NOSIGNAL);
    }
    close(client);
  }

  const int listener_;
  const std::vector<std::string> texts_;
  std::string address_;
  std::thread thread_;
};

std::string ReplyOf(const std::string& body) {
  return absl::StrCat("HTTP/1.1 200 OK\r\ncontent-length: ", body.size(),
                      "\r\nconnection: keep-alive\r\n\r\n", body);
}

TEST(HttpConnectionTest, EachCallHasItsBody) {
  const std::string large(100'000, 'x');
  const OneClientServer server({ReplyOf(large), ReplyOf(""), ReplyOf("b")});
  const auto connection = HttpConnection::Open(server.address());
  ASSERT_TRUE(connection.ok());
  EXPECT_EQ(*(*connection)->Call("1"), large);
  EXPECT_EQ(*(*connection)->Call("2"), "");
  EXPECT_EQ(*(*connection)->Call("3"), "b");
}

TEST(HttpConnectionTest, GoWritesTheLengthInAnotherWay) {
  const OneClientServer server(
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"});
  const auto connection = HttpConnection::Open(server.address());
  ASSERT_TRUE(connection.ok());
  EXPECT_EQ(*(*connection)->Call("1"), "ab");
}

TEST(HttpConnectionTest, WhatIsNoReplyIsUnavailable) {
  const struct {
    const char* reply;
    const char* fault;
  } kCases[] = {
      {"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", "503"},
      {"HTTP/1.1 200 OK\r\n\r\n", "without Content-Length"},
      {"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na", "has ended"},
      {"HTTP/1.1 200 OK\r\n", "has ended"},
      {"HTTP/1.1 x\r\ncontent-length: 0\r\n\r\n", "malformed status"},
  };
  for (const auto& [reply, fault] : kCases) {
    const OneClientServer server({reply});
    const auto connection = HttpConnection::Open(server.address());
    ASSERT_TRUE(connection.ok());
    const auto status = (*connection)->Call("1").status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << reply;
    EXPECT_THAT(std::string(status.message()), HasSubstr(fault));
  }
}

TEST(HttpConnectionTest, ASenderSeesEachStatusAndWhenToComeAgain) {
  const OneClientServer server(
      {"HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\n"
       "content-length: 4\r\n\r\nlate",
       "HTTP/1.1 204 No Content\r\n\r\n", ReplyOf("b")});
  const auto connection = HttpConnection::Open(server.address());
  ASSERT_TRUE(connection.ok());
  ASSERT_TRUE((*connection)->Send("1").ok());
  auto reply = (*connection)->Receive();
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->status, 429);
  EXPECT_EQ(reply->retry_after_seconds, 7);
  EXPECT_EQ(reply->body, "late");
  ASSERT_TRUE((*connection)->Send("2").ok());
  reply = (*connection)->Receive();
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->status, 204);
  EXPECT_EQ(reply->retry_after_seconds, 0);
  EXPECT_EQ(reply->body, "");
  EXPECT_EQ(*(*connection)->Call("3"), "b");
}

TEST(HttpConnectionTest, AStreamIsOpenWithTheFirstBytesOfItsBody) {
  const std::string head =
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  {
    const OneClientServer server({head + "1\r\na\r\n"});
    const auto connection = HttpConnection::Open(server.address());
    ASSERT_TRUE(connection.ok());
    EXPECT_TRUE((*connection)->OpenStream("1").ok());
  }
  const OneClientServer server({head});
  const auto connection = HttpConnection::Open(server.address());
  ASSERT_TRUE(connection.ok());
  EXPECT_TRUE(absl::IsUnavailable((*connection)->OpenStream("1")));
}

}  // namespace
}  // namespace kith::bench
