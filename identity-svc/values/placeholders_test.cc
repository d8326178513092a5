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
    for (const char* value : {"null",
                              "NULL",
                              " None ",
                              "nil",
                              "undefined",
                              "N/A",
                              "na",
                              "unknown",
                              "Anonymous",
                              "test",
                              "-",
                              "--",
                              "?",
                              " ",
                              "0",
                              "0000000",
                              "000-0000",
                              "00000000-0000-0000-0000-000000000000",
                              "\u00a0",
                              "\x01",
                              "\x1b\x01",
                              "\U0001F600",
                              " \u2603\ufe0f ",
                              "\u00a1\u00bf",
                              "\u0301"}) {
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
  for (const char* value : {"1111111111",
                            "(999) 999-9999",
                            "+1 999 999 9999",
                            "+49 1111111",
                            "1234567890",
                            "+1 123 456 7890",
                            "0123456789",
                            "+49 123456789",
                            "9876543210",
                            "123-4567",
                            "123-123-1234",
                            "1234512345",
                            "12345678901",
                            "1 234 567 8901",
                            "+1 123 123 1234",
                            "987654",
                            "54321",
                            "123123",
                            "54321 54321",
                            "012-012-0123",
                            "11111",
                            "911",
                            "12",
                            "+",
                            "+266696687",
                            "+7378742833",
                            "+86282452253",
                            "+8656696",
                            "+2562533"}) {
    EXPECT_THAT(Refusal(v1::CHANNEL_PHONE, value), Not(IsEmpty())) << value;
  }
}

TEST(PlaceholdersTest, NumbersThatSomebodyHasAreTaken) {
  for (const char* value :
       {"(415) 555-2671", "+1 917 777 7777", "256-2533", "87245", "DHL-4711",
        "+4930901820", "415-555-2671 x1", "1-800-FLOWERS", "+4915123456789",
        // Counted, and yet a number of India and short codes.
        "+919876543210", "919876543210", "00919876543210", "12345", "123456",
        "1234", "123", "321", "+1 234 567 8901", "234-234-2345", "112233",
        "345-4567"}) {
    EXPECT_THAT(Refusal(v1::CHANNEL_PHONE, value), IsEmpty()) << value;
  }
}

TEST(PlaceholdersTest, AddressesThatNobodyReadsAreRefused) {
  for (const char* value : {"MAILER-DAEMON@mx.example",
                            "postmaster@shop.example",
                            "no.reply@shop.example",
                            "noreply+7@shop.example",
                            "messages-noreply@shop.example",
                            "nicht-antworten@shop.example",
                            "your@email.com",
                            "user@domain.com",
                            "jon...@example.com",
                            "test@test.com",
                            "NONE@none.com",
                            "na@na.com",
                            "asdf@asdf.com",
                            "email@email.com",
                            "a@a.de",
                            "guest@guest.com",
                            "fake@fake.co.uk",
                            "asd@asd.de",
                            "qwer@qwer.com",
                            "123@123.com",
                            "111@111.com",
                            "bbb@bbb.com",
                            "gmail@gmail.com",
                            "not.provided@shop.example",
                            "noreply@shop.example",
                            "no-reply@shop.example",
                            "Do-Not-Reply@shop.example",
                            "null@shop.example",
                            "@"}) {
    EXPECT_THAT(Refusal(v1::CHANNEL_EMAIL, value), Not(IsEmpty())) << value;
  }
}

