#ifndef KITH_IDENTITY_SVC_SCHEMA_H_
#define KITH_IDENTITY_SVC_SCHEMA_H_

#include "common/mysql/migrations.h"

namespace kith::identity {

// Returns the migrations of schema/, which are compiled in.
const mysql::Schema& Schema();

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_SCHEMA_H_
