#include "interactions-svc/location.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"

namespace kith::interactions {
namespace {

using base::Uuid;

constexpr size_t kIdBytes = 16;
constexpr size_t kTimeBytes = 8;

}  // namespace

Location Location::Newest() {
  return {.contact_id = Uuid(),
          .occurred_micros = std::numeric_limits<int64_t>::max(),
          .interaction_id = Uuid::FromBytes(std::string(kIdBytes, '\xFF'))};
}

Location Location::Of(const v1::Interaction& interaction) {
  return {.contact_id = Uuid::Parse(interaction.contact_id()).value_or(Uuid()),
          .occurred_micros = base::ToMicros(interaction.occurred_time()),
          .interaction_id =
              Uuid::Parse(interaction.interaction_id()).value_or(Uuid())};
}

std::optional<Location> Location::Decode(absl::string_view bytes) {
  if (bytes.size() != 2 * kIdBytes + kTimeBytes) return std::nullopt;
  uint64_t micros = 0;
  for (const char c : bytes.substr(2 * kIdBytes)) {
    micros = micros << 8 | static_cast<unsigned char>(c);
  }
  return Location{
      .contact_id = Uuid::FromBytes(bytes.substr(kIdBytes, kIdBytes)),
      .occurred_micros = static_cast<int64_t>(micros),
      .interaction_id = Uuid::FromBytes(bytes.substr(0, kIdBytes))};
}

std::string Location::Encode() const {
  std::string micros(kTimeBytes, '\0');
  for (size_t i = 0; i < kTimeBytes; ++i) {
    micros[i] = static_cast<char>(static_cast<uint64_t>(occurred_micros) >>
                                  (8 * (kTimeBytes - 1 - i)));
  }
  return absl::StrCat(interaction_id.bytes(), contact_id.bytes(), micros);
}

}  // namespace kith::interactions
