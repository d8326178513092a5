#include "common/mysql/migrations.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::mysql {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

Schema Two() {
  return {{"0001_a", "CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY)"},
          {"0002_b", "CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY)"}};
}

Schema Three() {
  Schema schema = Two();
  schema.push_back({"0003_a_name", "ALTER TABLE a ADD COLUMN name TEXT"});
  return schema;
}

class MigrationsTest : public ::testing::Test {
 protected:
  // A database that was never migrated.
  void SetUp() override {
    database_.Execute("DROP TABLE schema_version, leases");
  }

  int64_t Applied() {
    return database_.SelectInt("SELECT COUNT(*) FROM schema_version");
  }

  int64_t Tables() {
    return database_.SelectInt(
        "SELECT COUNT(*) FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_name IN ('a', 'b')");
  }

  testing::TestDatabase database_{Schema()};
  Session session_{database_.options()};
};

TEST_F(MigrationsTest, ApplyWhatIsMissingOnce) {
  ASSERT_THAT(Migrate(session_, Two()), IsOk());
  EXPECT_EQ(Tables(), 2);
  EXPECT_EQ(*SchemaVersion(session_), 2);
  // A second CREATE TABLE would fail.
  ASSERT_THAT(Migrate(session_, Two()), IsOk());
  EXPECT_EQ(Applied(), 2);
  ASSERT_THAT(Migrate(session_, Three()), IsOk());
  EXPECT_EQ(*SchemaVersion(session_), 3);
  EXPECT_THAT(session_.Execute("INSERT INTO a (id, name) VALUES (1, 'x')"),
              IsOk());
}

TEST_F(MigrationsTest, AreNotedByNameAndTime) {
  const int64_t before = absl::ToUnixMicros(absl::Now());
  ASSERT_THAT(Migrate(session_, Two()), IsOk());
  EXPECT_EQ(database_.SelectInt(absl::StrCat(
                "SELECT COUNT(*) FROM schema_version WHERE name = '0002_b' "
                "AND version = 2 AND applied_micros >= ",
                before)),
            1);
}

TEST_F(MigrationsTest, RefuseANewerDatabase) {
  ASSERT_THAT(Migrate(session_, Three()), IsOk());
  EXPECT_THAT(Migrate(session_, Two()),
              StatusIs(StatusCode::kFailedPrecondition,
                       "schema version 3, newer than this binary's 2"));
  EXPECT_EQ(Applied(), 3);
  // And give the lease back.
  EXPECT_THAT(Migrate(session_, Three()), IsOk());
}

TEST_F(MigrationsTest, AreAbortedWhereAnotherHoldsTheLease) {
  ASSERT_THAT(Migrate(session_, Schema()), IsOk());
  const int64_t later = absl::ToUnixMicros(absl::Now() + absl::Minutes(5));
  database_.Execute(absl::StrCat("UPDATE leases SET holder = 'another', ",
                                 "expires_micros = ", later));
  EXPECT_THAT(Migrate(session_, Two()),
              StatusIs(StatusCode::kAborted, "another process is migrating"));
  EXPECT_EQ(Tables(), 0);
  // Nor is it taken from the holder.
  EXPECT_EQ(database_.SelectInt(absl::StrCat(
                "SELECT COUNT(*) FROM leases WHERE expires_micros = ", later)),
            1);
}

TEST_F(MigrationsTest, TakeALeaseThatRanOut) {
  ASSERT_THAT(Migrate(session_, Schema()), IsOk());
  const int64_t past = absl::ToUnixMicros(absl::Now() - absl::Seconds(1));
  database_.Execute(absl::StrCat("UPDATE leases SET holder = 'dead', ",
                                 "expires_micros = ", past));
  EXPECT_THAT(Migrate(session_, Two()), IsOk());
}

TEST_F(MigrationsTest, ThatStartAtOnceDoNotMeet) {
  std::vector<absl::Status> answers(4);
  std::vector<std::thread> threads;
  for (absl::Status& answer : answers) {
    threads.emplace_back([&] {
      Session session(database_.options());
      answer = Migrate(session, Three());
    });
  }
  for (std::thread& thread : threads) thread.join();
  int ok = 0;
  for (const absl::Status& answer : answers) {
    if (answer.ok()) {
      ++ok;
    } else {
      EXPECT_THAT(answer, StatusIs(StatusCode::kAborted));
    }
  }
  EXPECT_GE(ok, 1);
  EXPECT_EQ(Applied(), 3);
}

TEST_F(MigrationsTest, NameTheOneThatFailed) {
  Schema schema = Two();
  schema.push_back({"0003_typo", "CREATE TABEL c (id BIGINT)"});
  schema.push_back({"0004_c", "CREATE TABLE c (id BIGINT)"});
  EXPECT_THAT(Migrate(session_, schema),
              StatusIs(StatusCode::kInternal, "migration 0003_typo: "));
  // What came before it stays, what comes after it waits.
  EXPECT_EQ(*SchemaVersion(session_), 2);
  schema[2].sql = "CREATE TABLE c_was_mistyped (id BIGINT)";
  EXPECT_THAT(Migrate(session_, schema), IsOk());
  EXPECT_EQ(Applied(), 4);
}

TEST_F(MigrationsTest, ACheckSaysWhatToDo) {
  EXPECT_THAT(CheckSchema(session_, Two()),
              StatusIs(StatusCode::kFailedPrecondition,
                       "no schema yet; run the service with --migrate"));
  ASSERT_THAT(Migrate(session_, Two()), IsOk());
  EXPECT_THAT(CheckSchema(session_, Two()), IsOk());
  EXPECT_THAT(CheckSchema(session_, Three()),
              StatusIs(StatusCode::kFailedPrecondition,
                       "at schema version 2, want 3; run the service with "
                       "--migrate"));
}

TEST_F(MigrationsTest, AnOlderBinaryServesANewerDatabase) {
  ASSERT_THAT(Migrate(session_, Three()), IsOk());
  EXPECT_THAT(CheckSchema(session_, Two()), IsOk());
}

}  // namespace
}  // namespace kith::mysql
