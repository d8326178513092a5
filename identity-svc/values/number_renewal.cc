#include "identity-svc/values/number_renewal.h"

#include <phonenumbers/phonenumberutil.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace kith::identity {
namespace {

using Parsed = i18n::phonenumbers::PhoneNumber;
using Numbers = i18n::phonenumbers::PhoneNumberUtil;

constexpr int kMexico = 52;
constexpr int kBrazil = 55;
constexpr int kBenin = 229;

// ARCEP Benin: since 2024-11-30 this is before the eight digits of all numbers.
constexpr absl::string_view kBeninPrefix = "01";
constexpr size_t kOldBeninDigits = 8;

// Anatel: mobile numbers before the ninth digit, without their area code.
constexpr size_t kOldBrazilianDigits = 8;

}  // namespace

std::string NationalOf(const Parsed& number) {
  std::string national;
  Numbers::GetInstance()->GetNationalSignificantNumber(number, &national);
  return national;
}

void Renew(Parsed& number) {
  const std::string national = NationalOf(number);
  std::string renewed;
  // Anatel: mobile numbers of eight digits, those that begin with 6 to 9, have
  // got a 9 before them. Area codes have no 0.
  if (number.country_code() == kBrazil && national.size() == 10 &&
      national[1] != '0' && national[2] >= '6') {
    renewed = absl::StrCat(national.substr(0, 2), "9", national.substr(2));
  }
  // IFT: since 2019 no call needs the 1 that was before mobile numbers.
  if (number.country_code() == kMexico && national.size() == 11 &&
      national[0] == '1') {
    renewed = national.substr(1);
  }
  if (!renewed.empty()) number.set_national_number(std::stoull(renewed));
  if (number.country_code() == kBenin && national.size() == kOldBeninDigits) {
    number.set_italian_leading_zero(true);
    number.set_national_number(
        std::stoull(absl::StrCat(kBeninPrefix, national)));
  }
}

std::string RenewedLocal(int country_code, absl::string_view digits) {
  const bool old_mobile = country_code == kBrazil &&
                          digits.size() == kOldBrazilianDigits &&
                          digits[0] >= '6';
  return absl::StrCat(old_mobile ? "9" : "", digits);
}

Parsed KnownForm(const Parsed& number) {
  Parsed known = number;
  const std::string national = NationalOf(number);
  if (number.country_code() == kBenin &&
      absl::StartsWith(national, kBeninPrefix) &&
      national.size() == kBeninPrefix.size() + kOldBeninDigits) {
    known.clear_italian_leading_zero();
    known.set_national_number(
        std::stoull(national.substr(kBeninPrefix.size())));
  }
  return known;
}

}  // namespace kith::identity
