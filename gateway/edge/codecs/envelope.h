#ifndef KITH_GATEWAY_EDGE_CODECS_ENVELOPE_H_
#define KITH_GATEWAY_EDGE_CODECS_ENVELOPE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::edge {

// The frames in which Connect streams and gRPC-Web send messages: a byte of
// flags, the length as four bytes, big end first, and so many bytes
// (connectrpc.com, "Streaming RPCs"; grpc/grpc, doc/PROTOCOL-WEB.md).

// The bytes of the frame are compressed.
inline constexpr uint8_t kCompressedFlag = 0x01;
// The last frame of a response of Connect: how the call has ended.
inline constexpr uint8_t kEndStreamFlag = 0x02;
// The last frame of a response of gRPC-Web: the trailers.
inline constexpr uint8_t kTrailersFlag = 0x80;

// Returns a frame.
std::string Frame(uint8_t flags, absl::string_view bytes);

// Returns the messages of a request, which are compressed with `coding`, "" or
// "identity" or "gzip", where their flag says so. `most` is the limit of each,
// and of all of them together.
//
// - INVALID_ARGUMENT: the last frame is cut short, or a message is not gzip.
// - INTERNAL: a flag says that a message is compressed, and `coding` does not.
// - UNIMPLEMENTED: an unknown coding, or a flag that requests do not have.
// - RESOURCE_EXHAUSTED: a length above `most`. Nothing is allocated for it.
absl::StatusOr<std::vector<std::string>> ReadFrames(absl::string_view body,
                                                    absl::string_view coding,
                                                    size_t most);

// Decodes the body of gRPC-Web's text mode: base64, in pieces of which each may
// end with padding. INVALID_ARGUMENT if it is no such text.
absl::StatusOr<std::string> DecodeBase64Pieces(absl::string_view text);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_ENVELOPE_H_
