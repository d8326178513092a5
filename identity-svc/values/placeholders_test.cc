#include "identity-svc/values/placeholders.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using ::testing::AllOf;
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

struct MissingCase {
  v1::Channel channel;
  const char* typed;
  // Part of the reason, empty for any; null if the value is taken.
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
      EXPECT_THAT(refusal, AllOf(Not(IsEmpty()), HasSubstr(one.reason)));
    }
  }
}

constexpr v1::Channel kSystemId = v1::CHANNEL_EXTERNAL;
constexpr v1::Channel kHandle = v1::CHANNEL_SOCIAL;
constexpr v1::Channel kVisitor = v1::CHANNEL_VISITOR;
constexpr v1::Channel kMail = v1::CHANNEL_EMAIL;
constexpr v1::Channel kPhone = v1::CHANNEL_PHONE;

TEST(PlaceholdersTest, WordsThatMeanNothingAreRefusedInEveryChannel) {
  for (const v1::Channel channel :
       {kPhone, kMail, kHandle, kVisitor, kSystemId}) {
    const char* const why = "a placeholder";
    ExpectMissing({
        {channel, "null", why, "domain.md"},
        {channel, "anonymous", why, "domain.md"},
        {channel, "0000000", why, "domain.md"},
        {channel, "NULL", why, "SQL"},
        {channel, " None ", why, "Python"},
        {channel, "nil", why, "Ruby"},
        {channel, "undefined", why, "JavaScript"},
        {channel, "N/A", why, "a form"},
        {channel, "na", why, "a form"},
        {channel, "unknown", why, "a switchboard"},
        {channel, "Anonymous", why, "a switchboard"},
        {channel, "test", why, "a form"},
        {channel, "-", why, "a field that must be filled"},
        {channel, "--", why, "a field that must be filled"},
        {channel, "?", why, "a field that must be filled"},
        {channel, " ", why, "a field that must be filled"},
        {channel, "0", why, "a column of numbers"},
        {channel, "000-0000", why, "the mask of a phone"},
        {channel, "00000000-0000-0000-0000-000000000000", why, "RFC 9562"},
        {channel, "\u00a0", why, "HTML: &nbsp;"},
        {channel, "\x01", why, "a terminal"},
        {channel, "\x1b\x01", why, "a terminal"},
        {channel, "\U0001F600", why, "a lone emoji"},
        {channel, " \u2603\ufe0f ", why, "a lone emoji"},
        {channel, "\u00a1\u00bf", why, "signs of Spanish"},
        {channel, "\u0301", why, "an accent without a letter"},
    });
  }
}

TEST(PlaceholdersTest, TheReasonIsInWords) {
  EXPECT_EQ(Refusal(kPhone, "111-1111"),
            "a placeholder: it is one digit repeated");
}

// Digits that are typed to get past a form.
TEST(PlaceholdersTest, NumbersThatNobodyHasAreRefused) {
  ExpectMissing({
      {kPhone, "1111111111", "", "one digit"},
      {kPhone, "(999) 999-9999", "", "the mask of a phone"},
      {kPhone, "+1 999 999 9999", "", "the same with its country"},
      {kPhone, "+49 1111111", "", "one digit, in Germany"},
      {kPhone, "11111", "", "one digit, as a short code"},
      {kPhone, "1234567890", "", "counted"},
      {kPhone, "+1 123 456 7890", "", "counted; no area of North America"},
      {kPhone, "0123456789", "", "counted from zero"},
      {kPhone, "+49 123456789", "", "counted, in Germany"},
      {kPhone, "9876543210", "", "counted down"},
      {kPhone, "123-4567", "", "counted, without an area"},
      {kPhone, "123-123-1234", "", "counted by its groups"},
      {kPhone, "1234512345", "", "counted twice"},
      {kPhone, "12345678901", "", "counted, where eleven digits are wanted"},
      {kPhone, "1 234 567 8901", "", "the same with spaces"},
      {kPhone, "+1 123 123 1234", "", "no area of North America"},
      {kPhone, "987654", "", "counted down"},
      {kPhone, "54321", "", "counted down"},
      {kPhone, "123123", "", "counted twice"},
      {kPhone, "54321 54321", "", "counted down twice"},
      {kPhone, "012-012-0123", "", "counted by its groups"},
      {kPhone, "12", "", "too short"},
      {kPhone, "+", "", "too short"},
      {kPhone, "911", "", "North America's emergencies"},
  });
}

// What carriers send for a hidden caller is a word on a keypad.
TEST(PlaceholdersTest, WhatIsNoNumberIsRefusedAsAPhone) {
  ExpectMissing({
      {kPhone, "+266696687", "", "ANONYMOUS"},
      {kPhone, "266696687", "", "cases.md A3: 2600hz/kazoo#5260"},
      {kPhone, "+7378742833", "", "RESTRICTED"},
      {kPhone, "+86282452253", "", "UNAVAILABLE"},
      {kPhone, "+8656696", "", "UNKNOWN"},
      {kPhone, "+2562533", "", "BLOCKED"},
      {kPhone, "4.91512E+12", "", "cases.md A3: notifications-admin#4124"},
      {kPhone, "1.41555E+10", "", "cases.md A3"},
      {kPhone, "#REF!", "", "cases.md A3"},
      {kPhone, "sip:anonymous@anonymous.invalid", "", "cases.md A3"},
      {kPhone, "anonymous@anonymous.invalid", "", "cases.md A3"},
      {kPhone, "UNKNOWN CALLER", "account of nobody",
       "cases.md A3: wazo-platform/wazo-platform.org#703"},
  });
}

