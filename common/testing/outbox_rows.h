#ifndef KITH_COMMON_TESTING_OUTBOX_ROWS_H_
#define KITH_COMMON_TESTING_OUTBOX_ROWS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/mysql/session.h"
#include "common/testing/test_database.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::testing {

// Returns the changes in the outbox of a service that runs without a sequencer:
// each owner's changes in their order.
inline std::vector<changes::v1::Change> OutboxRows(
    const TestDatabase& database) {
  mysql::Session session(database.options());
  std::vector<changes::v1::Change> changes;
  EXPECT_TRUE(session
                  .Query("SELECT details FROM outbox ORDER BY id", {},
                         [&](const mysql::Row& row) {
                           changes.emplace_back().ParseFromString(row.Bytes(0));
                         })
                  .ok());
  return changes;
}

// Returns the changes of one owner as "version what": "2 contact_updated".
inline std::vector<std::string> ToldOf(const TestDatabase& database,
                                       const std::string& owner) {
  std::vector<std::string> told;
  for (const changes::v1::Change& change : OutboxRows(database)) {
    if (change.owner() != owner) continue;
    const auto* what =
        changes::v1::Change::GetReflection()->GetOneofFieldDescriptor(
            change,
            changes::v1::Change::GetDescriptor()->FindOneofByName("what"));
    told.push_back(absl::StrCat(change.owner_version(), " ", what->name()));
  }
  return told;
}

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_OUTBOX_ROWS_H_
