#include "interactions-svc/activity/location.h"

#include <limits>

#include "common/base/times.h"

namespace kith::interactions {
namespace {

using base::Uuid;

constexpr size_t kIdBytes = 16;

}  // namespace

Location Location::Newest() {
  return NewestAt(std::numeric_limits<int64_t>::max());
}

Location Location::NewestAt(int64_t occurred_micros) {
  return {.contact_id = Uuid(),
          .occurred_micros = occurred_micros,
          .interaction_id = Uuid::FromBytes(std::string(kIdBytes, '\xFF'))};
}

Location Location::Of(const v1::Interaction& interaction) {
  return {.contact_id = Uuid::Parse(interaction.contact_id()).value_or(Uuid()),
          .occurred_micros = base::ToMicros(interaction.occurred_time()),
          .interaction_id =
              Uuid::Parse(interaction.interaction_id()).value_or(Uuid())};
}

std::optional<Location> Location::Decode(absl::string_view bytes) {
  internal::v1::InteractionPosition position;
  if (!position.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      position.interaction_id().empty()) {
    return std::nullopt;
  }
  return FromProto(position);
}

std::string Location::Encode() const { return ToProto().SerializeAsString(); }

Location Location::FromProto(
    const internal::v1::InteractionPosition& position) {
  return {.contact_id = Uuid::FromBytes(position.contact_id()),
          .occurred_micros = position.occurred_micros(),
          .interaction_id = Uuid::FromBytes(position.interaction_id())};
}

internal::v1::InteractionPosition Location::ToProto() const {
  internal::v1::InteractionPosition position;
  position.set_contact_id(std::string(contact_id.bytes()));
  position.set_occurred_micros(occurred_micros);
  position.set_interaction_id(std::string(interaction_id.bytes()));
  return position;
}

}  // namespace kith::interactions
