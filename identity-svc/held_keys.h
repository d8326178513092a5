#ifndef KITH_IDENTITY_SVC_HELD_KEYS_H_
#define KITH_IDENTITY_SVC_HELD_KEYS_H_

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"

namespace kith::identity {

// The values of contacts, as the lookups of `holdings` lead to them.

// Contacts whose identities are read as one list.
struct MemberSet {
  std::vector<base::Uuid> contact_ids;
  // The key of the last identity of the page before; empty for the first page.
  std::string after_key;
};

// Keys with the member that holds each, in order.
using HeldKeys = std::set<std::pair<std::string, base::Uuid>>;

// Returns what each set holds, with `include_past` also what it has held; one
// more than `limit`, where there are so many.
absl::StatusOr<std::vector<HeldKeys>> SelectHeld(
    const mysql::Tx& tx, const std::vector<MemberSet>& sets, int32_t limit,
    bool include_past);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_HELD_KEYS_H_
