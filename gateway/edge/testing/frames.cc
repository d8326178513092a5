#include "gateway/edge/testing/frames.h"

#include <cstdint>

#include "absl/strings/escaping.h"

namespace kith::edge {
namespace {

constexpr size_t kHead = 5;
constexpr size_t kQuartet = 4;

}  // namespace

std::string FrameBytes(int flags, absl::string_view bytes) {
  std::string frame(1, static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame.push_back(static_cast<char>(bytes.size() >> shift));
  }
  return frame.append(bytes.data(), bytes.size());
}

std::vector<Frame> FramesOf(absl::string_view body) {
  std::vector<Frame> frames;
  while (!body.empty()) {
    uint32_t size = 0;
    for (size_t i = 1; i < kHead && i < body.size(); ++i) {
      size = size << 8 | static_cast<uint8_t>(body[i]);
    }
    if (body.size() < kHead || body.size() - kHead < size) {
      frames.push_back({-1, std::string(body)});
      break;
    }
    frames.push_back(
        {static_cast<uint8_t>(body[0]), std::string(body.substr(kHead, size))});
    body.remove_prefix(kHead + size);
  }
  return frames;
}

std::string Base64PartsOf(absl::string_view text) {
  std::string all;
  std::string part;
  // Padding is only ever at the end of four letters.
  while (absl::Base64Unescape(text.substr(0, kQuartet), &part) &&
         !part.empty()) {
    all += part;
    text.remove_prefix(kQuartet);
  }
  return all;
}

}  // namespace kith::edge
