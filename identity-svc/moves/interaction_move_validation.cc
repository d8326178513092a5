#include "identity-svc/moves/interaction_move_validation.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/api/violations.h"

namespace kith::identity {
namespace {

// As many as ReassignInteractions moves.
constexpr int64_t kMostOfABatch = 100;

}  // namespace

absl::Status Validate(const v1::AdvanceInteractionMoveRequest& request) {
  api::Violations violations;
  const v1::InteractionMove& move = request.move();
  violations.Uuid("move.move_id", move.move_id());
  violations.OptionalIdentityKey("move.identity_key", move.identity_key());
  if (move.identity_key().empty()) {
    violations.Add("move.identity_key", "not set");
  }
  violations.Uuid("move.from_contact_id", move.from_contact_id());
  violations.Uuid("move.to_contact_id", move.to_contact_id());
  if (move.batch_count() < 0) {
    violations.Add("move.batch_count", "negative");
  }
  if (request.moved_count() < 0 || request.moved_count() > kMostOfABatch) {
    violations.Add("moved_count", absl::StrCat(request.moved_count(),
                                               ", want 0 to ", kMostOfABatch));
  }
  return violations.ToStatus();
}

}  // namespace kith::identity
