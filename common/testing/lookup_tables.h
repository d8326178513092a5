#ifndef KITH_COMMON_TESTING_LOOKUP_TABLES_H_
#define KITH_COMMON_TESTING_LOOKUP_TABLES_H_

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/mysql/lookup.h"
#include "common/mysql/migrations.h"
#include "common/mysql/session.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::testing {

// Matches a report without failures that has these numbers.
MATCHER_P3(Reports, compared, missing, extra, "") {
  *result_listener << arg.compared << " compared, " << arg.missing
                   << " missing, " << arg.extra << " extra, " << arg.failed
                   << " failed: " << arg.failure.ToString();
  return arg.compared == compared && arg.missing == missing &&
         arg.extra == extra && arg.failed == 0;
}

// Matches a report without failures and differences.
MATCHER(IsClean, "") {
  return ExplainMatchResult(Reports(arg.compared, 0, 0), arg, result_listener);
}

// Returns the tables that the migrations declare as lookups.
inline std::set<std::string> DeclaredLookups(const mysql::Schema& schema) {
  std::set<std::string> tables;
  for (const mysql::Migration& migration : schema) {
    if (!absl::StrContains(migration.sql, "'kith: lookup(of ")) continue;
    const std::vector<std::string> words =
        absl::StrSplit(migration.sql, absl::ByAnyChar(" \n"));
    tables.insert(words[2]);  // CREATE TABLE x
  }
  return tables;
}

// A transaction on a session of its own, which is open until Commit.
class OpenTransaction {
 public:
  explicit OpenTransaction(const TestDatabase& database)
      : session_(database.options()) {
    EXPECT_THAT(session_.ExecuteText("BEGIN"), IsOk());
  }

  void Commit() { EXPECT_THAT(session_.ExecuteText("COMMIT"), IsOk()); }

  mysql::Session& session() { return session_; }

 private:
  mysql::Session session_;
};

// Checks and rebuilds the lookups of a service on its database. For one thread.
class LookupTables {
 public:
  LookupTables(const TestDatabase& database, const base::Clock& clock,
               std::vector<mysql::Lookup> lookups)
      : database_(database), clock_(clock), lookups_(std::move(lookups)) {}

