#include "identity-svc/values/placeholders.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string Refusal(v1::Channel channel, const std::string& value) {
  config::v1::Tenant tenant;
  tenant.set_region("US");
  tenant.add_placeholders(" Walk-In ");
  tenant.add_placeholders("KEIN\u00c4");
  tenant.add_placeholders("+14155550000");
  v1::ChannelValue typed;
  typed.set_channel(channel);
  typed.set_value(value);
  if (NeedsNamespace(channel)) typed.set_namespace_("x");
  return Read(typed, tenant).refusal;
}

TEST(PlaceholdersTest, WordsThatMeanNothingAreRefusedInEveryChannel) {
  for (const v1::Channel channel :
       {v1::CHANNEL_PHONE, v1::CHANNEL_EMAIL, v1::CHANNEL_SOCIAL,
        v1::CHANNEL_VISITOR, v1::CHANNEL_EXTERNAL}) {
    for (const char* value :
         {"null", "NULL", " None ", "nil", "undefined", "N/A", "na", "unknown",
          "Anonymous", "test", "-", "--", "?", " ", "0", "0000000", "000-0000",
          "00000000-0000-0000-0000-000000000000", "\u00a0"}) {
      EXPECT_THAT(Refusal(channel, value), HasSubstr("a placeholder"))
          << channel << " " << value;
    }
  }
}

TEST(PlaceholdersTest, TheReasonIsInWords) {
  EXPECT_EQ(Refusal(v1::CHANNEL_PHONE, "111-1111"),
            "a placeholder: it is one digit repeated");
}

TEST(PlaceholdersTest, NumbersThatNobodyHasAreRefused) {
  for (const char* value :
       {"1111111111", "(999) 999-9999", "+1 999 999 9999", "+49 1111111",
        "123456", "1234567890", "+1 123 456 7890", "12345", "0123456789",
        "9876543210", "911", "12", "+", "+266696687", "+7378742833",
        "+86282452253", "+8656696", "+2562533"}) {
    EXPECT_THAT(Refusal(v1::CHANNEL_PHONE, value), Not(IsEmpty())) << value;
  }
}

TEST(PlaceholdersTest, NumbersThatSomebodyHasAreTaken) {
  for (const char* value :
       {"(415) 555-2671", "+1 917 777 7777", "256-2533", "87245", "DHL-4711",
        "+4930901820", "415-555-2671 x1", "1-800-FLOWERS", "+4915123456789"}) {
    EXPECT_THAT(Refusal(v1::CHANNEL_PHONE, value), IsEmpty()) << value;
  }
}

TEST(PlaceholdersTest, AddressesThatNobodyReadsAreRefused) {
  for (const char* value :
       {"test@test.com", "NONE@none.com", "na@na.com", "asdf@asdf.com",
        "email@email.com", "a@a.de", "noreply@shop.example",
        "no-reply@shop.example", "Do-Not-Reply@shop.example",
        "null@shop.example", "@"}) {
    EXPECT_THAT(Refusal(v1::CHANNEL_EMAIL, value), Not(IsEmpty())) << value;
  }
}

TEST(PlaceholdersTest, AddressesThatSomebodyReadsAreTaken) {
  for (const char* value :
       {"ada@example.com", "test@company.example", "bob@bob.com",
        "na@company.example", "info@test.example", "anna.null@example.com"}) {
    EXPECT_THAT(Refusal(v1::CHANNEL_EMAIL, value), IsEmpty()) << value;
  }
}

TEST(PlaceholdersTest, IdsAndHandlesMayLookLikeAnything) {
  EXPECT_THAT(Refusal(v1::CHANNEL_EXTERNAL, "1234567890"), IsEmpty());
  EXPECT_THAT(Refusal(v1::CHANNEL_EXTERNAL, "1"), IsEmpty());
  EXPECT_THAT(Refusal(v1::CHANNEL_SOCIAL, "x"), IsEmpty());
  EXPECT_THAT(Refusal(v1::CHANNEL_SOCIAL, "\u00e9"), IsEmpty());
  EXPECT_THAT(Refusal(v1::CHANNEL_SOCIAL, "@null"), Not(IsEmpty()));
}

TEST(PlaceholdersTest, TheTenantExtendsTheList) {
  EXPECT_THAT(Refusal(v1::CHANNEL_EXTERNAL, "WALK-IN"), HasSubstr("your list"));
  EXPECT_THAT(Refusal(v1::CHANNEL_EMAIL, "kein\u00e4"), HasSubstr("your list"));
  EXPECT_THAT(Refusal(v1::CHANNEL_PHONE, "(415) 555-0000"),
              HasSubstr("your list"));
}

}  // namespace
}  // namespace kith::identity
