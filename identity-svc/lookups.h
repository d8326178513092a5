#ifndef KITH_IDENTITY_SVC_LOOKUPS_H_
#define KITH_IDENTITY_SVC_LOOKUPS_H_

#include <vector>

#include "common/mysql/lookup.h"

namespace kith::identity {

// Returns all lookup tables of schema/.
std::vector<mysql::Lookup> Lookups();

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_LOOKUPS_H_
