#ifndef KITH_COMMON_BASE_UUID_H_
#define KITH_COMMON_BASE_UUID_H_

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::base {

// A UUID (RFC 9562). Kith makes version 7 only: these begin with the time, so
// new rows are next to each other in an index. A value type.
class Uuid {
 public:
  // The nil UUID.
  Uuid() = default;

  // Returns a version 7 UUID of this time, in milliseconds, with random bits.
  static Uuid Make(absl::Time time);

  // Returns a version 7 UUID of this time whose other bits come from `seed`
  // alone. The same arguments always give the same UUID.
  static Uuid MakeFrom(absl::Time time, absl::string_view seed);

  // Reads the 36-character form, in upper or lower case. Returns nullopt for
  // any other text.
  static std::optional<Uuid> Parse(absl::string_view text);

  // Reads the 16 bytes of a BINARY(16) column. Returns the nil UUID for another
  // length.
  static Uuid FromBytes(absl::string_view bytes);

  // Returns the 36-character form, in lower case.
  std::string ToString() const;

  // Returns the 16 bytes. Valid as long as this object.
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
  // Sets the time, version and variant in the given 16 bytes.
  static Uuid MakeWith(absl::Time time, absl::string_view sixteen_bytes);

  std::array<char, 16> bytes_ = {};
};

// Returns the 16 bytes of each id, in order. Valid as long as `ids`.
std::vector<absl::string_view> BytesOf(const std::vector<Uuid>& ids);

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_UUID_H_
