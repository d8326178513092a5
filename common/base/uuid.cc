#include "common/base/uuid.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"

namespace kith::base {

Uuid Uuid::MakeWith(absl::Time time, absl::string_view sixteen_bytes) {
  Uuid uuid = FromBytes(sixteen_bytes);
  const auto millis =
      static_cast<uint64_t>(std::max<int64_t>(0, absl::ToUnixMillis(time)));
  for (int i = 0; i < 6; ++i) {
    uuid.bytes_[i] = static_cast<char>(millis >> (40 - 8 * i));
  }
  uuid.bytes_[6] = static_cast<char>((uuid.bytes_[6] & 0x0F) | 0x70);
  uuid.bytes_[8] = static_cast<char>((uuid.bytes_[8] & 0x3F) | 0x80);
  return uuid;
}

Uuid Uuid::Make(absl::Time time) {
  thread_local absl::BitGen random;
  const uint64_t words[2] = {absl::Uniform<uint64_t>(random),
                             absl::Uniform<uint64_t>(random)};
  char bytes[16];
  std::memcpy(bytes, words, sizeof(bytes));
  return MakeWith(time, absl::string_view(bytes, sizeof(bytes)));
}

Uuid Uuid::MakeFrom(absl::Time time, absl::string_view seed) {
  return MakeWith(time, Sha256(seed).substr(0, 16));
}

std::optional<Uuid> Uuid::Parse(absl::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string hex;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return std::nullopt;
    if (dash) continue;
    if (!absl::ascii_isxdigit(text[i])) return std::nullopt;
    hex.push_back(text[i]);
  }
  return FromBytes(absl::HexStringToBytes(hex));
}

Uuid Uuid::FromBytes(absl::string_view bytes) {
  Uuid uuid;
  if (bytes.size() == uuid.bytes_.size()) {
    std::copy(bytes.begin(), bytes.end(), uuid.bytes_.begin());
  }
  return uuid;
}

std::string Uuid::ToString() const {
  const std::string hex = absl::BytesToHexString(bytes());
  const absl::string_view h = hex;
  return absl::StrCat(h.substr(0, 8), "-", h.substr(8, 4), "-", h.substr(12, 4),
                      "-", h.substr(16, 4), "-", h.substr(20));
}

std::vector<absl::string_view> BytesOf(const std::vector<Uuid>& ids) {
  std::vector<absl::string_view> bytes;
  bytes.reserve(ids.size());
  for (const Uuid& id : ids) bytes.push_back(id.bytes());
  return bytes;
}

}  // namespace kith::base
