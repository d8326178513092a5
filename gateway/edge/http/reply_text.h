#ifndef KITH_GATEWAY_EDGE_HTTP_REPLY_TEXT_H_
#define KITH_GATEWAY_EDGE_HTTP_REPLY_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "gateway/edge/http/exchange.h"

namespace kith::edge {

// How a client knows where a body ends (RFC 9112, section 6).
enum class Framing {
  // By Content-Length.
  kLength,
  // Each part is a chunk.
  kChunks,
  // The connection ends: for a body of unknown length over HTTP/1.0.
  kUntilClose,
};

// Returns the head of a reply in HTTP/1.1, with the empty line behind it.
// `keep`: the connection stays open. Leaves out headers whose value would end a
// line.
std::string HeadText(const Reply& reply, Framing framing, bool keep);

// Returns a part of a body as it is sent; of an empty part, nothing. Ends the
// body if the part is the last one.
std::string PartText(BodyStream::Part part, Framing framing);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_REPLY_TEXT_H_
