#include "gateway/edge/http/reply_text.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace kith::edge {
namespace {

namespace http = boost::beast::http;

// Whether a value, which a service may have made, ends no header.
bool IsOneLine(absl::string_view value) {
  return std::none_of(value.begin(), value.end(), absl::ascii_iscntrl);
}

// Neither may have a length, not even that of nothing (RFC 9110, section 8.6).
bool HasLength(int status) { return status != 204 && status != 304; }

}  // namespace

std::string HeadText(const Reply& reply, Framing framing, bool keep) {
  const auto reason = http::obsolete_reason(http::int_to_status(reply.status));
  std::string text =
      absl::StrCat("HTTP/1.1 ", reply.status, " ",
                   absl::string_view(reason.data(), reason.size()), "\r\n");
  for (const auto& [name, value] : reply.headers) {
    if (IsOneLine(value)) absl::StrAppend(&text, name, ": ", value, "\r\n");
  }
  absl::StrAppend(&text, "date: ",
                  absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(),
                                   absl::UTCTimeZone()),
                  "\r\n");
  if (framing == Framing::kChunks) {
    absl::StrAppend(&text, "transfer-encoding: chunked\r\n");
  } else if (framing == Framing::kLength && HasLength(reply.status)) {
    absl::StrAppend(&text, "content-length: ", reply.body.size(), "\r\n");
  }
  absl::StrAppend(&text, "connection: ", keep ? "keep-alive" : "close",
                  "\r\n\r\n");
  return text;
}

std::string PartText(BodyStream::Part part, Framing framing) {
  if (framing != Framing::kChunks) return std::move(part.bytes);
  std::string text;
  if (!part.bytes.empty()) {
    text =
        absl::StrCat(absl::Hex(part.bytes.size()), "\r\n", part.bytes, "\r\n");
  }
  if (part.last) text += "0\r\n\r\n";
  return text;
}

}  // namespace kith::edge
