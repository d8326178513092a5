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
  EXPECT_THAT(ReadUrlEncoded("a=1+2&b=%C3%A4%26&a=&c&&=x").value(),
              ElementsAre(Pair("a", "1 2"), Pair("b", "\xC3\xA4&"),
                          Pair("a", ""), Pair("c", ""), Pair("", "x")));
  EXPECT_THAT(ReadUrlEncoded("").value(), IsEmpty());
}

TEST(FormTest, NoFieldIsLostByABadPercent) {
  EXPECT_THAT(
      ReadUrlEncoded("a=100%&b=%zz&c=%4").value(),
      ElementsAre(Pair("a", "100%"), Pair("b", "%zz"), Pair("c", "%4")));
}

TEST(FormTest, TextsAreDecodedOnce) {
  EXPECT_THAT(ReadUrlEncoded("a%3D=%253Cb%253E&b=%2B+%26").value(),
              ElementsAre(Pair("a=", "%3Cb%3E"), Pair("b", "+ &")));
  EXPECT_THAT(ReadUrlEncoded("a=%00b").value(),
              ElementsAre(Pair("a", std::string("\0b", 2))));
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
      Part(R"(Content-Disposition: form-data; name="file"; filename="a.png")",
           "bytes"),
      Part("Content-Disposition: form-data", "without a name"), "--b;1--\r\n");
  const auto fields = ReadMultipart(kMultipartHeader, body);
  ASSERT_TRUE(fields.ok()) << fields.status();
  EXPECT_THAT(*fields, ElementsAre(Pair("e;mail", "a@x"),
                                   Pair("text", "two\r\nlines --b;1 ")));
}

TEST(FormTest, AFileIsAFileHoweverItsNameIsWritten) {
  const std::string body = absl::StrCat(
      Part("Content-Disposition: form-data; name=a; filename*=UTF-8''b", "x"),
      Part("Content-Disposition: form-data; name=c; filename=d", "y"),
      "--b;1--");
  EXPECT_THAT(ReadMultipart(kMultipartHeader, body).value(), IsEmpty());
}

TEST(FormTest, NoFormHasMoreFieldsThanOneMayHave) {
  std::string fields;
  std::string parts;
  for (size_t i = 0; i < kMostFormFields; ++i) {
    fields += "a&";
    parts += Part("Content-Disposition: form-data; name=\"a\"", "1");
  }
  EXPECT_EQ(ReadUrlEncoded(fields).value().size(), kMostFormFields);
  EXPECT_EQ(ReadUrlEncoded(fields + "a").status().message(),
            "the form has more than 1000 fields");
  EXPECT_EQ(ReadMultipart(kMultipartHeader, parts + "--b;1--").value().size(),
            kMostFormFields);
  // Parts that are no fields count as well.
  EXPECT_EQ(ReadMultipart(kMultipartHeader,
                          absl::StrCat(parts, Part("x: y", "1"), "--b;1--"))
                .status()
                .message(),
            "the form has more than 1000 fields");
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
