#include "tests/bench/general_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"

namespace kith::bench {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// As MariaDB 10.11 writes it.
constexpr char kHead[] =
    "/usr/sbin/mariadbd, Version: 10.11.19-MariaDB. started with:\n"
    "Tcp port: 0  Unix socket: /tmp/kith-kwafotwv/sock\n"
    "Time\t\t    Id Command\tArgument\n";
constexpr char kOpen[] =
    "261122  1:26:21\t     6 Connect\tkith_x@localhost on kith_x using Socket\n"
    "\t\t     6 Query\tSET autocommit=1\n";

absl::StatusOr<std::vector<Statements>> Calls(const std::string& text,
                                              size_t count) {
  return StatementsOfCalls(ParseGeneralLog(text), count);
}

std::vector<std::string> Texts(const Statements& statements) {
  std::vector<std::string> texts;
  for (const Statement& statement : statements) texts.push_back(statement.sql);
  return texts;
}

TEST(GeneralLogTest, ReadsEntriesOverSeveralLines) {
  const auto log = ParseGeneralLog(
      absl::StrCat(kHead, kOpen, "\t\t    17 Prepare\tSELECT a\tFROM t\n",
                   "WHERE b = ?\n", "\t\t    17 Close stmt\t\n"));
  ASSERT_THAT(log, SizeIs(4));
  EXPECT_EQ(log[0].session, 6);
  EXPECT_EQ(log[0].command, "Connect");
  EXPECT_EQ(log[2].session, 17);
  EXPECT_EQ(log[2].argument, "SELECT a\tFROM t\nWHERE b = ?");
  EXPECT_EQ(log[3].command, "Close stmt");
}

TEST(GeneralLogTest, GivesEachCallWhatItExecuted) {
  const auto calls = Calls(
      absl::StrCat(kHead, "\t\t     5 Query\t", CallMarker(0), "\n", kOpen,
                   "\t\t     6 Query\tBEGIN\n"
                   "\t\t     6 Prepare\tINSERT INTO t (a) VALUES (?)\n"
                   "\t\t     6 Execute\tINSERT INTO t (a) VALUES ('x')\n"
                   "\t\t     6 Query\tCOMMIT\n"
                   "\t\t     5 Query\t",
                   CallMarker(1),
                   "\n"
                   "\t\t     6 Prepare\tSELECT a FROM t WHERE a IN (?, ?)\n"
                   "\t\t     6 Execute\tSELECT a FROM t WHERE a IN (1, 2)\n"
                   "\t\t     6 Prepare\t(SELECT 0, ?) UNION ALL (SELECT 1, ?)\n"
                   "\t\t     6 Execute\t(SELECT 0, 1) UNION ALL (SELECT 1, 2)\n"
                   "\t\t     5 Query\tDO 'kith-bench call end'\n"
                   "\t\t     6 Execute\tSELECT a FROM t WHERE a IN (3, 4)\n"),
      2);
  ASSERT_THAT(calls, IsOk());
  EXPECT_THAT(Texts((*calls)[0]),
              ElementsAre("BEGIN", "INSERT INTO t (a) VALUES (?)", "COMMIT"));
  EXPECT_EQ((*calls)[0][1].kind, Statement::Kind::kExecute);
  EXPECT_EQ((*calls)[0][1].schema, "kith_x");
  EXPECT_THAT((*calls)[0][1].values, ElementsAre(Value(std::string("x"))));
  EXPECT_THAT(Texts((*calls)[1]),
              ElementsAre("SELECT a FROM t WHERE a IN (?, ?)",
                          "(SELECT 0, ?) UNION ALL (SELECT 1, ?)"));
  for (const Statement& statement : (*calls)[1]) {
    EXPECT_EQ(statement.kind, Statement::Kind::kQuery);
  }
}

TEST(GeneralLogTest, SessionsThatWereOpenBeforeAreNoPartOfACall) {
  const auto calls =
      Calls(absl::StrCat(kHead, "\t\t     5 Query\t", CallMarker(0), "\n",
                         "\t\t     3 Execute\tSELECT version FROM v\n"),
            1);
  ASSERT_THAT(calls, IsOk());
  EXPECT_THAT((*calls)[0], IsEmpty());
}

TEST(GeneralLogTest, AnUnknownStatementIsAnError) {
  EXPECT_THAT(Calls(absl::StrCat(kHead, "\t\t     5 Query\t", CallMarker(0),
                                 "\n", kOpen, "\t\t     6 Execute\tSELECT 7\n"),
                    1),
              StatusIs(absl::StatusCode::kInternal, "SELECT 7"));
}

}  // namespace
}  // namespace kith::bench
