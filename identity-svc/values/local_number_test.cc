#include <initializer_list>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/values/phone.h"
#include "identity-svc/values/phone_cases.h"

namespace kith::identity {
namespace {

using ::testing::HasSubstr;

TEST(LocalNumberTest, ALocalNumberIsItsDigits) {
  ExpectPhones({
      {"US", "555-2671", "5552671", "local: of different people elsewhere"},
      {"US", "379-3159", "3793159", "two spellings of one"},
      {"US", "379 3159", "3793159", "two spellings of one"},
      {"US", " 379.3159", "3793159", "two spellings of one"},
      {"US", "3793159", "3793159", "two spellings of one"},
      {"US", "683-4002", "6834002", "never +6834002 of Niue"},
      {"BR", "3344-9529", "33449529", "two area codes"},
      {"AU", "9374 4000", "93744000", "two area codes"},
      {"CN", "6552 9988", "65529988", "two area codes"},
      {"NL", "555 1284", "5551284", "two area codes"},
      {"ZA", "555 1284", "5551284", "two area codes"},
      {"NG", "555 1284", "5551284", "two area codes"},
      {"IT", "7459603", "7459603", "two area codes"},
      {"AT", "5462555", "5462555", "two area codes"},
      {"DE", "7459603", "7459603", "two area codes"},
      {"GB", "946 0958", "9460958", "two area codes"},
      {"ID", "7654329", "7654329", "two area codes"},
      {"AR", "15-2345-6789", "1523456789", "a mobile of many places"},
      {"DE", "3012345", "3012345", "of Munich, not +493012345"},
      {"BR", "98344-9529", "983449529", "Anatel: a ninth digit"},
      {"BR", "8344-9529", "983449529", "Anatel: a ninth digit"},
      {"DE", "7459603 x12", nullptr, "an extension of many numbers"},
  });
}

// Then the digits of both may be those of a whole number of another place.
TEST(LocalNumberTest, AnExtensionBehindALocalNumberIsNoPartOfIt) {
  for (const char* typed : {"7459603-13", "7459603 13", "7459603/13",
                            "(7459603) 13", "3344556-100", "334455-6100"}) {
    EXPECT_THAT(ReadPhone(typed, "DE").refusal, HasSubstr("the area code"))
        << typed;
  }
  ExpectPhones({
      {"DE", "030 7459603-13", "+4930745960313", "DIN 5008: dialled"},
      {"DE", "07459 60313", "+49745960313", "its prefix"},
      {"DE", "7459 60313", "+49745960313", "its area code"},
      {"DE", "745960313", "+49745960313", "nothing says that it is two"},
      {"DE", "4930 7459603", "+49307459603", "its country code"},
      {"DE", "151123-45678", "+4915112345678", "a mobile number"},
      {"GB", "207946 0958", "+442079460958", "one length of mobile numbers"},
      {"US", "415555-2671", "+14155552671", "one length"},
  });
}

TEST(LocalNumberTest, ANumberOfWholeLengthOrWithItsPrefixIsWhole) {
  ExpectPhones({
      {"US", "(645) 555-2671", "+16455552671", "an area code of 2023"},
      {"PL", "123 45 67", "1234567", "nine digits, and a few of seven"},
      {"DK", "81 23 45 67", "+4581234567", "no area codes"},
      {"NO", "51 23 45 67", "+4751234567", "no area codes"},
      {"SG", "6123 4567", "+6561234567", "no area codes"},
      {"BR", "4004-1234", "+5540041234", "of the whole country"},
      {"DE", "030 12345", "+493012345", "its prefix"},
      {"AU", "02 9374 4000", "+61293744000", "its prefix"},
      {"CN", "138 0013 8000", "+8613800138000", "a mobile number"},
      {"GB", "20 7946 0958", "+442079460958", "without its 0"},
      {"IT", "06 7459603", "+39067459603", "its area code"},
  });
}

TEST(LocalNumberTest, LettersThatMakeANumberWholeAreDialled) {
  ExpectPhones({
      {"US", "1-800-FLOWERS", "+18003569377", "libphonenumber"},
      {"US", "1-800-4-A-CHILD", "+18004224453", "libphonenumber"},
      {"US", "+1 800 flowers", "+18003569377", "libphonenumber"},
      {"US", "(212) PLAZA-55", "+12127529255", "libphonenumber"},
      {"DE", "0800 FLOWERS", "+498003569377", "libphonenumber"},
      {"US", "800-FLOWERS", "+18003569377", "no area: free everywhere"},
      {"US", "415-CALL NOW", "+14152255669", "an area code before it"},
      {"DE", "0800 REIMANN", "+498007346266", "a number of a company"},
      {"DE", "1-800-FLOWERS", nullptr, "never +4918003569377"},
      {"US", "FLOWERS", nullptr, "no digits"},
      {"US", "1-800-FLOWERS-FOREVER", nullptr, "too many"},
      {"US", "1-415-555-XXXX", nullptr, "never +14155559999"},
  });
}

TEST(LocalNumberTest, AWordBehindALocalNumberIsNotDialled) {
  for (const char* typed :
       {"806-5671 Ada", "806-5671 Tel", "806-5671 fax", "806-5671 ext",
        "212-5671 Bob", "8065671 Mom", "567-1232 (Ada)", "206-5550 NEW"}) {
    EXPECT_THAT(ReadPhone(typed, "US").refusal, HasSubstr("words beside a"))
        << typed;
  }
  ExpectPhones({
      {"US", "(212) 567 Home", nullptr, "never +12125674663"},
      {"US", "1-212-567 Mark", nullptr, "never +12125676275"},
      {"US", "212567 Fax1", nullptr, "never +12125673291"},
      {"US", "415 Johnson", nullptr, "never +14155646766"},
      {"DE", "0180 5 Anna", nullptr, "never +4918052662"},
      {"DE", "01805 Anna", nullptr, "never +4918052662"},
      {"DE", "0800 123 Sabine", nullptr, "never +49800123722463"},
      {"DE", "0800 REIMANN abends", nullptr, "two words"},
      {"DE", "7459603 Anna", nullptr, "no area code"},
  });
}

}  // namespace
}  // namespace kith::identity
