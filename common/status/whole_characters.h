#ifndef KITH_COMMON_STATUS_WHOLE_CHARACTERS_H_
#define KITH_COMMON_STATUS_WHOLE_CHARACTERS_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace kith::status {

// Returns the start of a text of UTF-8: as much of it as is whole characters of
// at most `most` bytes.
inline absl::string_view WholeCharacters(absl::string_view text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

// Returns the first `most` characters of a text of UTF-8.
inline absl::string_view FirstCharacters(absl::string_view text, size_t most) {
  size_t end = 0;
  for (size_t characters = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (begins && characters++ == most) break;
  }
  return text.substr(0, end);
}

}  // namespace kith::status

#endif  // KITH_COMMON_STATUS_WHOLE_CHARACTERS_H_
