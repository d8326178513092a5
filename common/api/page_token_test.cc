#include "common/api/page_token.h"

#include <string>

#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::api {
namespace {

using absl::StatusCode;
using ::kith::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

TEST(PageTokenTest, APositionComesBack) {
  for (const std::string& position :
       {std::string("17"), std::string("a\0b", 3), std::string(300, '\xFF'),
        std::string()}) {
    const std::string token = MakePageToken(position, "list/1");
    EXPECT_THAT(token, MatchesRegex("[A-Za-z0-9_-]+"));
    EXPECT_EQ(*ReadPageToken(token, "list/1"), position);
  }
}

TEST(PageTokenTest, NoTokenIsTheFirstPage) {
  EXPECT_THAT(*ReadPageToken("", "list/1"), IsEmpty());
}

TEST(PageTokenTest, AnotherRequestsTokenIsRefused) {
  const std::string token = MakePageToken("17", "list/1");
  EXPECT_THAT(ReadPageToken(token, "list/2"),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
  EXPECT_THAT(ReadPageToken(token, ""),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

TEST(PageTokenTest, PositionAndBindingDoNotRunTogether) {
  const std::string token = MakePageToken("1", "23");
  const std::string other = MakePageToken("12", "3");
  EXPECT_NE(token.substr(0, 8), other.substr(0, 8));
}

TEST(PageTokenTest, ATokenThatWasTamperedWithIsRefused) {
  const std::string token = MakePageToken("position", "list/1");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string bad = token;
    bad[i] = bad[i] == 'A' ? 'z' : 'A';
    EXPECT_THAT(ReadPageToken(bad, "list/1"),
                StatusIs(StatusCode::kInvalidArgument, "page_token"))
        << bad;
  }
  for (const std::string& bad :
       {token.substr(0, token.size() - 4), token + "AAAA",
        std::string("nonsense"), std::string("!!!"), std::string("AA")}) {
    EXPECT_THAT(ReadPageToken(bad, "list/1"),
                StatusIs(StatusCode::kInvalidArgument, "page_token"))
        << bad;
  }
}

TEST(PageTokenTest, APageSizeTooBigIsCoerced) {
  EXPECT_EQ(PageSize(0, 50, 500), 50);
  EXPECT_EQ(PageSize(1, 50, 500), 1);
  EXPECT_EQ(PageSize(500, 50, 500), 500);
  EXPECT_EQ(PageSize(501, 50, 500), 500);
}

}  // namespace
}  // namespace kith::api
