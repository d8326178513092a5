#ifndef KITH_IDENTITY_SVC_SCHEMA_H_
#define KITH_IDENTITY_SVC_SCHEMA_H_

#include "common/mysql/migrations.h"

namespace kith::identity {

// The migrations in schema/, compiled in.
const mysql::Schema& Schema();

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_SCHEMA_H_
