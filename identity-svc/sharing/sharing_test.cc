#include "identity-svc/sharing/sharing.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using base::Uuid;
using internal::v1::Sharing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Uuid Person(int number) {
  return Uuid::MakeFrom(absl::UnixEpoch(), absl::StrCat(number));
}

TEST(SharersTest, TellsWhoSharesTheValueAtEachTime) {
  Sharing sharing;
  EXPECT_THAT(AddSharers({Person(1), Person(2)}, 100, sharing),
              ElementsAre(Person(1), Person(2)));
  EXPECT_THAT(AddSharers({Person(2), Person(3)}, 200, sharing),
              ElementsAre(Person(3)));
  EXPECT_THAT(EndSharers({Person(1), Person(9)}, 300, sharing),
              ElementsAre(Person(1)));
  EXPECT_THAT(AddSharers({Person(1)}, 400, sharing), ElementsAre(Person(1)));
  EXPECT_THAT(SharersAt(sharing, 99), IsEmpty());
  EXPECT_THAT(SharersAt(sharing, 100), ElementsAre(Person(1), Person(2)));
  EXPECT_THAT(SharersAt(sharing, 299),
              ElementsAre(Person(1), Person(2), Person(3)));
  EXPECT_THAT(SharersAt(sharing, 300), ElementsAre(Person(2), Person(3)));
  EXPECT_THAT(SharersAt(sharing, 400),
              ElementsAre(Person(2), Person(3), Person(1)));
  EXPECT_THAT(SharersOf(sharing), ElementsAre(Person(2), Person(3), Person(1)));
  EXPECT_TRUE(Shares(sharing, Person(3)));
  EXPECT_FALSE(Shares(sharing, Person(9)));
  EXPECT_EQ(FindSharer(sharing, Person(1))->start_micros(), 400);
  EXPECT_EQ(FindSharer(sharing, Person(9)), nullptr);
}

TEST(SharersTest, APeriodLastsAMicrosecondAtLeast) {
  Sharing sharing;
  AddSharers({Person(1)}, 100, sharing);
  EndSharers({Person(1)}, 50, sharing);
  EXPECT_EQ(sharing.sharers(0).end_micros(), 101);
  EXPECT_THAT(EndSharers({Person(1)}, 300, sharing), IsEmpty());
  EXPECT_EQ(sharing.sharers(0).end_micros(), 101);
}

// The column that has it is limited.
TEST(SharersTest, KeepsTheTwentyThatEndedLast) {
  Sharing sharing;
  for (int i = 0; i < kMaxSharers; ++i) AddSharers({Person(i)}, 1, sharing);
  for (int i = 0; i < 100; ++i) {
    const int64_t time = int64_t{10} * i;
    AddSharers({Person(1'000 + i)}, time, sharing);
    EndSharers({Person(1'000 + i)}, time + 5, sharing);
  }
  EXPECT_EQ(sharing.sharers_size(), kMaxSharers + 20);
  EXPECT_EQ(SharersOf(sharing).size(), kMaxSharers);
  EXPECT_EQ(FindSharer(sharing, Person(1'079)), nullptr);
  EXPECT_NE(FindSharer(sharing, Person(1'080)), nullptr);
  EXPECT_LT(sharing.ByteSizeLong(), 1'700U);
}

}  // namespace
}  // namespace kith::identity
