#include "gateway/edge/codecs/envelope.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gateway/edge/codecs/gzip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kMost = 1000;

absl::StatusCode CodeOf(absl::string_view body, absl::string_view coding = "") {
  return ReadFrames(body, coding, kMost).status().code();
}

TEST(EnvelopeTest, AFrameHasFlagsAndItsLengthBigEndFirst) {
  EXPECT_EQ(Frame(2, "ab"), std::string("\2\0\0\0\2ab", 7));
  EXPECT_EQ(Frame(0, std::string(258, 'x')).substr(0, 5),
            std::string("\0\0\0\1\2", 5));
}

TEST(EnvelopeTest, MessagesAreReadAsTheyWereFramed) {
  EXPECT_THAT(*ReadFrames("", "", kMost), IsEmpty());
  EXPECT_THAT(
      *ReadFrames(absl::StrCat(Frame(0, "a"), Frame(0, ""), Frame(0, "bc")),
                  "identity", kMost),
      ElementsAre("a", "", "bc"));
}

TEST(EnvelopeTest, EachMessageMayBeCompressed) {
  EXPECT_THAT(*ReadFrames(absl::StrCat(Frame(1, Gzip("a")), Frame(0, "b"),
                                       Frame(1, "")),
                          "gzip", kMost),
              ElementsAre("a", "b", ""));
}

TEST(EnvelopeTest, WhatIsNoMessageIsRefusedByItsKind) {
  EXPECT_EQ(CodeOf(std::string("\0\0\0", 3)),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Frame(0, "abc").substr(0, 7)),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Frame(1, "abc"), "gzip"),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Frame(1, Gzip("a"))), absl::StatusCode::kInternal);
  EXPECT_EQ(CodeOf(Frame(2, "{}")), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(CodeOf(Frame(0x80, "")), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(CodeOf("", "br"), absl::StatusCode::kUnimplemented);
}

TEST(EnvelopeTest, WhatIsTooLargeIsRefusedBeforeItIsThere) {
  constexpr auto kTooMuch = absl::StatusCode::kResourceExhausted;
  EXPECT_EQ(CodeOf(std::string("\0\xff\xff\xff\xff", 5)), kTooMuch);
  EXPECT_EQ(CodeOf(Frame(1, Gzip(std::string(kMost + 1, 'x'))), "gzip"),
            kTooMuch);
  const std::string half = Frame(0, std::string(kMost / 2 + 1, 'x'));
  EXPECT_EQ(CodeOf(absl::StrCat(half, half)), kTooMuch);
}

TEST(EnvelopeTest, Base64MayEndSeveralTimes) {
  EXPECT_EQ(*DecodeBase64Pieces(""), "");
  EXPECT_EQ(*DecodeBase64Pieces("YWJj"), "abc");
  EXPECT_EQ(*DecodeBase64Pieces("YQ==YmM=ZGVm"), "abcdef");
  for (const char* const bad : {"Y", "YQ=", "YQ==Y", "Y Q=", "====", "Y%3D="}) {
    EXPECT_EQ(DecodeBase64Pieces(bad).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

}  // namespace
}  // namespace kith::edge
