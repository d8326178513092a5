#include "common/mysql/lists.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::mysql {
namespace {

using ::kith::testing::IsOk;
using ::testing::ElementsAre;

const Schema& ItemsSchema() {
  static const auto* const schema =
      new Schema{{"0001_words",
                  "CREATE TABLE words (kind BIGINT NOT NULL, "
                  "word VARBINARY(20) NOT NULL, "
                  "PRIMARY KEY (kind, word)) ENGINE=InnoDB"}};
  return *schema;
}

class ListsTest : public ::testing::Test {
 protected:
  int64_t Found(const std::vector<absl::string_view>& words) {
    int64_t found = 0;
    EXPECT_THAT(
        QueryListed(session_,
                    "SELECT word FROM words WHERE kind = ? AND word IN (:list)",
                    {7}, words, [&](const Row&) { ++found; }),
        IsOk());
    return found;
  }

  testing::TestDatabase database_{ItemsSchema()};
  Session session_{database_.options()};
};

TEST_F(ListsTest, EveryValueIsNamedOnceHoweverManyThereAre) {
  std::vector<std::string> texts;
  for (int i = 0; i < 1201; ++i) texts.push_back(absl::StrCat("word", i));
  const std::vector<absl::string_view> words(texts.begin(), texts.end());
  for (const std::string& text : texts) {
    ASSERT_THAT(session_.Execute("INSERT INTO words VALUES (?, ?)", {7, text}),
                IsOk());
  }
  EXPECT_EQ(Found({}), 0);
  EXPECT_EQ(Found({"word7", "none"}), 1);
  EXPECT_EQ(Found(words), 1201);
  EXPECT_THAT(
      ExecuteListed(session_,
                    "DELETE FROM words WHERE kind = ? AND word IN (:list)", {7},
                    absl::MakeConstSpan(words).subspan(1)),
      IsOk());
  EXPECT_EQ(Found(words), 1);
}

TEST_F(ListsTest, EachRunHasItsOwnOrderAndLimit) {
  std::vector<std::string> texts;
  for (int i = 0; i < 40; ++i) texts.push_back(absl::StrCat("word", 10 + i));
  for (const std::string& text : texts) {
    ASSERT_THAT(session_.Execute("INSERT INTO words VALUES (?, ?)", {7, text}),
                IsOk());
  }
  std::vector<std::vector<Param>> runs;
  for (int i = 0; i < 37; ++i) {
    runs.push_back({7, absl::string_view(texts[i]), 3});
  }
  for (const size_t most_at_once : {0, 1, 5, 16, 100}) {
    std::vector<std::vector<std::string>> found(runs.size());
    EXPECT_THAT(QueryRuns(session_,
                          "SELECT word FROM words WHERE kind = ? AND word <= ? "
                          "ORDER BY word DESC LIMIT ?",
                          runs, most_at_once,
                          [&](size_t run, const Row& row) {
                            found[run].push_back(row.Bytes(0));
                          }),
                IsOk());
    EXPECT_THAT(found[0], ElementsAre("word10"));
    for (size_t i = 2; i < runs.size(); ++i) {
      EXPECT_THAT(found[i], ElementsAre(texts[i], texts[i - 1], texts[i - 2]));
    }
  }
}

TEST_F(ListsTest, AFailureEndsIt) {
  EXPECT_FALSE(ExecuteListed(session_, "DELETE FROM none WHERE word IN (:list)",
                             {}, {"a"})
                   .ok());
}

}  // namespace
}  // namespace kith::mysql
