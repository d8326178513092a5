#include "common/base/sha256.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::base {
namespace {

std::string Hex(absl::string_view data) {
  return absl::BytesToHexString(Sha256(data));
}

TEST(Sha256Test, AnswersTheVectorsOfFips180) {
  EXPECT_EQ(Hex(""),
            "e3b0c44298fc1c149afbf4c8996fb924"
            "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223"
            "b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67"
            "f1809a48a497200e046d39ccc7112cd0");
}

TEST(HmacSha256Test, AnswersVectorsOfRfc4231) {
  EXPECT_EQ(
      absl::BytesToHexString(HmacSha256(std::string(20, '\x0b'), "Hi There")),
      "b0344c61d8db38535ca8afceaf0bf12b"
      "881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(absl::BytesToHexString(
                HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c7"
            "5a003f089d2739839dec58b964ec3843");
}

TEST(Sha256Test, ReadsPastNulBytes) {
  EXPECT_NE(Sha256(absl::string_view("a\0b", 3)),
            Sha256(absl::string_view("a\0c", 3)));
}

TEST(FingerprintTest, DoesNotDependOnTheOrderOfMapEntries) {
  contacts::v1::Contact up;
  contacts::v1::Contact down;
  for (int i = 0; i < 200; ++i) {
    (*up.mutable_attributes())[absl::StrCat("k", i)] = "v";
    (*down.mutable_attributes())[absl::StrCat("k", 199 - i)] = "v";
  }
  EXPECT_EQ(Fingerprint(up), Fingerprint(down));
}

TEST(FingerprintTest, DependsOnEveryField) {
  contacts::v1::Contact contact;
  contact.set_display_name("Ada");
  const std::string before = Fingerprint(contact);
  EXPECT_EQ(before.size(), 32);
  contact.set_owner("sales-1");
  EXPECT_NE(Fingerprint(contact), before);
  contact.clear_owner();
  EXPECT_EQ(Fingerprint(contact), before);
}

}  // namespace
}  // namespace kith::base
