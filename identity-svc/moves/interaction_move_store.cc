#include "identity-svc/moves/interaction_move_store.h"

#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include "common/base/uuid.h"
#include "common/mysql/errors.h"
#include "common/mysql/statement.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "kith/internal/v1/moves.pb.h"

namespace kith::identity {
namespace {

using base::Uuid;
using internal::v1::StoredMove;
using mysql::Tx;

const mysql::Statement kLockMove(
    "SELECT details FROM moves WHERE tenant_id = ? AND identity_key = ? "
    "AND move_id = ? FOR UPDATE");

const mysql::Statement kInsertMove(
    "INSERT INTO moves (tenant_id, identity_key, move_id, details) "
    "VALUES (?, ?, ?, ?)");

const mysql::Statement kUpdateMove(
    "UPDATE moves SET details = ? WHERE tenant_id = ? AND identity_key = ? "
    "AND move_id = ?");

// A move under its lock, or one that is not stored yet.
struct LockedMove {
  std::string key;
  Uuid id;
  bool is_new = true;
  StoredMove stored = {};
};

std::string BytesOfId(const std::string& id) {
  return std::string(Uuid::Parse(id).value_or(Uuid()).bytes());
}

absl::StatusOr<LockedMove> LockMove(const Tx& tx,
                                    const v1::InteractionMove& move) {
  LockedMove locked{.key = absl::HexStringToBytes(move.identity_key()),
                    .id = Uuid::Parse(move.move_id()).value_or(Uuid())};
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kLockMove, {tx.tenant_id(), locked.key, locked.id.bytes()},
      [&](const mysql::Row& row) {
        locked.is_new = false;
        locked.stored.ParseFromString(row.Bytes(0));
      }));
  const std::string from = BytesOfId(move.from_contact_id());
  const std::string to = BytesOfId(move.to_contact_id());
  if (locked.is_new) {
    locked.stored.set_from_contact_id(from);
    locked.stored.set_to_contact_id(to);
  } else if (locked.stored.from_contact_id() != from ||
             locked.stored.to_contact_id() != to) {
    return absl::InvalidArgumentError(
        "move.move_id: is the id of a move between other contacts");
  }
  return locked;
}

// Counts the batch that the request tells. Returns false if it tells none, or
// one that is counted.
bool Count(const v1::AdvanceInteractionMoveRequest& request,
           StoredMove& stored) {
  const bool tells = request.moved_count() > 0 || request.done();
  if (!tells || stored.done() ||
      stored.batch_count() != request.move().batch_count()) {
    return false;
  }
  stored.set_batch_count(stored.batch_count() + 1);
  stored.set_moved_count(stored.moved_count() + request.moved_count());
  stored.set_done(request.done());
  return true;
}

absl::Status WriteMove(const Tx& tx, const LockedMove& locked) {
  const std::string details = locked.stored.SerializeAsString();
  if (locked.is_new) {
    return mysql::RetryIfDuplicate(
        tx.session
            .Execute(kInsertMove,
                     {tx.tenant_id(), locked.key, locked.id.bytes(), details})
            .status());
  }
  return tx.session
      .Execute(kUpdateMove,
               {details, tx.tenant_id(), locked.key, locked.id.bytes()})
      .status();
}

}  // namespace

absl::StatusOr<v1::InteractionMove> InteractionMoveStore::Advance(
    const Tx& tx, const v1::AdvanceInteractionMoveRequest& request) const {
  v1::InteractionMove move = request.move();
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(LockedMove locked, LockMove(tx, request.move()));
    if (Count(request, locked.stored) || locked.is_new) {
      KITH_RETURN_IF_ERROR(WriteMove(tx, locked));
    }
    move.set_batch_count(locked.stored.batch_count());
    move.set_moved_count(locked.stored.moved_count());
    move.set_done(locked.stored.done());
    return absl::OkStatus();
  }));
  return move;
}

}  // namespace kith::identity
