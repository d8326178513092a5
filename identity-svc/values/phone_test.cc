#include "identity-svc/values/phone.h"

#include <initializer_list>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/values/phone_cases.h"
#include "identity-svc/values/phone_number.h"

namespace kith::identity {
namespace {

using ::testing::HasSubstr;

TEST(PhoneTest, WithoutANumberThereIsNoIdentity) {
  ExpectPhones({
      {"US", "4.91512E+12", nullptr, "alphagov/notifications-admin#4124"},
      {"US", "1.41555E+10", nullptr, "alphagov/notifications-admin#4124"},
      {"DE", "4,91512E+12", nullptr, "a German spreadsheet"},
      {"DE", "4.91512e12", nullptr, "a spreadsheet"},
      {"US", "#REF!", nullptr, "dilshod/xlsx2csv#190"},
      {"US", "#DIV/0!", nullptr, "dilshod/xlsx2csv#190"},
      {"US", "sip:anonymous@anonymous.invalid", nullptr, "2600hz/kazoo#5260"},
      {"US", "anonymous@anonymous.invalid", nullptr, "2600hz/kazoo#5260"},
      {"US", "\"Anonymous\" <sip:anonymous@203.0.113.5>", nullptr,
       "2600hz/kazoo#5260"},
      {"US", "ada4155552671@example.com", nullptr, "an e-mail"},
      {"US", "UNKNOWN CALLER", nullptr, "wazo-platform/wazo-platform.org#703"},
      {"US", "Front Desk", nullptr, "a name"},
      {"US", "+1 415 555 26712671", nullptr, "too long"},
      {"US", "415 555", nullptr, "a gap, neither code nor number"},
      {"US", "*67", nullptr, "a code for the exchange"},
      {"DE", "*100#", nullptr, "a code for the exchange"},
      {"US", "12:30", nullptr, "a time"},
      {"DE", "15.01.2024", nullptr, "a date"},
      {"DE", "2024-01-15", nullptr, "a date"},
      {"US", "4155552671@lid", nullptr, "WhatsApp's id of somebody hidden"},
      {"US", "550e8400-e29b-41d4-a716-446655440000", nullptr, "an id"},
      {"US", "911", nullptr, "an emergency number"},
      {"DE", "112", nullptr, "an emergency number"},
      {"US", "sip:101@pbx.example", nullptr, "a line of a switchboard"},
      {"DE", "ext. 4711", nullptr, "an extension of nobody's number"},
  });
}

TEST(PhoneTest, HiddenCallersAreNobody) {
  for (const char* region : {"US", "DE"}) {
    for (const char* typed :
         {"266696687", "+266696687", "7378742833", "+7378742833", "86282452253",
          "+86282452253", "8656696", "+8656696", "2562533", "+2562533",
          "7748283", "sip:266696687@pbx.example"}) {
      EXPECT_THAT(ReadPhone(typed, region).refusal, HasSubstr("hidden caller"))
          << typed;
    }
  }
  // Written as a number, it is somebody's.
  EXPECT_EQ(ReadPhone("(737) 874-2833", "US").normalized, "+17378742833");
}

TEST(PhoneTest, WordsAroundAWholeNumberAreNotDialled) {
  ExpectPhones({
      {"DE", "030 7459603 Anna", "+49307459603", "google/libphonenumber#1302"},
      {"DE", "(030) 7459603 2. Stock", nullptr, "a floor"},
      {"DE", "+43 1 54625 4 Kinder", nullptr, "a note"},
      {"DE", "0211 123450 1. OG", nullptr, "a floor"},
      {"DE", "030 7459603 8-17 Uhr", nullptr, "hours"},
      {"DE", "030 7459603 (10115 Berlin)", nullptr, "a town"},
      {"DE", "Haus 3 030-745 96 03", nullptr, "a number of lines"},
      {"US", "Mobile: 1 415 555 2671", "+14155552671", "its own prefix"},
      {"US", "+81 3-1234-5679 (2026-01-01)", nullptr, "more than E.164 has"},
      {"DE", "030 7459603 (abends)", "+49307459603",
       "google/libphonenumber#1302"},
      {"US", "+49 40 862479 work", "+4940862479",
       "alphagov/notifications-api#1423"},
      {"US", "+43 1 54625 Anna", "+43154625",
       "alphagov/notifications-api#1423"},
      {"US", "(415) 555-2671 Bob's cell", "+14155552671",
       "google/libphonenumber#1302"},
      {"US", "Tel. (415) 555-2671", "+14155552671", "an address book"},
      {"US", "mobile: 415-555-2671", "+14155552671", "an address book"},
      {"DE", "Anna: 0151 23456789", "+4915123456789", "an address book"},
      {"US", "\u260e 415 555 2671", "+14155552671", "a signature"},
      {"US", "415-555-2671 (2nd floor)", nullptr, "digits that may be its own"},
      {"DE", "030 7459603 oder 030 7459604", nullptr, "two numbers"},
      {"US", "415 O55 2671", nullptr, "a letter for a zero"},
      {"DE", "030 745 Anna", "+4930745", "never +49307452662"},
  });
}

TEST(PhoneTest, DigitsBesideAWholeNumberNeverBecomePartOfIt) {
  ExpectPhones({
      {"DE", "Fax 99 (030) 7459603", nullptr, "never +49990307459603"},
      {"DE", "Tel 2 030 7459603", nullptr, "never +4920307459603"},
      {"DE", "99 030 7459603", nullptr, "never +49990307459603"},
      {"DE", "(030) 7459603 (99)", nullptr, "never +4930745960399"},
      {"DE", "030 7459603/04", nullptr, "two lines of one house"},
      {"DE", "030 745 96 03 / 04", nullptr, "two lines of one house"},
      {"DE", "030 7459603-12/13", nullptr, "two lines of one house"},
      {"DE", "030 9018 / 030 9019", nullptr, "two short numbers"},
      {"DE", "+49 30 9018 030 9019", nullptr, "two short numbers"},
      {"US", "+49 030 7459603", "+49307459603", "a trunk prefix kept"},
      {"US", "+86 131 2345 6789", "+8613123456789", "no number of Chicago"},
      {"DE", "+49 30 7459603-99", "+4930745960399", "DIN 5008: dialled"},
      {"FR", "01 44 55 66 77", "+33144556677", "groups of two"},
  });
}

TEST(PhoneTest, TwoNumbersAreRefusedAsTwo) {
  for (const char* typed :
       {"+49 30 7459603 / +49 30 7459604", "+49 30 7459603, +49 30 7459604",
        "030 7459603 / 0171 1234567", "030 7459603 030 7459604",
        "+49 30 7459603+49 30 7459604"}) {
    EXPECT_EQ(ReadPhone(typed, "DE").refusal, "it has two numbers") << typed;
  }
  EXPECT_EQ(ReadPhone("415-555-2671 / 415-555-2672", "US").refusal,
            "it has two numbers");
}

// Beside a word that is no label, a run of digits may be an id of anything.
TEST(PhoneTest, AnIdBesideAWordIsNoPhone) {
  const char* const source = "ids of messengers and accounts have ten digits";
  ExpectPhones({
      {"US", "telegram:7123456789", nullptr, source},
      {"US", "user_7123456789", nullptr, source},
      {"US", "tg7123456789", nullptr, source},
      {"US", "7123456789 (telegram)", nullptr, source},
      {"US", "Acct# 7123456789", nullptr, source},
      {"US", "Acct# 7123-456789", nullptr, "no groups of a phone"},
      {"US", "messenger:14155552671", nullptr, "1 begins any id"},
      {"US", "Order 4155552671", nullptr, source},
      {"US", "Account number 4155552671", nullptr, source},
      {"US", "client:4155552671", nullptr, "Twilio: a name"},
      {"DE", "telegram:15112345678", nullptr, source},
      {"DE", "id:4915112345678", nullptr, source},
      {"ES", "pedido 612345678", nullptr, source},
      // Labels, "+", the 0 of national numbers, and groups say that it is one.
      {"US", "Phone: 4155552671", "+14155552671", "an address book"},
      {"US", "Cell phone 4155552671", "+14155552671", "an address book"},
      {"US", "Tel. (home): 4155552671", "+14155552671", "an address book"},
      {"US", "4155552671 (mobile)", "+14155552671", "an address book"},
      {"US", "user 4155552671 (mobile)", nullptr, "another word as well"},
      {"DE", "15112345678 mobil", "+4915112345678", "an address book"},
      {"US", "\u260e 4155552671", "+14155552671", "a signature"},
      {"US", "signal:+14155552671", "+14155552671", "its plus"},
      {"DE", "Kunde 030 7459603", "+49307459603", "its prefix"},
      {"US", "(415) 555-2671 Bob", "+14155552671", "its groups"},
      {"US", "1 415 555 2671 Bob", "+14155552671", "its groups"},
      {"US", "415 5552671 Bob", "+14155552671", "its groups"},
      {"ES", "Ana 612 345 678", "+34612345678", "its groups"},
  });
  EXPECT_THAT(ReadPhone("telegram:7123456789", "US").refusal,
              HasSubstr("write + and its country code"));
  EXPECT_EQ(ReadPhone("sip:1001@pbx.example", "US").refusal,
            "it is no whole phone number");
}

TEST(PhoneTest, WhatIsBeforeAnAtIsAPhoneOnlyInAddressesOfPhones) {
  ExpectPhones({
      {"US", "7123456789@telegram", nullptr, "an id"},
      {"US", "4155552671@qq.example", nullptr, "a mailbox"},
      {"US", "Ada <4155552671@mail.example>", nullptr, "a mailbox"},
      {"US", "+14155552671@pbx.example", "+14155552671", "its plus"},
      {"US", "sip:4155552671@pbx.example", "+14155552671", "SIP"},
  });
}

// RFC 3966: such a number is the same only where its context is.
TEST(PhoneTest, ANumberOfAnExchangeIsNotTheNumberWithoutItsContext) {
  for (const char* typed :
       {"tel:7042;phone-context=a.example", "tel:7042;phone-context=b.example",
        "tel:5552671;phone-context=a.example",
        "tel:4155552671;phone-context=a.example",
        "tel:7042;Phone-Context=a.example",
        "tel:7042;phone-context=", "tel:7042;ext=1;phone-context=a.example",
        "sip:7042;phone-context=a.example@pbx.example;user=phone"}) {
    EXPECT_EQ(ReadPhone(typed, "US").refusal,
              "it is a number of one exchange, as its phone-context says: "
              "write it with + and its country code")
        << typed;
  }
  ExpectPhones({
      {"US", "tel:863-1234;phone-context=+1-914", "+19148631234", "RFC 3966"},
      {"US", "tel:863-1234;Phone-Context=+1-914", "+19148631234", "RFC 3966"},
      {"US", "tel:+14155552671;phone-context=a.example", "+14155552671",
       "whole without it"},
  });
}

TEST(PhoneTest, MaskedAndCutOffDigitsAreNobodys) {
  for (const char* typed :
       {"415-555-XXXX", "+1 415 555 xxxx", "+49 30 745...", "+49 30 745\u2026",
        "(415) 55_-____", "+49 30 745 XX XX", "+49 30 745 ** Anna"}) {
    EXPECT_THAT(ReadPhone(typed, "US").refusal, HasSubstr("masked or cut off"))
        << typed;
  }
}

TEST(PhoneTest, NumbersThatAreTypedToGetPastAFormAreNobodys) {
  ExpectPhones({
      {"US", "+49 30 0000000", nullptr, "a subscriber of zeros"},
      {"FR", "01 00 00 00 00", nullptr, "a subscriber of zeros"},
      {"BR", "(11) 90000-0000", nullptr, "a subscriber of zeros"},
      {"BR", "(11) 99999-9999", nullptr, "Brazil's"},
      {"DE", "0151 11111111", nullptr, "one digit"},
      {"US", "+1 415 555 1212", nullptr, "NANPA: directory assistance"},
      {"US", "+14155550000", "+14155550000", "a line as another"},
      {"US", "+1 917 777 7777", "+19177777777", "a line as another"},
      {"US", "+49 221 470000", "+49221470000", "a switchboard"},
      {"US", "+919876543210", "+919876543210", "a mobile phone of India"},
      {"IN", "0091 98765 43210", "+919876543210", "a mobile phone of India"},
  });
}

TEST(PhoneTest, ExtensionsAreKeptInTheWordsOfSeveralLanguages) {
  ExpectPhones({
      {"US", "415-555-2671 ext. 123", "+14155552671;ext=123", "RFC 3966"},
      {"US", "(415) 555-2671 x123", "+14155552671;ext=123", "RFC 3966"},
      {"US", "(415) 555-2671x123", "+14155552671;ext=123", "RFC 3966"},
      {"US", "(415) 555-2671 #123", "+14155552671;ext=123", "RFC 3966"},
      {"US", "+1 415 555 2671;ext=123", "+14155552671;ext=123", "RFC 3966"},
      {"US", "tel:+1-415-555-2671;ext=123", "+14155552671;ext=123", "RFC 3966"},
      {"US", "415-555-2671,,123#", "+14155552671;ext=123", "a pause"},
      {"DE", "030 7209817 App. 12", "+49307209817;ext=12",
       "getsentry/sentry#25782"},
      {"DE", "030 7209817 Durchwahl: 12", "+49307209817;ext=12",
       "getsentry/sentry#25782"},
      {"FR", "01 44 55 66 77 poste 12", "+33144556677;ext=12",
       "getsentry/sentry#25782"},
      {"BR", "(11) 3232-0315 ramal 12", "+551132320315;ext=12",
       "getsentry/sentry#25782"},
      {"DE", "030 7209817 Zimmer 12", nullptr, "no word for an extension"},
  });
}

TEST(PhoneTest, NamesOfSendersAreTexts) {
  ExpectPhones({
      {"DE", "DHL-4711", "DHL-4711", "getsentry/sentry#25782"},
      {"DE", "GLS 4711", "GLS 4711", "getsentry/sentry#25782"},
      {"US", "UPS-90210", "UPS-90210", "getsentry/sentry#25782"},
      {"DE", "DHL 47110815", nullptr, "longer than names of senders"},
      {"DE", "47110815 DHL", nullptr, "digits that nothing marks"},
      {"DE", "Anna 12", nullptr, "too few digits"},
      {"DE", "n/a 123", nullptr, "no name of a sender"},
  });
}

TEST(PhoneTest, ANumberInAnAddressIsThatNumber) {
  const char* const source =
      "amazon-connect-streams#211, linphone-desktop#1005";
  ExpectPhones({
      {"US", "sip:+14152308645@pbx.example;user=phone", "+14152308645", source},
      {"US", "<sip:+14152308645@pbx.example>", "+14152308645", source},
      {"US", "\"Ada Q\" <sip:+14152308645@pbx.example>;tag=1", "+14152308645",
       source},
      {"US", "sips:4152308645@pbx.example:5061", "+14152308645", source},
      {"US", "sip:%2B14152308645@pbx.example", "+14152308645", source},
      {"US", "SIP:+1-415-230-8645;ext=12@pbx.example", "+14152308645;ext=12",
       source},
      {"US", "tel:+1-415-230-8645", "+14152308645", "RFC 3966"},
      {"US", "tel:230-8645;phone-context=+1415", "+14152308645", "RFC 3966"},
      {"DE", "whatsapp:+14152308645", "+14152308645", "Twilio"},
      {"DE", "14152308645@s.whatsapp.net", "+14152308645",
       "devlikeapro/waha#1516"},
      {"DE", "14152308645:12@s.whatsapp.net", "+14152308645",
       "devlikeapro/waha#1516"},
      {"US", "https://wa.me/4915621703327", "+4915621703327", "WhatsApp"},
  });
}

TEST(PhoneTest, TabsLineBreaksAndMarksAreNoPartOfANumber) {
  ExpectPhones({
      {"US", "415\t555\n2671", "+14155552671", "jstanden/cerb#1349"},
      {"US", "\u202a+1 415\u00ad555\u200b2671\u202c", "+14155552671",
       "mikel/mail#1173"},
      {"US", "+1 (415) 555\u20112671", "+14155552671", "a dash"},
      {"US", "415\u30fc555\u30fc2671", "+14155552671", "a Japanese keyboard"},
      {"US", "\uff14\uff11\uff15\uff12\uff13\uff10\uff18\uff16\uff14\uff15",
       "+14152308645", "ourjapanlife/findadoc-web#1762"},
      {"US", "\u0664\u0661\u0665\u0662\u0663\u0660\u0668\u0666\u0664\u0665",
       "+14152308645", "ourjapanlife/findadoc-web#1762"},
      {"US", "=+14152308645", "+14152308645", "a spreadsheet's text"},
      {"US", "4152308645,", "+14152308645", "a list of one"},
      {"US", "'4152308645", "+14152308645", "a spreadsheet's text"},
      {"US", "4152308645.0", "+14152308645", "a spreadsheet's float"},
  });
}

TEST(PhoneTest, ANumberFromAbroadMayLackItsPlus) {
  ExpectPhones({
      {"US", "0044 7911 246815", "+447911246815", "decided, B7"},
      {"US", "4915621703327", "+4915621703327", "decided, B7"},
      {"US", "+0044 7911 246815", "+447911246815", "decided, B7"},
      {"US", "919876543210", "+919876543210", "decided, B7"},
      {"DE", "14155552671", "+14155552671", "decided, B7"},
      {"DE", "447911246815", "+447911246815", "decided, B7"},
      {"US", "44 7911 246815", "+447911246815", "decided, B7"},
      {"US", "415-555-2671 2", nullptr, "never +41555526712"},
      {"DE", "4915123456789", "+4915123456789", "decided, B7"},
      {"DE", "491701234567", "+491701234567", "decided, B7"},
      {"DE", "491511234567", "+49491511234567", "of 04915: 0151 has 8 more"},
      // A national number stays one.
      {"US", "415-055-2671", "+14150552671", "a slip is nobody's number"},
      {"DE", "0151 23456789", "+4915123456789", "national"},
  });
}

TEST(PhoneTest, ThreeToSixDigitsAreAShortCode) {
  ExpectPhones({
      {"US", "87245", "87245", "decided, B7"},
      {"US", "12345", "12345", "decided, B7"},
      {"US", "123456", "123456", "decided, B7"},
      {"US", "611", "611", "decided, B7"},
      {"US", "\u0668\u0667\u0662\u0664\u0665", "87245", "decided, B7"},
      {"DE", "4711", "4711", "decided, B7"},
      {"DE", "30123", "30123", "not of Berlin"},
      {"DE", "110815", "110815", "decided, B7"},
      {"AD", "712345", "+376712345", "whole numbers of Andorra have six"},
      {"US", "12", nullptr, "too short"},
  });
}

TEST(PhoneTest, WhatHasMoreThanANumberIsToldSo) {
  EXPECT_EQ(ReadPhone("Fax 99 (030) 7459603", "US").refusal,
            "there is more than a phone number in it");
  EXPECT_EQ(ReadPhone("Fax 99 (030) 7459603", "DE").refusal,
            "which of its digits are the number cannot be told");
  for (const char* none : {"Anna Q", "Fax (99)"}) {
    EXPECT_EQ(ReadPhone(none, "US").refusal, "there is no phone number in it");
  }
}

TEST(PhoneTest, ALineThatIsNotCertainHasAVariant) {
  struct VariantCase {
    const char* number;
    const char* variant;
    const char* source;
  };
  for (const VariantCase& one : {
           VariantCase{"+5491123456789", "+541123456789", "cases.md B4"},
           {"+5492214567890", "+542214567890", "La Plata"},
           {"+390669812345", "+39669812345", "Rome"},
           {"+393471234567", "+3903471234567", "mobile numbers until 2001"},
       }) {
    EXPECT_EQ(VariantOfNumber(one.number), one.variant) << one.source;
    EXPECT_EQ(VariantOfNumber(one.variant), one.number) << one.source;
  }
  for (const char* certain :
       {"+14155552671", "+5511983449529", "+551132320315", "+525512345678",
        "+2290197123456", "+4930901820", "5552671", "DHL-4711", ""}) {
    EXPECT_EQ(VariantOfNumber(certain), "") << certain;
  }
}

TEST(PhoneTest, OneLineInTwoFormsOfItsCountryIsOne) {
  ExpectPhones({
      // Brazil: mobile numbers have got a ninth digit.
      {"US", "+551183449529", "+5511983449529", "chatwoot/chatwoot#13986"},
      {"US", "+5511983449529", "+5511983449529", "chatwoot/chatwoot#5840"},
      {"BR", "(11) 8344-9529", "+5511983449529", "devlikeapro/waha#1516"},
      {"BR", "011 98344-9529", "+5511983449529", "devlikeapro/waha#1516"},
      {"BR", "0 15 11 8344-9529", "+5511983449529", "with a carrier's code"},
      {"US", "551183449529", "+5511983449529", "a WhatsApp id"},
      {"US", "551183449529@s.whatsapp.net", "+5511983449529",
       "devlikeapro/waha#1516"},
      {"US", "+55 47 6123-4567", "+5547961234567", "6 to 9"},
      {"US", "+551132320315", "+551132320315", "a landline"},
      {"US", "+551152320315", "+551152320315", "a landline"},
      {"BR", "0800 123 4567", "+558001234567", "free: no area code"},
      // Mexico: the 1 of mobile numbers is gone since 2019.
      {"US", "+52 1 55 1234 5678", "+525512345678", "chatwoot/chatwoot#5840"},
      {"US", "+52 55 1234 5678", "+525512345678", "chatwoot/chatwoot#5840"},
      {"US", "5215512345678@c.us", "+525512345678", "devlikeapro/waha#1516"},
      {"MX", "044 55 1234 5678", "+525512345678", "IFT, before 2019"},
      // Benin: 01 is before all numbers since 2024-11-30.
      {"US", "+229 97 12 34 56", "+2290197123456", "ARCEP Benin"},
      {"US", "+229 01 97 12 34 56", "+2290197123456", "ARCEP Benin"},
      {"BJ", "97 12 34 56", "+2290197123456", "ARCEP Benin"},
      {"BJ", "01 97 12 34 56", "+2290197123456", "ARCEP Benin"},
      {"US", "22997123456@c.us", "+2290197123456", "a WhatsApp id"},
      {"US", "+229 97 12 34 567", nullptr, "nine digits"},
      // Argentina: 15 at home is 9 from abroad; without it, it may be another.
      {"AR", "011 15-2345-6789", "+5491123456789", "libphonenumber"},
      {"US", "+54 9 11 2345 6789", "+5491123456789", "libphonenumber"},
      {"US", "+54 11 2345 6789", "+541123456789", "not certain: apart"},
      {"AR", "011 2345-6789", "+541123456789", "not certain: apart"},
  });
}

TEST(PhoneTest, NationalNumbersAreReadAsTheirRegionDialsThem) {
  ExpectPhones({
      {"DE", "+49 (0)30 901820", "+4930901820", "DIN 5008"},
      {"US", "+49 (0)30 901820", "+4930901820", "DIN 5008"},
      {"US", "+49 0151 23456789", "+4915123456789", "a trunk prefix kept"},
      {"US", "+34 (0)912 345 678", "+34912345678", "a prefix Spain has not"},
      {"IT", "02 1234 5670", "+390212345670", "Italy's zero is dialled"},
      {"US", "+39 (0)2 1234 5670", "+390212345670", "Italy's zero is dialled"},
      {"GB", "020 7946 0958", "+442079460958", "Ofcom"},
      {"US", "011 1 415 555 2671", "+14155552671", "NANP"},
  });
}

}  // namespace
}  // namespace kith::identity