TEST(PlaceholdersTest, NumbersThatSomebodyHasAreTaken) {
  ExpectMissing({
      {kPhone, "(415) 555-2671", nullptr, "North America"},
      {kPhone, "+1 917 777 7777", nullptr, "of one digit, and in use"},
      {kPhone, "256-2533", nullptr, "BLOCKED without its plus"},
      {kPhone, "87245", nullptr, "a short code"},
      {kPhone, "DHL-4711", nullptr, "cases.md A4: a sender"},
      {kPhone, "+4930901820", nullptr, "Germany"},
      {kPhone, "415-555-2671 x1", nullptr, "an extension"},
      {kPhone, "1-800-FLOWERS", nullptr, "cases.md A4"},
      {kPhone, "+4915123456789", nullptr, "counted, and a range in use"},
      {kPhone, "+919876543210", nullptr, "counted, and a range of India"},
      {kPhone, "919876543210", nullptr, "the same without its plus"},
      {kPhone, "00919876543210", nullptr, "the same as it is dialled"},
      {kPhone, "12345", nullptr, "a short code"},
      {kPhone, "123456", nullptr, "a short code"},
      {kPhone, "1234", nullptr, "a short code"},
      {kPhone, "123", nullptr, "a short code"},
      {kPhone, "321", nullptr, "a short code"},
      {kPhone, "112233", nullptr, "a short code"},
      {kPhone, "+1 234 567 8901", nullptr, "Ohio"},
      {kPhone, "234-234-2345", nullptr, "Ohio"},
      {kPhone, "345-4567", nullptr, "a number without its area"},
  });
}

TEST(PlaceholdersTest, AddressesThatNobodyReadsAreRefused) {
  const char* const nobody = "nobody reads";
  ExpectMissing({
      {kMail, "MAILER-DAEMON@mx.example", nobody, "RFC 3834"},
      {kMail, "postmaster@shop.example", nobody, "RFC 5321, 4.5.1"},
      {kMail, "noreply@shop.example", nobody, "bulk mail"},
      {kMail, "no-reply@shop.example", nobody, "bulk mail"},
      {kMail, "no.reply@shop.example", nobody, "bulk mail"},
      {kMail, "noreply+7@shop.example", nobody, "bulk mail with a tag"},
      {kMail, "messages-noreply@shop.example", nobody, "LinkedIn's form of it"},
      {kMail, "Do-Not-Reply@shop.example", nobody, "bulk mail"},
      {kMail, "nicht-antworten@shop.example", nobody, "bulk mail in German"},
      {kMail, "not.provided@shop.example", "", "a till"},
      {kMail, "null@shop.example", "", "a program"},
      {kMail, "your@email.com", "", "an empty field"},
      {kMail, "user@domain.com", "", "an empty field"},
      {kMail, "jon...@example.com", "", "Google Groups"},
      {kMail, "test@test.com", "", "a form"},
      {kMail, "NONE@none.com", "", "a form"},
      {kMail, "na@na.com", "", "a form"},
      {kMail, "asdf@asdf.com", "", "the left hand"},
      {kMail, "asd@asd.de", "", "the left hand"},
      {kMail, "qwer@qwer.com", "", "the left hand"},
      {kMail, "email@email.com", "", "a form"},
      {kMail, "a@a.de", "", "a form"},
      {kMail, "guest@guest.com", "", "a till"},
      {kMail, "fake@fake.co.uk", "", "a form"},
      {kMail, "123@123.com", "", "a form"},
      {kMail, "111@111.com", "", "a form"},
      {kMail, "bbb@bbb.com", "", "a form"},
      {kMail, "gmail@gmail.com", "", "a form"},
      {kMail, "@", "", "a form that wants an @"},
  });
}

TEST(PlaceholdersTest, AddressesThatSomebodyReadsAreTaken) {
  ExpectMissing({
      {kMail, "ada@example.com", nullptr, "a person"},
      {kMail, "test@company.example", nullptr, "a mailbox for tests"},
      {kMail, "bob@bob.com", nullptr, "a person with a domain"},
      {kMail, "na@company.example", nullptr, "initials"},
      {kMail, "info@test.example", nullptr, "a company called Test"},
      {kMail, "anna.null@example.com", nullptr, "a family name"},
      {kMail, "nan@example.com", nullptr, "a first name"},
      {kMail, "jonoreply@example.com", nullptr, "letters of noreply"},
      {kMail, "user@shop.example", nullptr, "a mailbox"},
      {kMail, "guest@hotel.example", nullptr, "a mailbox"},
      {kMail, "a..b@docomo.example", nullptr, "Japan's mobile mail"},
      // Companies and people with a domain of their name.
      {kMail, "info@info.example", nullptr, "a company"},
      {kMail, "hello@hello.example", nullptr, "a company"},
      {kMail, "otto@otto.example", nullptr, "a company"},
      {kMail, "163@163.example", nullptr, "China's NetEase"},
      {kMail, "10086@10086.example", nullptr, "China Mobile"},
      {kMail, "ada@ada.example", nullptr, "a person with a domain"},
  });
}

TEST(PlaceholdersTest, IdsAndHandlesMayLookLikeAnything) {
  ExpectMissing({
      {kSystemId, "1234567890", nullptr, "a number of a customer"},
      {kSystemId, "1", nullptr, "the first customer"},
      {kHandle, "x", nullptr, "a handle of one letter"},
      {kHandle, "\u00e9", nullptr, "a handle of one letter"},
      {kHandle, "@null", "", "a program"},
  });
}

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
