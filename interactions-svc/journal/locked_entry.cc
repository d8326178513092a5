#include "interactions-svc/journal/locked_entry.h"

#include <utility>

#include "common/status/status_macros.h"

namespace kith::interactions {

LockedEntry::LockedEntry(const mysql::Tx& tx, EntryRow row)
    : tx_(tx),
      row_(std::move(row)),
      details_(row_.stored.SerializeAsString()),
      places_(DuePlacesOf(row_.stored)) {}

absl::StatusOr<std::optional<LockedEntry>> LockedEntry::Lock(
    const mysql::Tx& tx, const base::Uuid& id) {
  KITH_ASSIGN_OR_RETURN(auto stored, LockEntry(tx, id));
  if (!stored.has_value()) return std::nullopt;
  return LockedEntry(tx, {.id = id, .stored = *std::move(stored)});
}

absl::Status LockedEntry::Write() {
  if (row_.stored.SerializeAsString() == details_) return absl::OkStatus();
  KITH_RETURN_IF_ERROR(UpdateEntry(tx_, row_));
  return MoveDuePlaces(tx_, row_.id, places_, DuePlacesOf(row_.stored));
}

absl::Status LockedEntry::Delete() {
  KITH_RETURN_IF_ERROR(DeleteEntry(tx_, row_.id));
  return MoveDuePlaces(tx_, row_.id, places_, {});
}

}  // namespace kith::interactions
