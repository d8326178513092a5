#ifndef KITH_INTERACTIONS_SVC_CONTACT_SETS_H_
#define KITH_INTERACTIONS_SVC_CONTACT_SETS_H_

#include <string>
#include <vector>

#include "common/base/uuid.h"
#include "kith/common/v1/common.pb.h"

namespace kith::interactions {

// Returns the contacts of a valid set, each once, sorted.
std::vector<base::Uuid> MembersOf(const common::v1::ContactSet& set);

// Returns the bytes of the ids, to bind a page token to them.
std::string JoinedBytes(const std::vector<base::Uuid>& contact_ids);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_CONTACT_SETS_H_
