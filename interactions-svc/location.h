#ifndef KITH_INTERACTIONS_SVC_LOCATION_H_
#define KITH_INTERACTIONS_SVC_LOCATION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// Where an interaction is: the primary key of its row within the tenant. What
// a request_id is remembered for, and where a page of a timeline ends.
struct Location {
  // Before all that there can be, in a timeline that begins with the newest.
  static Location Newest();

  static Location Of(const v1::Interaction& interaction);

  // Nullopt for what Encode has not made.
  static std::optional<Location> Decode(absl::string_view bytes);

  // 40 bytes.
  std::string Encode() const;

  base::Uuid contact_id;
  int64_t occurred_micros = 0;
  base::Uuid interaction_id;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_LOCATION_H_
