#include "tests/bench/statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/matchers.h"
#include "tests/bench/fresh_values.h"

namespace kith::bench {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Optional;

Value Text(absl::string_view text) { return std::string(text); }

TEST(ReadValuesTest, ReadsEveryKindOfValue) {
  EXPECT_THAT(ReadValues("INSERT INTO t (a, b) VALUES (?, ?, ?, ?, ?)",
                         "INSERT INTO t (a, b) VALUES (18446744073709551615, "
                         "-5, NULL, 'abc', '')"),
              Optional(ElementsAre(Value(uint64_t{18446744073709551615u}),
                                   Value(int64_t{-5}), Value(), Text("abc"),
                                   Text(""))));
}

TEST(ReadValuesTest, UndoesWhatTheServerEscapes) {
  EXPECT_THAT(
      ReadValues("SELECT ?", R"(SELECT '\0\n\r\Z\\\'\"?')"),
      Optional(ElementsAre(Text(absl::string_view("\0\n\r\x1a\\'\"?", 8)))));
  // A byte that is no UTF-8 has a backslash before it.
  EXPECT_THAT(ReadValues("SELECT ?", "SELECT '\\\x82\\\xff caf\xc3\xa9'"),
              Optional(ElementsAre(Text("\x82\xff caf\xc3\xa9"))));
}

TEST(ReadValuesTest, TellsStatementsApart) {
  constexpr char kOne[] = "SELECT a FROM t WHERE a IN (?) LIMIT 1";
  EXPECT_EQ(ReadValues(kOne, "SELECT a FROM t WHERE a IN (1, 2) LIMIT 1"),
            std::nullopt);
  EXPECT_EQ(ReadValues(kOne, "SELECT a FROM t WHERE a IN (1) LIMIT 10"),
            std::nullopt);
  EXPECT_EQ(ReadValues(kOne, "SELECT a FROM t WHERE a IN ('1) LIMIT 1"),
            std::nullopt);
  EXPECT_EQ(ReadValues(kOne, "SELECT a FROM t WHERE a IN (x) LIMIT 1"),
            std::nullopt);
}

Statement Select(std::string a) {
  return {.schema = "s",
          .kind = Statement::Kind::kQuery,
          .sql = "SELECT b FROM t WHERE a = ?",
          .values = {std::move(a)}};
}

Statement Insert(std::string a, std::string b) {
  return {.schema = "s",
          .kind = Statement::Kind::kExecute,
          .sql = "INSERT INTO t (a, b) VALUES (?, ?)",
          .values = {std::move(a), std::move(b)}};
}

absl::string_view TextOf(const mysql::Param& param) {
  return absl::get<absl::string_view>(param.value());
}

TEST(ReplayedCallTest, WhatACallMadeIsNewInEachReplayAndTheSameWithinIt) {
  const auto call =
      ReplayedCall::Fresh({Select("id-1"), Insert("id-1", "who")},
                          {Select("id-2"), Insert("id-2", "who")});
  ASSERT_THAT(call, IsOk());
  Random random(1);
  std::vector<std::string> storage;
  const auto params = call->Params(random, storage);
  const std::string id(TextOf(params[1][0]));
  EXPECT_EQ(id.size(), 4);
  EXPECT_NE(id, "id-1");
  EXPECT_EQ(TextOf(params[0][0]), id);
  EXPECT_EQ(TextOf(params[1][1]), "who");
  const auto again = call->Params(random, storage);
  EXPECT_NE(TextOf(again[1][0]), id);
}

TEST(ReplayedCallTest, CallsThatDifferInMoreThanValuesAreRefused) {
  EXPECT_THAT(ReplayedCall::Fresh({Select("id-1"), Insert("id-1", "who")},
                                  {Select("id-2")}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(FreshLikeTest, KeepsTheTimeOfAUuid) {
  const std::string uuid(
      "\x01\x92\xf0\xc1\x2a\x3b\x7c\x4d\x8e\x5f"
      "abcdef",
      16);
  Random random(1);
  const std::string fresh = FreshLike(uuid, random);
  EXPECT_EQ(fresh.size(), 16);
  EXPECT_EQ(fresh.substr(0, 6), uuid.substr(0, 6));
  EXPECT_NE(fresh, FreshLike(uuid, random));
}

}  // namespace
}  // namespace kith::bench
