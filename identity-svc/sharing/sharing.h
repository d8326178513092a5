#ifndef KITH_IDENTITY_SVC_SHARING_SHARING_H_
#define KITH_IDENTITY_SVC_SHARING_SHARING_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "common/base/uuid.h"
#include "kith/internal/v1/holdings.pb.h"

namespace kith::identity {

// Who shares a value: the rules of kith.internal.v1.Sharing, which is stored
// with the holding of the stand-in contact. Pure functions.

// Most contacts that share a value at once.
constexpr int kMaxSharers = 20;

// Returns who shares the value as long as the holding lasts: now, if it is
// open.
std::vector<base::Uuid> SharersOf(const internal::v1::Sharing& sharing);

// Returns who shared the value at `micros`, a time within the holding.
std::vector<base::Uuid> SharersAt(const internal::v1::Sharing& sharing,
                                  int64_t micros);

// Returns true if the contact is one of SharersOf.
bool Shares(const internal::v1::Sharing& sharing, const base::Uuid& contact);

// Returns the newest period in which the contact shares the value, or null.
const internal::v1::Sharer* FindSharer(const internal::v1::Sharing& sharing,
                                       const base::Uuid& contact);

// Adds those of the contacts that do not share the value, and returns them.
std::vector<base::Uuid> AddSharers(const std::vector<base::Uuid>& contacts,
                                   int64_t start_micros,
                                   internal::v1::Sharing& sharing);

// Ends the periods of those of the contacts that share the value, and returns
// them. A period lasts a microsecond at least. Of those that have ended, the
// 20 that ended last are kept.
std::vector<base::Uuid> EndSharers(
    const absl::flat_hash_set<base::Uuid>& contacts, int64_t end_micros,
    internal::v1::Sharing& sharing);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_SHARING_SHARING_H_