TEST(PlaceholdersTest, AddressesThatSomebodyReadsAreTaken) {
  for (const char* value :
       {"ada@example.com", "test@company.example", "bob@bob.com",
        "na@company.example", "info@test.example", "anna.null@example.com",
        "nan@example.com", "jonoreply@example.com", "user@shop.example",
        // Companies and people with a domain of their name.
        "info@info.example", "hello@hello.example", "otto@otto.example",
        "163@163.example", "10086@10086.example", "ada@ada.example",
        "guest@hotel.example", "a..b@docomo.example"}) {
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

struct MissingCase {
  v1::Channel channel;
  const char* typed;
  // Part of the reason; null if the value is taken.
  const char* reason;
  // Where such values are from.
  const char* source;
};

void ExpectMissing(std::initializer_list<MissingCase> cases) {
  for (const MissingCase& one : cases) {
    const std::string refusal = Refusal(one.channel, one.typed);
    SCOPED_TRACE(std::string(one.typed) + " (" + one.source + ")");
    if (one.reason == nullptr) {
      EXPECT_THAT(refusal, IsEmpty());
    } else {
      EXPECT_THAT(refusal, HasSubstr(one.reason));
    }
  }
}

constexpr v1::Channel kSystemId = v1::CHANNEL_EXTERNAL;
constexpr v1::Channel kHandle = v1::CHANNEL_SOCIAL;
constexpr v1::Channel kVisitor = v1::CHANNEL_VISITOR;
constexpr v1::Channel kMail = v1::CHANNEL_EMAIL;

TEST(PlaceholdersTest, TemplatesThatWereNotFilledNameNobody) {
  const char* const why = "a template that was not filled";
  ExpectMissing({
      {kSystemId, "{{customer.id}}", why, "Handlebars"},
      {kSystemId, "C-{{id}}", why, "with a prefix"},
      {kSystemId, "{{customer.i", why, "cut off"},
      {kSystemId, "${id}", why, "JavaScript"},
      {kSystemId, "#{id}", why, "Ruby"},
      {kSystemId, "<%= id %>", why, "ERB"},
      {kSystemId, "%CUSTOMER_ID%", why, "batch files"},
      {kSystemId, "%%id%%", why, "Marketing Cloud"},
      {kSystemId, "*|ID|*", why, "Mailchimp"},
      {kSystemId, "[[name]]", why, "mail merge"},
      {kSystemId, "\u00abName\u00bb", why, "Word"},
      {kSystemId, "{!Contact.Id}", why, "Salesforce"},
      {kSystemId, "{id}", why, "URI templates"},
      {kSystemId, "[ID]", why, "a form letter"},
      {kSystemId, "&lt;id&gt;", why, "HTML"},
      {kSystemId, "<customer_id>", why, "documentation"},
      {kSystemId, "$id", why, "shell"},
      {kSystemId, ":id", why, "routes"},
      {kSystemId, "__ID__", why, "a build"},
      {kSystemId, "%7B%7Bid%7D%7D", why, "percent-encoded"},
      {kHandle, "@{{handle}}", why, "Handlebars"},
      {kHandle, "https://x.com/{{handle}}", why, "Handlebars"},
      {kVisitor, "{{cid}}", why, "Tag Manager"},
      {kMail, "{{email}}@example.com", why, "Handlebars"},
      {kMail, "\"{{email}}\"@example.com", why, "in quotes"},
      {kMail, "%EMAIL%@example.com", why, "batch files"},
      {kMail, "{{name}} <ada@example.com>", nullptr, "the address is whole"},
      {kSystemId, "{550e8400-e29b-41d4-a716-446655440000}", nullptr, "COM"},
      {kSystemId, "{\"id\":1}", nullptr, "JSON"},
      {kSystemId, "<a1b2.c3@mail.example>", nullptr, "a Message-ID"},
      {kHandle, "__alice__", nullptr, "a handle"},
      {kHandle, "$alice", nullptr, "Cash App"},
      {kHandle, "https://forum.example/?q=%C3%BCber%20ada", nullptr, "encoded"},
  });
}

TEST(PlaceholdersTest, ErrorsOfSpreadsheetsNameNobody) {
  const char* const why = "an error of a spreadsheet";
  for (const v1::Channel channel : {kSystemId, kHandle, kVisitor}) {
    for (const char* error :
         {"#REF!",   "#VALUE!",       "#DIV/0!",
          "#NAME?",  "#NULL!",        "#NUM!",
          "#ERROR!", "#SPILL!",       "#NV",
          "#BEZUG!", "#WERT!",        "#VALEUR!",
          "#NOM?",   "#\u00a1VALOR!", "#\u00bfNOMBRE?",
          "#RIF!",   "#NULO!",        "#GETTING_DATA",
          "Err:502", "=A1",           "=VLOOKUP(A2,B:C,2)"}) {
      EXPECT_THAT(Refusal(channel, error), Not(IsEmpty())) << error;
    }
  }
  ExpectMissing({
      {kSystemId, "C-#REF!", why, "with a prefix"},
      {kSystemId, "#\u041d/\u0414", why, "Russian: #N/A"},
      {kSystemId, "#N/B", why, "Dutch: #N/A"},
      {kMail, "#REF!@example.com", why, "joined in a formula"},
      {kSystemId, "1.00E+05", "digits are cut", "Excel"},
      {kSystemId, "4.91512E+12", "digits are cut", "Excel"},
      {kSystemId, "4,91512E+12", "digits are cut", "a German Excel"},
      {kSystemId, "4.91512E12", "digits are cut", "Java"},
      {kSystemId, "2147483647", "digits are cut", "a column of 32 bits"},
      {kSystemId, "9223372036854775807", "digits are cut",
       "a column of 64 bits"},
      {v1::CHANNEL_PHONE, "+1 214-748-3647", "digits are cut", "32 bits"},
      {kSystemId, "12e4567", nullptr, "a hexadecimal id"},
      {kSystemId, "1e5", nullptr, "a hexadecimal id"},
  });
}

TEST(PlaceholdersTest, MissingAndMaskedValuesNameNobody) {
  ExpectMissing({
      {kSystemId, "[object Object]", "", "JavaScript"},
      {kSystemId, "user-[object Object]", "where a value is missing",
       "JavaScript"},
      {kSystemId, "undefined undefined", "where a value is missing",
       "two names"},
      {kSystemId, "C-undefined", "where a value is missing", "a missing id"},
      {kSystemId, "gid://shop/Customer/null", "where a value is missing",
       "Shopify"},
      {kSystemId, "gid://shop/Customer/", "where a value is missing",
       "Shopify"},
      {kSystemId, "C-", "where a value is missing", "a prefix alone"},
      {kSystemId, "undefined-12", "where a value is missing", "a missing part"},
      {kSystemId, "{\"id\":null}", "where a value is missing", "JSON"},
      {kHandle, "tg://resolve?domain=", "where a value is missing", "an app"},
      {kSystemId, "\\N", "where a value is missing", "MySQL"},
      {kSystemId, "%!s(<nil>)", "where a value is missing", "Go"},
      {kVisitor, "GA1.2.undefined.undefined", "where a value is missing",
       "Analytics"},
      {kSystemId, "https://", "without a host", "a browser"},
      {kHandle, "https://", "without a host", "a browser"},
      {kHandle, "http://null", "without a host", "a form"},
      {kSystemId, "****1234", "masked", "a card"},
      {kSystemId, "XXXXXXXX1234", "masked", "an account"},
      {kMail, "a***@example.com", "masked", "a login page"},
      {kSystemId, "customer-12...", "cut off", "a table"},
      {kSystemId, "shop-na", nullptr, "North America"},
      {kSystemId, "YWRhLXE=", nullptr, "Base64"},
      {kSystemId, "aBcDefg_", nullptr, "Base64 of URLs"},
      {kHandle, "mr_none", nullptr, "a handle"},
      {kHandle, "danny.null", nullptr, "a handle"},
  });
}

TEST(PlaceholdersTest, WhatStandsForAllWithoutAnAccountIsNobody) {
  ExpectMissing({
      {kSystemId, "guest", "no customer's id", "a shop"},
      {kSystemId, "Walk-in Customer", "account of nobody", "a till"},
      {kSystemId, "deleted_user", "account of nobody", "a forum"},
      {kSystemId, "GuestUser", "no customer's id", "a framework"},
      {kSystemId, "new", "no customer's id", "/customers/new"},
      {kSystemId, "customer_id", "no customer's id", "the head of a column"},
      {kSystemId, "YOUR CUSTOMER ID HERE", "no customer's id", "documentation"},
      {kSystemId, "Contact.Id", "no customer's id", "the head of a column"},
      {kSystemId, "d41d8cd98f00b204e9800998ecf8427e", "no customer's id",
       "MD5 of the empty text"},
      {kSystemId, "AAAAAAAAAAAAAAAAAAAAAA==", "no customer's id",
       "zeros in Base64"},
      {kSystemId, "9999999999", "no customer's id", "an account for all"},
      {kSystemId, "noreply@shop.example", "nobody reads",
       "an address as an id"},
      {kSystemId, "string", "no customer's id", "Swagger"},
      {kSystemId, "3fa85f64-5717-4562-b3fc-2c963f66afa6", "no customer's id",
       "Swagger"},
      {kSystemId, "ffffffff-ffff-ffff-ffff-ffffffffffff", "no customer's id",
       "RFC 9562"},
      {kSystemId, "-1", "means nothing", "a program"},
      {kSystemId, "true", "no customer's id", "a program"},
      {kVisitor, "9774d56d682e549c", "no customer's id", "Android issue 10603"},
      {kVisitor, "02:00:00:00:00:00", "no customer's id", "Android 6, iOS 7"},
      {kSystemId, "Unbekannt", "means nothing", "German"},
      {kSystemId, "\u533f\u540d", "means nothing", "Chinese"},
      {kSystemId, "ada", nullptr, "a name for a login"},
      {kSystemId, "C-1001", nullptr, "a number of a customer"},
      {kSystemId, "customer 12", nullptr, "a number of a customer"},
  });
}

TEST(PlaceholdersTest, WhoIsNotToBeKnownIsNobody) {
  for (const v1::Channel channel : {kVisitor, kSystemId}) {
    for (const char* typed :
         {"OPTED_OUT", "opt-out", "optout", "consent-denied", "no consent",
          "cookies_disabled", "do-not-track", "visitor-opted-out"}) {
      EXPECT_THAT(Refusal(channel, typed), HasSubstr("no customer's id"))
          << channel << " " << typed;
    }
  }
  ExpectMissing({
      {kVisitor, "bot", "no browser's id", "a filter of programs"},
      {kVisitor, "Crawler", "no browser's id", "a filter of programs"},
      {kVisitor, "cookie", "no browser's id", "the name of a cookie"},
      {kVisitor, "cookie_id", "no browser's id", "the name of a cookie"},
      {kVisitor, "localStorage", "no browser's id", "a program"},
      {kVisitor, "denied", "no browser's id", "Google's consent mode"},
      {kVisitor, "Mozilla/5.0 (X11; Linux x86_64)", "no browser's id",
       "of many browsers"},
      {kVisitor, "cookie-7f3a", nullptr, "an id"},
      {kVisitor, "bot-17", nullptr, "an id"},
      {kSystemId, "cookie", nullptr, "a name for a login"},
      {kSystemId, "spider", nullptr, "a name for a login"},
      {kHandle, "cookie", nullptr, "a handle"},
  });
}

TEST(PlaceholdersTest, AKindOfAccountIsNobody) {
  ExpectMissing({
      {kHandle, "Facebook User", "account of nobody", "Messenger"},
      {kHandle, "Instagram User", "account of nobody", "Instagram"},
      {kHandle, "Facebook-Nutzer", "account of nobody", "Messenger, German"},
      {kHandle, "Utilisateur Facebook", "account of nobody", "French"},
      {kHandle, "LinkedIn Member", "account of nobody", "LinkedIn"},
      {kHandle, "A Google User", "account of nobody", "reviews"},
      {kHandle, "Deleted Account", "account of nobody", "Telegram"},
      {kHandle, "deleted user#0000", "account of nobody", "Discord"},
      {kHandle, "[deleted]", "", "Reddit"},
      {v1::CHANNEL_PHONE, "UNKNOWN CALLER", "account of nobody",
       "wazo-platform/wazo-platform.org#703"},
      {kHandle, "@yourusername", "account of nobody", "the example of a form"},
      {kHandle, "handle.invalid", "account of nobody", "Bluesky"},
      {kHandle, "no Instagram", "account of nobody", "a form"},
      {kSystemId, "in-one", nullptr, "small words alone"},
      {kSystemId, "NO", nullptr, "a country"},
      {kSystemId, "a", nullptr, "a letter"},
      {kHandle, "user", nullptr, "a handle"},
      {kHandle, "guest", nullptr, "a handle"},
  });
}

TEST(PlaceholdersTest, TheTenantExtendsTheList) {
  EXPECT_THAT(Refusal(v1::CHANNEL_EXTERNAL, "WALK-IN"), HasSubstr("your list"));
  EXPECT_THAT(Refusal(v1::CHANNEL_EMAIL, "kein\u00e4"), HasSubstr("your list"));
  EXPECT_THAT(Refusal(v1::CHANNEL_PHONE, "(415) 555-0000"),
              HasSubstr("your list"));
}

}  // namespace
}  // namespace kith::identity
