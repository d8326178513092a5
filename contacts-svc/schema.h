#ifndef KITH_CONTACTS_SVC_SCHEMA_H_
#define KITH_CONTACTS_SVC_SCHEMA_H_

#include "common/mysql/migrations.h"

namespace kith::contacts {

// Returns the migrations of schema/, which are compiled in.
const mysql::Schema& Schema();

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SCHEMA_H_
