#include "interactions-svc/activity/moved_interactions.h"

#include "common/base/uuid.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/interaction_row.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

const mysql::Statement kSelectMoved(
    "SELECT contact_id FROM moved_interactions "
    "WHERE tenant_id = ? AND interaction_id = ?");

const mysql::Statement kInsertMoved(
    "INSERT INTO moved_interactions (tenant_id, interaction_id, contact_id) "
    "VALUES (?, ?, ?)");

const mysql::Statement kUpdateMoved(
    "UPDATE moved_interactions SET contact_id = ? "
    "WHERE tenant_id = ? AND interaction_id = ?");

absl::StatusOr<std::optional<Uuid>> ReadMoved(const Tx& tx, const Uuid& id) {
  std::optional<Uuid> contact_id;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectMoved, {tx.tenant_id(), id.bytes()}, [&](const mysql::Row& row) {
        contact_id = Uuid::FromBytes(row.Bytes(0));
      }));
  return contact_id;
}

}  // namespace

absl::Status NoteMove(const Tx& tx, const v1::Interaction& interaction) {
  const Location location = Location::Of(interaction);
  // The contact that had it is locked: nobody else moves it now.
  KITH_ASSIGN_OR_RETURN(const std::optional<Uuid> known,
                        ReadMoved(tx, location.interaction_id));
  if (known.has_value()) {
    return tx.session
        .Execute(kUpdateMoved, {location.contact_id.bytes(), tx.tenant_id(),
                                location.interaction_id.bytes()})
        .status();
  }
  return tx.session
      .Execute(kInsertMoved, {tx.tenant_id(), location.interaction_id.bytes(),
                              location.contact_id.bytes()})
      .status();
}

absl::StatusOr<std::optional<v1::Interaction>> FindInteraction(
    const Tx& tx, const Location& location) {
  KITH_ASSIGN_OR_RETURN(std::optional<v1::Interaction> interaction,
                        ReadInteraction(tx, location));
  if (interaction.has_value()) return interaction;
  KITH_ASSIGN_OR_RETURN(const std::optional<Uuid> contact_id,
                        ReadMoved(tx, location.interaction_id));
  if (!contact_id.has_value()) return std::nullopt;
  Location moved = location;
  moved.contact_id = *contact_id;
  return ReadInteraction(tx, moved);
}

}  // namespace kith::interactions
