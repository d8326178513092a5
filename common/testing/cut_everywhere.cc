#include "common/testing/cut_everywhere.h"

#include "absl/time/clock.h"
#include "common/testing/database_proxy.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::testing {
namespace {

// Makes the call with the link cut behind so many messages. Returns false if
// the call came to its end before.
bool CutBehind(
    int messages, const mysql::SessionOptions& database,
    absl::FunctionRef<absl::Status(mysql::Session&, absl::Time)> call) {
  DatabaseProxy proxy(database.address);
  mysql::SessionOptions options = database;
  options.address = proxy.address();
  mysql::Session session(options);
  EXPECT_THAT(session.Connect(), IsOk());
  proxy.CutAfter(messages);
  const absl::Status status =
      call(session, absl::Now() + absl::Milliseconds(500));
  EXPECT_EQ(status.ok(), !proxy.cut()) << status;
  return proxy.cut();
}

}  // namespace

int CutEverywhere(
    const mysql::SessionOptions& database,
    absl::FunctionRef<absl::Status(mysql::Session&, absl::Time)> call,
    absl::FunctionRef<std::string()> state) {
  const std::string before = state();
  std::string after;
  for (int messages = 0;; ++messages) {
    const bool cut = CutBehind(messages, database, call);
    const std::string now = state();
    if (now != before && after.empty()) after = now;
    if (now != before) {
      EXPECT_EQ(now, after) << "cut behind " << messages;
    }
    if (cut) continue;
    EXPECT_NE(now, before);
    return messages;
  }
}

}  // namespace kith::testing
