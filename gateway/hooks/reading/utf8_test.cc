#include "gateway/hooks/reading/utf8.h"

#include <string>

#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

TEST(Utf8Test, KnowsWhatIsUtf8) {
  for (const char* good : {"", "abc", "\xC3\xA4", "\xE2\x82\xAC",
                           "\xF0\x9F\x98\x80", "\xEF\xBF\xBD"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const char* bad : {"\xE4", "\xC3", "a\xC0\xAF", "\xE0\x80\xAF",
                          "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80", "\x80", "\xE2\x82", "\xC3\xC3"}) {
    EXPECT_FALSE(IsUtf8(bad)) << bad;
  }
}

TEST(Utf8Test, ReadsOtherBytesAsWindows1252) {
  EXPECT_EQ(ToUtf8("M\xFCller \x80 \x93x\x94"),
            "M\xC3\xBCller \xE2\x82\xAC \xE2\x80\x9Cx\xE2\x80\x9D");
  EXPECT_EQ(ToUtf8("\x81"), "\xEF\xBF\xBD");
  EXPECT_EQ(ToUtf8("M\xC3\xBCller"), "M\xC3\xBCller");
}

}  // namespace
}  // namespace kith::gateway
