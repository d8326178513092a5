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

}  // namespace kith::status

#endif  // KITH_COMMON_STATUS_WHOLE_CHARACTERS_H_
