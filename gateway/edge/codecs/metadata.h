#ifndef KITH_GATEWAY_EDGE_CODECS_METADATA_H_
#define KITH_GATEWAY_EDGE_CODECS_METADATA_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::edge {

// Headers or metadata in their order; names in lower case.
using Headers = std::vector<std::pair<std::string, std::string>>;

// The most bytes of metadata that one call carries, names and values. gRPC
// itself refuses more than 8 KiB.
inline constexpr size_t kMaxMetadataBytes = 7 << 10;

// Returns the value of the first header with this name, or "" if there is none.
absl::string_view FindHeader(const Headers& headers, absl::string_view name);

// Returns true if a header or metadata with this name never passes between a
// caller and a service; see RequestMetadata.
bool IsReservedMetadata(absl::string_view name);

// Returns what of the headers of a request goes on to the service as metadata.
//
// - Left out is what is about the connection or the body, traceparent, which
//   the gateway sets anew, what a protocol of the edge has for itself
//   (connect-*, grpc-*), cookies, and what tells who the caller is other than
//   authorization: x-user-*, x-forwarded-*, forwarded, x-real-ip, x-kith-*.
//   Nobody in front of the gateway is trusted to say that.
// - Left out as well is what gRPC 1.51 would abort the process for: names
//   outside [0-9a-z_.-], values outside 0x20 to 0x7e.
// - A value of a header "-bin" is decoded from base64; with bad base64 it is
//   left out.
//
// RESOURCE_EXHAUSTED if there is more than kMaxMetadataBytes.
absl::StatusOr<Headers> RequestMetadata(const Headers& headers);

// Returns what of the metadata of a reply becomes headers of the reply, each
// with `prefix` before its name. Leaves out the same, and bytes that would end
// a header. A value of "-bin" is encoded as base64 without padding.
Headers ReplyHeaders(const Headers& metadata, absl::string_view prefix);

// Adds them to a reply.
void AddReplyHeaders(const Headers& metadata, absl::string_view prefix,
                     Headers& reply);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_METADATA_H_
