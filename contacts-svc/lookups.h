#ifndef KITH_CONTACTS_SVC_LOOKUPS_H_
#define KITH_CONTACTS_SVC_LOOKUPS_H_

#include <vector>

#include "common/mysql/lookup.h"

namespace kith::contacts {

// Returns all lookup tables of schema/.
std::vector<mysql::Lookup> Lookups();

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_LOOKUPS_H_
