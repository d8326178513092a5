// Frames of streams, and base64 in pieces (gateway/edge/codecs/envelope.h).

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gateway/edge/codecs/envelope.h"
#include "gateway/edge/codecs/gzip.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

constexpr size_t kMostFrameBytes = 8192;

size_t BytesOf(const std::vector<std::string>& messages) {
  size_t bytes = 0;
  for (const std::string& message : messages) bytes += message.size();
  return bytes;
}

// Reads a body that may be anything.
void CheckBody(absl::string_view body, absl::string_view coding) {
  const auto messages = edge::ReadFrames(body, coding, kMostFrameBytes);
  if (!messages.ok()) return;
  Require(BytesOf(*messages) <= kMostFrameBytes, "the limit is one of all");
  std::string again;
  for (const std::string& message : *messages) {
    absl::StrAppend(&again, edge::Frame(0, message));
  }
  Require(*edge::ReadFrames(again, "", kMostFrameBytes) == *messages,
          "messages that are framed anew are the same");
  if (coding.empty()) Require(again == body, "a frame has one form");
  if (body.empty()) return;
  const auto cut = edge::ReadFrames(body.substr(0, body.size() - 1), coding,
                                    kMostFrameBytes);
  Require(absl::IsInvalidArgument(cut.status()), "a frame that is cut fails");
}

// Frames the lines of the input as messages.
void CheckFraming(absl::string_view input) {
  const std::vector<std::string> lines = absl::StrSplit(input, '\n');
  std::string plain;
  std::string packed;
  std::string base64;
  for (const std::string& line : lines) {
    const std::string frame = edge::Frame(0, line);
    absl::StrAppend(&plain, frame);
    absl::StrAppend(&packed, edge::Frame(edge::kCompressedFlag,
                                         line.empty() ? "" : edge::Gzip(line)));
    absl::StrAppend(&base64, absl::Base64Escape(frame));
  }
  const size_t bytes = BytesOf(lines);
  Require(*edge::ReadFrames(plain, "gzip", bytes) == lines,
          "frames give back their messages");
  Require(*edge::ReadFrames(packed, "gzip", bytes + 64) == lines,
          "compressed frames give back their messages");
  Require(*edge::DecodeBase64Pieces(base64) == plain,
          "pieces of base64 give back their bytes");
  if (bytes > 0) {
    Require(absl::IsResourceExhausted(
                edge::ReadFrames(plain, "", bytes - 1).status()),
            "one byte above the limit is refused");
  }
}

}  // namespace

void FuzzEnvelope(absl::string_view input) {
  CheckBody(input, "");
  CheckBody(input, "gzip");
  const auto bytes = edge::DecodeBase64Pieces(input);
  if (bytes.ok()) {
    Require(bytes->size() * 4 <= input.size() * 3,
            "base64 has four characters for three bytes");
    Require(*edge::DecodeBase64Pieces(absl::Base64Escape(*bytes)) == *bytes,
            "what is decoded and encoded is the same");
  }
  CheckFraming(input);
}

}  // namespace kith::fuzz
