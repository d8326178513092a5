#include "gateway/hooks/reading/form.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr char kMultipartHeader[] = "multipart/form-data; boundary=\"b;1\"";

TEST(FormTest, ReadsUrlEncodedFieldsInTheirOrder) {
  EXPECT_THAT(ReadUrlEncoded("a=1+2&b=%C3%A4%26&a=&c&&=x"),
              ElementsAre(Pair("a", "1 2"), Pair("b", "\xC3\xA4&"),
                          Pair("a", ""), Pair("c", ""), Pair("", "x")));
  EXPECT_THAT(ReadUrlEncoded(""), IsEmpty());
}

TEST(FormTest, NoFieldIsLostByABadPercent) {
  EXPECT_THAT(
      ReadUrlEncoded("a=100%&b=%zz&c=%4"),
      ElementsAre(Pair("a", "100%"), Pair("b", "%zz"), Pair("c", "%4")));
}

std::string Part(const std::string& headers, const std::string& value) {
  return absl::StrCat("--b;1\r\n", headers, "\r\n\r\n", value, "\r\n");
}

TEST(FormTest, ReadsTheFieldsOfAMultipartForm) {
  const std::string body = absl::StrCat(
      "ignored\r\n",
      Part("Content-Disposition: form-data; name=\"e;mail\"", "a@x"),
      Part("content-type: text/plain\r\ncontent-disposition: form-data; "
           "name=text",
           "two\r\nlines --b;1 "),
      Part("Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"",
           "bytes"),
      Part("Content-Disposition: form-data", "without a name"), "--b;1--\r\n");
  const auto fields = ReadMultipart(kMultipartHeader, body);
  ASSERT_TRUE(fields.ok()) << fields.status();
  EXPECT_THAT(*fields, ElementsAre(Pair("e;mail", "a@x"),
                                   Pair("text", "two\r\nlines --b;1 ")));
}

TEST(FormTest, AMultipartFormThatIsCutOffIsNone) {
  const std::string whole = absl::StrCat(
      Part("Content-Disposition: form-data; name=\"a\"", "1"), "--b;1--");
  ASSERT_TRUE(ReadMultipart(kMultipartHeader, whole).ok());
  for (size_t i = 0; i < whole.size(); ++i) {
    EXPECT_FALSE(ReadMultipart(kMultipartHeader, whole.substr(0, i)).ok()) << i;
  }
  EXPECT_FALSE(ReadMultipart("multipart/form-data", whole).ok());
}

TEST(FormTest, ParametersMayBeQuoted) {
  EXPECT_EQ(HeaderParameter("form-data; Name=\"a\\\"b\"; x=1", "name"), "a\"b");
  EXPECT_EQ(HeaderParameter("form-data; x=1 ; name = a", "name"), "a");
  EXPECT_EQ(HeaderParameter("form-data; name=\"open", "name"), "open");
  EXPECT_EQ(HeaderParameter("form-data", "name"), "");
}

}  // namespace
}  // namespace kith::gateway
