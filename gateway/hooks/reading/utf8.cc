#include "gateway/hooks/reading/utf8.h"

#include <cstddef>
#include <cstdint>

namespace kith::gateway {
namespace {

constexpr uint16_t kReplacement = 0xFFFD;

// Windows-1252 from 0x80 to 0x9F; all else is as in Unicode.
constexpr uint16_t kWindows1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
static_assert(kWindows1252[1] == kReplacement);

// A first byte: how many bytes go on, and the least that may come of them.
struct Utf8Lead {
  size_t following = 0;
  uint32_t bits = 0;
  uint32_t least = 0;
  bool valid = false;
};

Utf8Lead LeadOf(unsigned char byte) {
  if (byte < 0x80) return {0, byte, 0, true};
  if (byte >= 0xC2 && byte < 0xE0) return {1, byte & 0x1FU, 0x80, true};
  if (byte >= 0xE0 && byte < 0xF0) return {2, byte & 0x0FU, 0x800, true};
  if (byte >= 0xF0 && byte < 0xF5) return {3, byte & 0x07U, 0x10000, true};
  return {};
}

void AppendUtf8(uint16_t code, std::string& text) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

bool IsUtf8(absl::string_view bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const Utf8Lead lead = LeadOf(static_cast<unsigned char>(bytes[i]));
    if (!lead.valid || i + lead.following >= bytes.size()) return false;
    uint32_t code = lead.bits;
    for (size_t k = 1; k <= lead.following; ++k) {
      const auto byte = static_cast<unsigned char>(bytes[i + k]);
      if ((byte & 0xC0) != 0x80) return false;
      code = (code << 6) | (byte & 0x3FU);
    }
    if (code < lead.least || code > 0x10FFFF ||
        (code >= 0xD800 && code < 0xE000)) {
      return false;
    }
    i += lead.following + 1;
  }
  return true;
}

std::string ToUtf8(absl::string_view bytes) {
  if (IsUtf8(bytes)) return std::string(bytes);
  std::string text;
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    AppendUtf8(byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte,
               text);
  }
  return text;
}

}  // namespace kith::gateway
