#ifndef KITH_CONTACTS_SVC_GROUPS_UNMERGE_ANSWER_H_
#define KITH_CONTACTS_SVC_GROUPS_UNMERGE_ANSWER_H_

#include <cstddef>

#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// Limits on the size of the answers of unmerges, so that a client that accepts
// gRPC's default of 4 MiB can read them.

// Most bytes of one group.
constexpr size_t kGroupBytes = 3 << 20;

// A page ends as soon as its groups have this many bytes.
constexpr size_t kFullPageBytes = 512 << 10;

// Sets the counts of the group's lists. Then, if the group has more than
// kGroupBytes, cuts each list to a third of kGroupBytes.
void Bound(v1::UnmergedGroup& group);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_UNMERGE_ANSWER_H_
