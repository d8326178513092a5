#ifndef KITH_GATEWAY_EDGE_HTTP_REQUEST_RULES_H_
#define KITH_GATEWAY_EDGE_HTTP_REQUEST_RULES_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "gateway/edge/http/exchange.h"

namespace kith::edge {

// Which requests are refused because two parsers may read them differently, so
// that a second request could be hidden in the first (request smuggling; RFC
// 9112). Beast takes some of them.

// Looks at the bytes of a head, up to and with its empty line. Refuses a folded
// line, a space before a colon, and control characters other than a tab in a
// value and the CRLF at the end of each line.
std::optional<Refusal> CheckHeadBytes(absl::string_view head);

// Looks at the fields of a head that was parsed. Refuses
// - HTTP/1.1 without a Host, or any with two of them or a malformed one;
// - a Transfer-Encoding other than exactly "chunked", any in HTTP/1.0, and any
//   beside a Content-Length; a Content-Length that is no number;
// - two fields of a name of which there can be one, such as Authorization;
// - an Expect other than 100-continue (417).
// `minor_version` is that of HTTP/1, 0 or 1.
std::optional<Refusal> CheckFields(const RequestHead& head, int minor_version);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_REQUEST_RULES_H_
