#ifndef KITH_CONTACTS_SVC_SCHEMA_H_
#define KITH_CONTACTS_SVC_SCHEMA_H_

#include "common/mysql/migrations.h"

namespace kith::contacts {

// The migrations in schema/, compiled in.
const mysql::Schema& Schema();

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SCHEMA_H_
