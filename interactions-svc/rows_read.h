#ifndef KITH_INTERACTIONS_SVC_ROWS_READ_H_
#define KITH_INTERACTIONS_SVC_ROWS_READ_H_

#include <cstdint>

#include "common/mysql/session.h"
#include "common/testing/matchers.h"
#include "gtest/gtest.h"

namespace kith::interactions {

// Row reads of this session since the server last reset its count.
inline int64_t RowsRead(mysql::Session& session) {
  int64_t rows = 0;
  EXPECT_THAT(
      session.Query("SELECT variable_value FROM "
                    "information_schema.session_status WHERE variable_name IN "
                    "('HANDLER_READ_FIRST', 'HANDLER_READ_KEY', "
                    "'HANDLER_READ_LAST', 'HANDLER_READ_NEXT', "
                    "'HANDLER_READ_PREV', 'HANDLER_READ_RND', "
                    "'HANDLER_READ_RND_NEXT', 'HANDLER_READ_RND_DELETED')",
                    {}, [&](const mysql::Row& row) { rows += row.Int(0); }),
      testing::IsOk());
  return rows;
}

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ROWS_READ_H_
