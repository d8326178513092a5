#include "identity-svc/consent/suppression_key.h"

#include "common/base/text_file.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using absl::StatusCode;
using ::kith::testing::StatusIs;

constexpr char kMailKey[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

TEST(SuppressionKeyTest, DiffersByTenantValueAndSecret) {
  const SuppressionKey key("one secret");
  EXPECT_EQ(key.Hash(1, kMailKey).size(), 32U);
  EXPECT_EQ(key.Hash(1, kMailKey),
            SuppressionKey("one secret").Hash(1, kMailKey));
  EXPECT_NE(key.Hash(1, kMailKey), key.Hash(2, kMailKey));
  EXPECT_NE(key.Hash(1, kMailKey), key.Hash(1, "bbbb"));
  EXPECT_NE(key.Hash(1, kMailKey), SuppressionKey("other").Hash(1, kMailKey));
}

TEST(SuppressionKeyTest, ManyAreHashedAsEachAlone) {
  const SuppressionKey key("one secret");
  EXPECT_THAT(
      key.Hashes(7, {kMailKey, "bbbb"}),
      ::testing::ElementsAre(key.Hash(7, kMailKey), key.Hash(7, "bbbb")));
  EXPECT_THAT(key.Hashes(7, {}), ::testing::IsEmpty());
}

TEST(SuppressionKeyTest, RefusesAShortOrMissingSecret) {
  const std::string file = ::testing::TempDir() + "/suppression.key";
  EXPECT_THAT(SuppressionKey::Load("").status(),
              StatusIs(StatusCode::kInvalidArgument, "not given"));
  EXPECT_THAT(SuppressionKey::Load(file + ".none").status(),
              StatusIs(StatusCode::kNotFound, ""));
  ASSERT_TRUE(base::WriteFileAtomically(file, "short\n").ok());
  EXPECT_THAT(SuppressionKey::Load(file).status(),
              StatusIs(StatusCode::kInvalidArgument, "5 characters"));
  ASSERT_TRUE(
      base::WriteFileAtomically(file, "0123456789abcdef0123456789abcdef").ok());
  EXPECT_TRUE(SuppressionKey::Load(file).ok());
}

}  // namespace
}  // namespace kith::identity
