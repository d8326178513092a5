#ifndef KITH_CONTACTS_SVC_GROUPS_UNMERGE_ANSWER_H_
#define KITH_CONTACTS_SVC_GROUPS_UNMERGE_ANSWER_H_

#include <cstddef>

#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// What of groups that were taken apart one answer carries, so that a client
// takes it that takes gRPC's own 4 MiB.

// The most that a group comes to.
constexpr size_t kGroupBytes = 3 << 20;

// Once its groups come to this much, a page ends.
constexpr size_t kFullPageBytes = 512 << 10;

// Says how long the lists of a group are, and cuts them where they come to more
// than kGroupBytes: to a third of it each.
void Bound(v1::UnmergedGroup& group);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_UNMERGE_ANSWER_H_
