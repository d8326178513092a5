#include "common/testing/test_database.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/text_file.h"
#include "common/base/uuid.h"
#include "gtest/gtest.h"

namespace kith::testing {
namespace {

std::string Address() {
  const char* const file = std::getenv("KITH_TEST_DATABASE_FILE");
  auto address = base::ReadFile(file == nullptr ? "" : file);
  if (!address.ok()) {
    std::fprintf(stderr,
                 "No test database. Run this test through ctest or ./dev test, "
                 "which start one.\n");
    std::exit(1);
  }
  return std::string(absl::StripAsciiWhitespace(*address));
}

void MustBeOk(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "test database: %s\n", status.ToString().c_str());
  std::exit(1);
}

}  // namespace

TestDatabase::TestDatabase(const mysql::Schema& schema) {
  mysql::InitDriver();
  options_.address = Address();
  options_.user = "root";
  const std::string name = absl::StrCat(
      "test_", absl::StrReplaceAll(base::Uuid::Make(absl::Now()).ToString(),
                                   {{"-", ""}}));
  options_.database = "mysql";
  Execute(absl::StrCat("CREATE DATABASE ", name));
  options_.database = name;
  mysql::Session session(options_);
  MustBeOk(mysql::Migrate(session, schema));
}

TestDatabase::~TestDatabase() {
  Execute(absl::StrCat("DROP DATABASE ", options_.database));
}

int64_t TestDatabase::SelectInt(absl::string_view sql) const {
  mysql::Session session(options_);
  int64_t value = 0;
  bool first = true;
  EXPECT_TRUE(session
                  .Query(sql, {},
                         [&](const mysql::Row& row) {
                           if (first) value = row.Int(0);
                           first = false;
                         })
                  .ok());
  return value;
}

void TestDatabase::Execute(absl::string_view sql) const {
  mysql::Session session(options_);
  MustBeOk(session.ExecuteText(sql));
}

void TestDatabase::KillSessions() const {
  mysql::Session session(options_);
  std::vector<int64_t> ids;
  MustBeOk(
      session.Query("SELECT id FROM information_schema.processlist "
                    "WHERE db = ? AND id <> CONNECTION_ID()",
                    {options_.database},
                    [&](const mysql::Row& row) { ids.push_back(row.Int(0)); }));
  for (const int64_t id : ids) {
    session.ExecuteText(absl::StrCat("KILL ", id)).IgnoreError();
  }
}

}  // namespace kith::testing
