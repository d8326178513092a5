#ifndef KITH_INTERACTIONS_SVC_SCHEMA_H_
#define KITH_INTERACTIONS_SVC_SCHEMA_H_

#include "common/mysql/migrations.h"

namespace kith::interactions {

// Returns the migrations of schema/, which are compiled in.
const mysql::Schema& Schema();

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_SCHEMA_H_
