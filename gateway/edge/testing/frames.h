#ifndef KITH_GATEWAY_EDGE_TESTING_FRAMES_H_
#define KITH_GATEWAY_EDGE_TESTING_FRAMES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace kith::edge {

// What streams of Connect and of gRPC-Web consist of: a byte of flags, the
// length in 4 bytes, the largest first, and as many bytes. Written apart from
// the edge's own code, which it is to test.
struct Frame {
  int flags = 0;
  std::string bytes;
};

// Returns the bytes of a frame.
std::string FrameBytes(int flags, absl::string_view bytes);

// Returns the frames of a body. The last one has the flags -1 and what is left
// if the body ends within it.
std::vector<Frame> FramesOf(absl::string_view body);

// Returns what a body of base64 holds that was encoded in several parts, each
// with padding of its own. Stops at what is no base64.
std::string Base64PartsOf(absl::string_view text);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_TESTING_FRAMES_H_
