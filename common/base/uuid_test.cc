#include "common/base/uuid.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::base {
namespace {

using ::testing::AnyOf;
using ::testing::Optional;
using ::testing::StartsWith;

// The example of RFC 9562, appendix A.6.
constexpr int64_t kMillis = 0x017F22E279B0;
constexpr char kText[] = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

absl::Time At(int64_t millis) { return absl::FromUnixMillis(millis); }

TEST(UuidTest, BeginsWithTheTimeAndSaysVersion7) {
  for (int i = 0; i < 100; ++i) {
    const std::string text = Uuid::Make(At(kMillis)).ToString();
    ASSERT_EQ(text.size(), 36);
    EXPECT_THAT(text, StartsWith("017f22e2-79b0-7"));
    EXPECT_THAT(text[19], AnyOf('8', '9', 'a', 'b')) << text;
  }
}

TEST(UuidTest, SameMillisecondMakesDifferentIds) {
  std::set<std::string> made;
  for (int i = 0; i < 1000; ++i) made.insert(Uuid::Make(At(1)).ToString());
  EXPECT_EQ(made.size(), 1000);
}

TEST(UuidTest, OrderIsThatOfTime) {
  // Where a byte passes 0x7F, signed characters would turn the order round.
  for (const int64_t millis : {0x7Fl, 0xFFl, 0x7FFFl, kMillis, 0x7FFFFFFFFFl}) {
    const Uuid earlier = Uuid::Make(At(millis));
    const Uuid later = Uuid::Make(At(millis + 1));
    EXPECT_LT(earlier, later) << millis;
    EXPECT_LT(earlier.ToString(), later.ToString()) << millis;
  }
}

TEST(UuidTest, TimeBeforeTheEpochIsTheEpoch) {
  EXPECT_THAT(Uuid::Make(At(-5)).ToString(), StartsWith("00000000-0000-7"));
}

TEST(UuidTest, MakeFromDependsOnItsArgumentsAlone) {
  const Uuid id = Uuid::MakeFrom(At(kMillis), "tenant 1, request a");
  EXPECT_EQ(id, Uuid::MakeFrom(At(kMillis), "tenant 1, request a"));
  EXPECT_NE(id, Uuid::MakeFrom(At(kMillis), "tenant 2, request a"));
  EXPECT_NE(id, Uuid::MakeFrom(At(kMillis + 1), "tenant 1, request a"));
  EXPECT_THAT(id.ToString(), StartsWith("017f22e2-79b0-7"));
  EXPECT_THAT(id.ToString()[19], AnyOf('8', '9', 'a', 'b'));
}

TEST(UuidTest, MakeFromAnswersTheSameInEveryRelease) {
  // Retries that cross a release must propose the same id.
  EXPECT_EQ(Uuid::MakeFrom(At(kMillis), "abc").ToString(),
            "017f22e2-79b0-7fea-8141-40de5dae2223");
}

TEST(UuidTest, ParseReadsBothCases) {
  const auto lower = Uuid::Parse(kText);
  EXPECT_THAT(lower,
              Optional(Uuid::Parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")));
  EXPECT_EQ(lower->ToString(), kText);
}

TEST(UuidTest, ParseRefusesAnythingElse) {
  for (const char* text : {
           "",
           "017f22e279b07cc398c4dc0c0c07398f",
           "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
           "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
           "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
           "017f22e2-79b0-7cc3-98c4+dc0c0c07398f",
           "017f22e27-9b0-7cc3-98c4-dc0c0c07398f",
           "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
           " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
           "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
       }) {
    EXPECT_EQ(Uuid::Parse(text), std::nullopt) << text;
  }
}

TEST(UuidTest, BytesRoundTrip) {
  const Uuid id = *Uuid::Parse(kText);
  EXPECT_EQ(id.bytes().size(), 16);
  EXPECT_EQ(Uuid::FromBytes(id.bytes()), id);
}

TEST(UuidTest, BytesOfAnotherLengthAreTheNilUuid) {
  EXPECT_EQ(Uuid().ToString(), "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(Uuid::FromBytes(""), Uuid());
  EXPECT_EQ(Uuid::FromBytes("fifteen bytes.."), Uuid());
  EXPECT_EQ(Uuid::FromBytes("seventeen bytes.."), Uuid());
  EXPECT_NE(Uuid::FromBytes("sixteen bytes..."), Uuid());
}

}  // namespace
}  // namespace kith::base