  // The tables of the lookups.
  std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& lookup : lookups_) names.emplace(lookup.table);
    return names;
  }

  // Compares one lookup and changes nothing.
  mysql::LookupReport Check(const std::string& table) const {
    return Compare(table, mysql::LookupWork::kCheck, false);
  }

  // Compares one lookup and mends it.
  mysql::LookupReport Rebuild(const std::string& table) const {
    return Compare(table, mysql::LookupWork::kRebuild, false);
  }

  // Rebuilds the lookup. Commits `writer` once the rebuild waits for a lock of
  // it.
  mysql::LookupReport RebuildAcross(const std::string& table,
                                    OpenTransaction& writer) const {
    mysql::LookupReport report;
    std::atomic<bool> done = false;
    std::thread rebuild([&] {
      report = Rebuild(table);
      done = true;
    });
    // There is no event for this, so poll.
    while (!done && !SomebodyWaits()) std::this_thread::yield();
    EXPECT_FALSE(done) << "waits for nobody";
    writer.Commit();
    rebuild.join();
    return report;
  }

  // Rebuilds the lookup on a session on which every write fails.
  mysql::LookupReport RebuildWithoutWriting(const std::string& table) const {
    return Compare(table, mysql::LookupWork::kRebuild, true);
  }

  // Returns all rows of the lookup.
  mysql::LookupRows Content(const std::string& table) const {
    const mysql::LookupRow& key = Find(table).least;
    mysql::LookupRows rows;
    mysql::Session session(database_.options());
    EXPECT_TRUE(session
                    .Query(absl::StrCat("SELECT * FROM ", table), {},
                           [&](const mysql::Row& row) {
                             mysql::LookupRow read;
                             for (int i = 0; i < static_cast<int>(key.size());
                                  ++i) {
                               read.emplace_back(row.Bytes(i));
                             }
                             rows.insert(std::move(read));
                           })
                    .ok());
    return rows;
  }

  // Expects that a check finds this many missing and extra rows compared to
  // `before`, and changes nothing; and that a rebuild restores `before`.
  void ExpectMended(const std::string& table, const mysql::LookupRows& before,
                    int64_t missing, int64_t extra) const {
    SCOPED_TRACE(
        absl::StrCat(table, ", ", missing, " missing, ", extra, " extra"));
    const int64_t rows = static_cast<int64_t>(before.size()) + extra;
    const mysql::LookupRows spoilt = Content(table);
    EXPECT_THAT(Check(table), Reports(rows, missing, extra));
    EXPECT_EQ(Content(table), spoilt);
    const mysql::LookupReport report = Rebuild(table);
    EXPECT_THAT(report, Reports(rows, missing, extra));
    EXPECT_EQ(report.mended, missing + extra);
    EXPECT_EQ(Content(table), before);
    EXPECT_THAT(RebuildWithoutWriting(table), IsClean());
  }

  // Removes rows, alters `column` in some and adds rows of owners that are not
  // there, one after the other, and expects that a rebuild mends each. The
  // tenants 1 and 2 have equally many rows. `key` is the values of a new row
  // between its tenant and its owner.
  void ExpectMendedWhateverIsWrong(const std::string& table,
                                   const std::string& column,
                                   const std::string& key) const {
    const mysql::LookupRows before = Content(table);
    const std::string remove = absl::StrCat("DELETE FROM ", table);
    database_.Execute(absl::StrCat(remove, " WHERE tenant_id = 1"));
    database_.Execute(absl::StrCat(remove, " WHERE tenant_id = 2 LIMIT 3"));
    ExpectMended(table, before, static_cast<int64_t>(before.size()) / 2 + 3, 0);
    for (const int tenant : {1, 2}) {
      database_.Execute(
          absl::StrCat("UPDATE ", table, " SET ", column,
                       " = CONCAT(UNHEX(REPEAT('EE', 8)), SUBSTRING(", column,
                       ", 9)) WHERE tenant_id = ", tenant, " LIMIT 4"));
    }
    ExpectMended(table, before, 8, 8);
    // In a tenant that has nothing else, too.
    for (const int tenant : {1, 2, 3}) {
      for (const char* owner : {"REPEAT(CHAR(0), 16)", "REPEAT('x', 16)"}) {
        database_.Execute(absl::StrCat("INSERT INTO ", table, " VALUES (",
                                       tenant, ", ", key, ", ", owner, ")"));
      }
    }
    ExpectMended(table, before, 0, 6);
  }

  // Expects that no lookup differs from its home.
  void ExpectAllClean() const {
    for (const std::string& table : names()) {
      EXPECT_THAT(Check(table), IsClean()) << table;
    }
  }

 private:
  const mysql::Lookup& Find(const std::string& table) const {
    for (const auto& lookup : lookups_) {
      if (lookup.table == table) return lookup;
    }
    ADD_FAILURE() << "no lookup " << table;
    return lookups_.front();
  }

  // True if a statement waits for a lock. Statements take microseconds, so one
  // that takes longer than 100 ms waits.
  bool SomebodyWaits() const {
    return database_.SelectInt(
               "SELECT COUNT(*) FROM information_schema.processlist "
               "WHERE db = DATABASE() AND command = 'Execute' "
               "AND time_ms > 100") > 0;
  }

  mysql::LookupReport Compare(const std::string& table, mysql::LookupWork work,
                              bool read_only) const {
    mysql::Session session(database_.options());
    if (read_only) {
      EXPECT_TRUE(
          session.ExecuteText("SET SESSION TRANSACTION READ ONLY").ok());
    }
    const auto report =
        mysql::CompareLookup(session, Find(table), work, clock_);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : mysql::LookupReport();
  }

  const TestDatabase& database_;
  const base::Clock& clock_;
  const std::vector<mysql::Lookup> lookups_;
};

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_LOOKUP_TABLES_H_
