#ifndef KITH_IDENTITY_SVC_LOOKUPS_H_
#define KITH_IDENTITY_SVC_LOOKUPS_H_

#include <vector>

#include "common/mysql/lookup.h"

namespace kith::identity {

// The lookups in schema/, all of them.
std::vector<mysql::Lookup> Lookups();

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_LOOKUPS_H_
