#ifndef KITH_GATEWAY_EDGE_CODECS_GZIP_H_
#define KITH_GATEWAY_EDGE_CODECS_GZIP_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::edge {

// Returns `bytes` in the gzip format (RFC 1952), for speed rather than size.
std::string Gzip(absl::string_view bytes);

// Returns what `gzip` holds: one or several members of the gzip format. Never
// allocates much more than `most` bytes, whatever the input claims.
// INVALID_ARGUMENT if it is not gzip, is cut short or has bytes behind it;
// RESOURCE_EXHAUSTED if it holds more than `most` bytes.
absl::StatusOr<std::string> Gunzip(absl::string_view gzip, size_t most);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_GZIP_H_
