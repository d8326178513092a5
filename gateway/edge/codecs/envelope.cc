#include "gateway/edge/codecs/envelope.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/big_endian.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/gzip.h"

namespace kith::edge {
namespace {

// Flags and length.
constexpr size_t kPrefixBytes = 5;
// Base64 has four characters for three bytes.
constexpr size_t kQuantum = 4;

absl::Status TooLarge(size_t most) {
  return absl::ResourceExhaustedError(
      absl::StrCat("the messages have more than ", most, " bytes"));
}

// Takes one frame off the front of `body`, which is not empty.
absl::StatusOr<std::string> ReadFrame(absl::string_view coding, size_t most,
                                      absl::string_view& body) {
  if (body.size() < kPrefixBytes) {
    return absl::InvalidArgumentError("a message is cut short");
  }
  const auto flags = static_cast<uint8_t>(body[0]);
  const uint64_t size = base::FromBigEndian(body.substr(1, kPrefixBytes - 1));
  if (size > most) return TooLarge(most);
  body.remove_prefix(kPrefixBytes);
  if (body.size() < size) {
    return absl::InvalidArgumentError("a message is cut short");
  }
  std::string bytes(body.substr(0, size));
  body.remove_prefix(size);
  if (flags == 0) return bytes;
  if (flags != kCompressedFlag) {
    return absl::UnimplementedError(
        absl::StrCat("flags ", flags, " before a message, want 0 or 1"));
  }
  if (coding != "gzip") {
    return absl::InternalError(
        "a message is said to be compressed, and no compression is named");
  }
  // As with bodies, nothing is not compressed.
  if (bytes.empty()) return bytes;
  return Gunzip(bytes, most);
}

}  // namespace

std::string Frame(uint8_t flags, absl::string_view bytes) {
  std::string frame;
  frame.reserve(kPrefixBytes + bytes.size());
  frame.push_back(static_cast<char>(flags));
  // The low four of eight bytes.
  frame += base::BigEndian(bytes.size()).substr(4);
  frame.append(bytes.data(), bytes.size());
  return frame;
}

absl::StatusOr<std::vector<std::string>> ReadFrames(absl::string_view body,
                                                    absl::string_view coding,
                                                    size_t most) {
  if (!coding.empty() && coding != "identity" && coding != "gzip") {
    return absl::UnimplementedError(
        "unknown compression of messages; supported: gzip, identity");
  }
  std::vector<std::string> messages;
  size_t left = most;
  while (!body.empty()) {
    KITH_ASSIGN_OR_RETURN(std::string message, ReadFrame(coding, most, body));
    if (message.size() > left) return TooLarge(most);
    left -= message.size();
    messages.push_back(std::move(message));
  }
  return messages;
}

absl::StatusOr<std::string> DecodeBase64Pieces(absl::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    // To the end of the quantum with the next padding.
    const size_t padding = text.find('=');
    const size_t end = padding == absl::string_view::npos
                           ? text.size()
                           : (padding / kQuantum + 1) * kQuantum;
    std::string piece;
    if (!absl::Base64Unescape(text.substr(0, end), &piece)) {
      return absl::InvalidArgumentError("the body is no base64");
    }
    bytes += piece;
    text.remove_prefix(std::min(end, text.size()));
  }
  return bytes;
}

}  // namespace kith::edge
