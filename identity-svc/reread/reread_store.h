#ifndef KITH_IDENTITY_SVC_REREAD_REREAD_STORE_H_
#define KITH_IDENTITY_SVC_REREAD_REREAD_STORE_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "identity-svc/consent/suppression_key.h"
#include "identity-svc/reread/reread_plan.h"

namespace kith::identity {

// An identity that is stored under older rules, and its reading of today.
struct Reread {
  v1::Identity identity;
  Reading today;
};

// Change an identity to its reading of today, in a transaction that locks its
// row and that of its other key, in the order of the keys; it plans again by
// what it finds there. Return the plan; nullopt if somebody else has changed
// the identity meanwhile, so that nothing is left to do. Idempotent.

// kMoves: makes the other key an alias of the identity, so that processes with
// today's rules find it. Else changes nothing.
absl::StatusOr<std::optional<Rereading>> AddAlias(const mysql::Tx& tx,
                                                  const Reread& reread);

// Carries out the plan, and tells the feed who holds what from now on. An
// identity without holdings left is gone, as its key may be that of another
// value under today's rules: only its version stays.
// What was said of consent goes along with the value.
absl::StatusOr<std::optional<Rereading>> MoveToReading(
    const mysql::Tx& tx, const Reread& reread, const SuppressionKey& key);

// Takes an alias of older rules away, whose value has another reading today. If
// it has holdings, it becomes an identity.
absl::Status DropAlias(const mysql::Tx& tx, const v1::Identity& alias);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_REREAD_REREAD_STORE_H_
