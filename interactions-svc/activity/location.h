#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_LOCATION_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_LOCATION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::interactions {

// The primary key of an interaction's row within the tenant. It is stored as
// the result of a request_id, and is the position where a page of a timeline
// ends.
struct Location {
  // Returns a location before all others in a timeline, which begins with the
  // newest.
  static Location Newest();

  // Returns a location before all that occurred at this time or earlier, and
  // after all others.
  static Location NewestAt(int64_t occurred_micros);

  static Location Of(const v1::Interaction& interaction);

  // Returns nullopt for bytes that Encode has not made.
  static std::optional<Location> Decode(absl::string_view bytes);

  // Returns the location as the stored result of a request.
  std::string Encode() const;

  static Location FromProto(const internal::v1::InteractionPosition& position);
  internal::v1::InteractionPosition ToProto() const;

  friend bool operator==(const Location& a, const Location& b) = default;

  base::Uuid contact_id;
  int64_t occurred_micros = 0;
  base::Uuid interaction_id;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_LOCATION_H_
