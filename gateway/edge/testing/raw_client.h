#ifndef KITH_GATEWAY_EDGE_TESTING_RAW_CLIENT_H_
#define KITH_GATEWAY_EDGE_TESTING_RAW_CLIENT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "gateway/edge/codecs/metadata.h"

namespace kith::edge {

// A reply as it came. Status 0 if none came before the connection ended.
struct RawReply {
  int status = 0;
  // Names in lower case.
  Headers headers;
  std::string body;
  // Whether the end of the body has come.
  bool complete = false;

  std::string Header(absl::string_view name) const {
    return std::string(FindHeader(headers, name));
  }
};

// A connection that sends bytes as they are given, and reads replies. Waits at
// most 10 seconds for each.
class RawClient {
 public:
  // Connects to "127.0.0.1:PORT".
  explicit RawClient(const std::string& address);
  ~RawClient();

  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False if the connection has ended.
  bool Send(absl::string_view bytes);

  // Reads one reply, whose body has a Content-Length, or chunks, or neither and
  // is empty; none for a HEAD.
  RawReply Read(bool head = false);

  // Reads a reply up to its body, which ReadChunk reads piece by piece.
  RawReply ReadHead();

  // Adds the next chunk to the body of a reply. False if there is none any
  // more: it is complete, or the connection has ended.
  bool ReadChunk(RawReply& reply);

  // Reads chunks until the body has that text. False if it never has.
  bool ReadUntil(RawReply& reply, absl::string_view text);

  // Sends a request and reads the reply.
  RawReply Call(absl::string_view request) {
    Send(request);
    return Read();
  }

  // Returns what else comes before the connection ends.
  std::string ReadToEnd();

  // Waits for the end of the connection. False if something comes instead.
  bool IsClosed();

  // Closes the connection.
  void Close();

 private:
  // Reads more into buffer_. False at the end.
  bool ReadMore();

  // Takes that many bytes out of buffer_. False if they do not come.
  bool Take(size_t size, std::string& bytes);

  // Takes a line without its end. False if it does not come.
  bool TakeLine(std::string& line);

  int fd_ = -1;
  std::string buffer_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_TESTING_RAW_CLIENT_H_
