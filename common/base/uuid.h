#ifndef KITH_COMMON_BASE_UUID_H_
#define KITH_COMMON_BASE_UUID_H_

#include <array>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::base {

// A UUID (RFC 9562). Ids that Kith makes are version 7: they begin with the
// time, so that new rows land next to each other. A value type.
class Uuid {
 public:
  // The nil UUID.
  Uuid() : bytes_{} {}

  // A version 7 UUID of this time, to the millisecond, with random bits.
  static Uuid Make(absl::Time time);

  // A version 7 UUID of this time whose other bits come from `seed` alone:
  // the same arguments make the same UUID.
  static Uuid MakeFrom(absl::Time time, absl::string_view seed);

  // Reads the 36-character form, in either case; nullopt for anything else.
  static std::optional<Uuid> Parse(absl::string_view text);

  // From the 16 bytes of a BINARY(16) column; the nil UUID for another length.
  static Uuid FromBytes(absl::string_view bytes);

  // The 36-character form, in lower case.
  std::string ToString() const;

  // The 16 bytes; valid as long as this object.
  absl::string_view bytes() const {
    return absl::string_view(bytes_.data(), bytes_.size());
  }

  friend auto operator<=>(const Uuid& a, const Uuid& b) {
    const int order = a.bytes().compare(b.bytes());
    return order <=> 0;
  }
  friend bool operator==(const Uuid& a, const Uuid& b) {
    return a.bytes_ == b.bytes_;
  }
  template <typename H>
  friend H AbslHashValue(H h, const Uuid& uuid) {
    return H::combine(std::move(h), uuid.bytes_);
  }

 private:
  static Uuid MakeWith(absl::Time time, absl::string_view sixteen_bytes);

  std::array<char, 16> bytes_;
};

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_UUID_H_
