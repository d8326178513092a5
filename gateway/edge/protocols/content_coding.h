#ifndef KITH_GATEWAY_EDGE_PROTOCOLS_CONTENT_CODING_H_
#define KITH_GATEWAY_EDGE_PROTOCOLS_CONTENT_CODING_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gateway/edge/codecs/metadata.h"
#include "gateway/edge/http/exchange.h"
#include "google/rpc/status.pb.h"

namespace kith::edge {

// The codings that a request may have, for a header Accept-Encoding.
inline constexpr char kContentCodings[] = "gzip";

// Below, gzip gains nothing.
inline constexpr size_t kLeastGzipBytes = 1024;

// Returns true if a header such as Accept-Encoding, "br, gzip;q=0.5", takes
// gzip.
bool AcceptsGzip(absl::string_view accepted);

// Returns a body without its content coding, "" or "identity" or "gzip". An
// empty body has none, whatever is said of it. UNIMPLEMENTED for another
// coding, RESOURCE_EXHAUSTED if it has more than `most` bytes,
// INVALID_ARGUMENT if it is not what is said.
absl::StatusOr<std::string> DecodeContent(absl::string_view coding,
                                          std::string body, size_t most);

// Returns true if the Accept-Encoding of a request takes gzip.
bool TakesGzip(const Headers& request);

// Packs the body of a reply, if it is large enough to gain by it.
void EncodeContent(Reply& reply);

// Returns the type of a Content-Type in lower case, without its parameters.
std::string MediaType(absl::string_view content_type);

// Returns the text of a Retry-After: whole seconds, none too early, 1 or more.
std::string RetryAfter(absl::Duration wait);

// Adds what HTTP has to say of an error: Retry-After for a RetryInfo,
// WWW-Authenticate for UNAUTHENTICATED.
void AddErrorHeaders(const google::rpc::Status& error, Reply& reply);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PROTOCOLS_CONTENT_CODING_H_
