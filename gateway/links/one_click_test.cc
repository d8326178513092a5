#include "gateway/links/one_click.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

constexpr char kFormType[] = "application/x-www-form-urlencoded";
constexpr char kPartsType[] = "multipart/form-data; boundary=\"x7\"";

std::string OnePart(const std::string& name, const std::string& value) {
  return absl::StrCat("--x7\r\nContent-Disposition: form-data; name=\"", name,
                      "\"\r\n\r\n", value, "\r\n--x7--\r\n");
}

TEST(OneClickTest, BothFormsOfRfc8058Are) {
  EXPECT_TRUE(IsOneClick(kFormType, kOneClick));
  EXPECT_TRUE(IsOneClick("Application/X-WWW-Form-Urlencoded; charset=utf-8",
                         absl::StrCat(kOneClick, "\r\n")));
  EXPECT_TRUE(IsOneClick(kFormType, absl::StrCat("a=b&", kOneClick)));
  EXPECT_TRUE(IsOneClick(kPartsType, OnePart("List-Unsubscribe", "One-Click")));
  EXPECT_TRUE(IsOneClick(
      "multipart/form-data; charset=utf-8; boundary=x7",
      absl::StrCat("--x7\r\ncontent-disposition: form-data; name=\"a\"\r\n"
                   "content-type: text/plain\r\n\r\nb\r\n",
                   OnePart("List-Unsubscribe", "One-Click"))));
}

TEST(OneClickTest, AnythingElseIsNot) {
  const std::string part = OnePart("List-Unsubscribe", "One-Click");
  for (const auto& [type, body] :
       std::vector<std::pair<std::string, std::string>>{
           {kFormType, ""},
           {kFormType, "List-Unsubscribe=Two-Click"},
           {kFormType, "xList-Unsubscribe=One-Click"},
           {kFormType, "List-Unsubscribe=One-Clicks"},
           {"", kOneClick},
           {"text/plain", kOneClick},
           {"application/json", R"({"List-Unsubscribe":"One-Click"})"},
           {kPartsType, kOneClick},
           {kPartsType, ""},
           {kPartsType, OnePart("List-Unsubscribe", "No")},
           {kPartsType, OnePart("other", "One-Click")},
           {"multipart/form-data", part},
           {"multipart/form-data; boundary=other", part},
           {"multipart/mixed; boundary=x7", part},
       }) {
    EXPECT_FALSE(IsOneClick(type, body)) << type << " " << body;
  }
}

}  // namespace
}  // namespace kith::gateway
