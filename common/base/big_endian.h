#ifndef KITH_COMMON_BASE_BIG_ENDIAN_H_
#define KITH_COMMON_BASE_BIG_ENDIAN_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace kith::base {

// Returns the 8 bytes of a number, the most significant first.
inline std::string BigEndian(uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(number >> shift));
  }
  return bytes;
}

// Returns the number of at most 8 such bytes.
inline uint64_t FromBigEndian(absl::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) {
    number = number << 8 | static_cast<uint8_t>(byte);
  }
  return number;
}

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_BIG_ENDIAN_H_
