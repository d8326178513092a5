#ifndef KITH_INTERACTIONS_SVC_LOOKUPS_H_
#define KITH_INTERACTIONS_SVC_LOOKUPS_H_

#include <vector>

#include "common/mysql/lookup.h"

namespace kith::interactions {

// Returns all lookup tables of schema/.
std::vector<mysql::Lookup> Lookups();

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_LOOKUPS_H_
