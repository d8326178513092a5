#include "interactions-svc/journal/entry_body.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

int64_t SizeOf(const std::string& body) {
  return static_cast<int64_t>(body.size());
}

// All bytes that there are, in an order that does not compress well.
std::string Noise(size_t size) {
  std::string noise;
  uint32_t state = 1;
  while (noise.size() < size) {
    state = state * 1'664'525 + 1'013'904'223;
    noise.push_back(static_cast<char>(state >> 24));
  }
  return noise;
}

TEST(EntryBodyTest, ComesBackByteForByte) {
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte) {
    all_bytes.push_back(static_cast<char>(byte));
  }
  for (const std::string& body :
       {std::string(), std::string(1, '\0'), std::string("a=1&b=%00\r\n"),
        all_bytes, std::string(1 << 20, 'x'), Noise(1 << 20)}) {
    const auto read = DecompressBody(CompressBody(body), SizeOf(body));
    ASSERT_THAT(read, IsOk());
    EXPECT_TRUE(*read == body) << body.size() << " bytes";
  }
}

TEST(EntryBodyTest, IsSmallerInTheTable) {
  EXPECT_LT(CompressBody(std::string(1 << 20, 'x')).size(), 10'000);
}

TEST(EntryBodyTest, DamageIsNoticed) {
  const std::string body = Noise(1'000);
  const std::string compressed = CompressBody(body);
  std::string altered = compressed;
  altered[altered.size() / 2] ^= 1;
  for (const std::string& damaged :
       {std::string(), compressed.substr(0, compressed.size() / 2), altered,
        absl::StrCat("x", compressed)}) {
    EXPECT_THAT(DecompressBody(damaged, SizeOf(body)),
                StatusIs(StatusCode::kDataLoss, "damaged"))
        << damaged.size();
  }
}

TEST(EntryBodyTest, ABodyOfAnotherSizeIsNotRead) {
  const std::string compressed = CompressBody(std::string(1 << 20, 'x'));
  for (const int64_t size : {0, 10, (1 << 20) - 1, (1 << 20) + 1}) {
    EXPECT_THAT(DecompressBody(compressed, size),
                StatusIs(StatusCode::kDataLoss, "damaged"))
        << size;
  }
}

}  // namespace
}  // namespace kith::interactions
