#include "identity-svc/values/phone_number.h"

#include <phonenumbers/phonenumbermatch.h>
#include <phonenumbers/phonenumbermatcher.h>
#include <phonenumbers/phonenumberutil.h>
#include <phonenumbers/shortnumberinfo.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/number_renewal.h"

namespace kith::identity {
namespace {

using Parsed = i18n::phonenumbers::PhoneNumber;
using Numbers = i18n::phonenumbers::PhoneNumberUtil;

constexpr int kNorthAmerica = 1;
constexpr int kItaly = 39;
constexpr int kArgentina = 54;

// ENACOM: area code and subscriber are ten digits. No area code begins with 9.
constexpr size_t kArgentineDigits = 10;

// More equal digits at the end than numbers have that are given to people.
constexpr size_t kFewestEqualDigits = 9;
constexpr size_t kFewestZeros = 8;
constexpr size_t kFewestZerosOfSubscriber = 6;

constexpr size_t kFewestShortDigits = 3;
constexpr size_t kMostShortDigits = 6;

// No national number that people write without its prefix has more, whatever
// the ranges allow.
constexpr size_t kMostBareDigits = 11;

// What people dial within a place has no more: nine in Brazil.
constexpr size_t kMostLocalDigits = 9;

// What fixed lines of one place have: eight in Sao Paulo or Beijing.
constexpr size_t kMostFixedLocalDigits = 8;

// Of fixed lines where these have many lengths, without the prefix: 07459.
constexpr size_t kMostAreaCodeDigits = 5;

// ENACOM: before a local mobile number. No area code begins so.
constexpr absl::string_view kArgentineMobile = "15";

const Numbers& Library() { return *Numbers::GetInstance(); }

size_t EqualDigitsAtEnd(absl::string_view digits) {
  const size_t other = digits.find_last_not_of(digits.back());
  return other == absl::string_view::npos ? digits.size()
                                          : digits.size() - other - 1;
}

// Why nobody has a number: what is typed to get past a form, "(11) 99999-9999",
// and services that everybody calls.
std::string FaultOfNational(const Parsed& number, absl::string_view national) {
  const size_t equal = EqualDigitsAtEnd(national);
  if (national.back() == '0') {
    const auto area = static_cast<size_t>(
        Library().GetLengthOfNationalDestinationCode(KnownForm(number)));
    if (equal >= kFewestZeros || (equal >= kFewestZerosOfSubscriber &&
                                  area + equal >= national.size())) {
      return "its subscriber is all zeros";
    }
  } else if (equal >= kFewestEqualDigits) {
    return "it is one digit repeated";
  }
  // NANPA: in every area, who is called for the number of somebody else.
  if (number.country_code() == kNorthAmerica &&
      absl::EndsWith(national, "5551212")) {
    return "it is directory assistance";
  }
  return "";
}

std::optional<Parsed> Parse(absl::string_view digits, absl::string_view region,
                            NumberKind* kind) {
  Parsed number;
  *kind = NumberKind::kNone;
  if (Library().Parse(std::string(digits), std::string(region), &number) !=
      Numbers::NO_PARSING_ERROR) {
    return std::nullopt;
  }
  Renew(number);
  switch (Library().IsPossibleNumberWithReason(KnownForm(number))) {
    case Numbers::IS_POSSIBLE:
      *kind = NumberKind::kWhole;
      return number;
    case Numbers::IS_POSSIBLE_LOCAL_ONLY:
      *kind = NumberKind::kLocal;
      return number;
    default:
      return std::nullopt;
  }
}

std::optional<Parsed> ParseInternational(absl::string_view digits) {
  NumberKind kind = NumberKind::kNone;
  std::optional<Parsed> number = Parse(absl::StrCat("+", digits), "ZZ", &kind);
  return kind == NumberKind::kWhole ? std::move(number) : std::nullopt;
}

// What callers dial before a number of another place in the same region.
std::string NationalPrefix(absl::string_view region) {
  std::string prefix;
  Library().GetNddPrefixForRegion(std::string(region),
                                  /*strip_non_digits=*/true, &prefix);
  return prefix;
}

std::string E164(const Parsed& number) {
  std::string e164;
  Library().Format(number, Numbers::E164, &e164);
  return e164;
}

// Returns true if a number stays the same if it is read again. Of "+43003485"
// each reading drops a zero.
bool IsStable(const std::string& e164) {
  const std::optional<Parsed> again =
      ParseInternational(absl::string_view(e164).substr(1));
  return again.has_value() && E164(*again) == e164;
}

PhoneNumber Whole(const Parsed& number, std::string why) {
  PhoneNumber whole;
  whole.e164 = E164(number);
  if (!IsStable(whole.e164)) return {};
  whole.kind = NumberKind::kWhole;
  whole.national = NationalOf(number);
  whole.why = std::move(why);
  whole.fault = FaultOfNational(number, whole.national);
  const Parsed known = KnownForm(number);
  whole.valid = Library().IsValidNumber(known);
  const Numbers::PhoneNumberType type = Library().GetNumberType(known);
  whole.north_american = number.country_code() == kNorthAmerica;
  whole.free = type == Numbers::TOLL_FREE;
  whole.in_letters = whole.north_american || whole.free ||
                     type == Numbers::PREMIUM_RATE ||
                     type == Numbers::SHARED_COST || type == Numbers::UAN;
  return whole;
}

// Numbers of the region are as short as short codes elsewhere (Andorra).
bool HasShortNumbers(absl::string_view region) {
  Parsed example;
  return Library().GetExampleNumber(std::string(region), &example) &&
         NationalOf(example).size() <= kMostShortDigits;
}

PhoneNumber ShortCode(absl::string_view digits, absl::string_view region) {
  static const auto* const info = new i18n::phonenumbers::ShortNumberInfo();
  PhoneNumber code;
  code.kind = NumberKind::kShort;
  if (info->IsEmergencyNumber(std::string(digits), std::string(region))) {
    code.kind = NumberKind::kEmergency;
  }
  code.why = absl::StrCat("a short code of ", region);
  return code;
}

// A number from abroad without "+": "0044...", or the id of a messenger.
std::optional<PhoneNumber> Foreign(absl::string_view digits,
                                   size_t first_group) {
  absl::string_view rest = digits;
  const bool prefixed = absl::ConsumePrefix(&rest, "00");
  const std::optional<Parsed> number = ParseInternational(rest);
  if (!number.has_value()) return std::nullopt;
  PhoneNumber foreign =
      Whole(*number, prefixed ? "an international number after 00"
                              : "an international number without its +");
  foreign.has_country = true;
  const std::string country = absl::StrCat(number->country_code());
  if (!prefixed &&
      (!foreign.valid || (first_group != 0 && first_group != country.size()))) {
    return std::nullopt;
  }
  return foreign;
}

PhoneNumber Local(const Parsed& number, absl::string_view digits,
                  absl::string_view region) {
  PhoneNumber local;
  local.kind = NumberKind::kLocal;
  local.local = RenewedLocal(number.country_code(), digits);
  local.why = absl::StrCat("a local number of ", region);
  return local;
}

// True if numbers of a type all have the length of this one.
bool HasOnlyLength(const Parsed& number, Numbers::PhoneNumberType type) {
  constexpr uint64_t kRadix = 10;
  constexpr uint64_t kMostDigits = 1'000'000'000'000'000;
  Parsed one = KnownForm(number);
  const uint64_t digits = one.national_number();
  const auto is_possible = [&](uint64_t of_length) {
    one.set_national_number(of_length);
    return Library().IsPossibleNumberForTypeWithReason(one, type) ==
           Numbers::IS_POSSIBLE;
  };
  bool only = is_possible(digits);
  for (uint64_t d = digits / kRadix; d > 0; d /= kRadix) {
    only = only && !is_possible(d);
  }
  for (uint64_t d = digits; d > 0 && d < kMostDigits; d *= kRadix) {
    only = only && (d == digits || !is_possible(d));
  }
  return only;
}

// What national digits without prefix may be, if they may lack their area code:
// kLocal, or kNone where an extension may be behind them; else `whole`, which
// they are with their area code.
PhoneNumber WithoutPrefix(const Parsed& number, PhoneNumber whole,
                          absl::string_view digits, absl::string_view region,
                          size_t first_group) {
  if (number.country_code() == kArgentina &&
      absl::StartsWith(whole.national, kArgentineMobile)) {
    return Local(number, digits, region);
  }
  if (HasOnlyLength(number, Numbers::FIXED_LINE) ||
      HasOnlyLength(number, Numbers::MOBILE)) {
    return whole;
  }
  const bool fixed =
      !NationalPrefix(region).empty() &&
      Library().GetNumberType(KnownForm(number)) == Numbers::FIXED_LINE;
  if (!whole.valid ||
      (fixed && whole.national.size() <= kMostFixedLocalDigits)) {
    return Local(number, digits, region);
  }
  // "7459603-13": no area code is so long, so there is none.
  if (fixed && first_group > kMostAreaCodeDigits) {
    PhoneNumber none;
    none.why =
        "it may be an extension behind a number without its area code: write "
        "the area code";
    return none;
  }
  return whole;
}

// A number as callers of the region dial it, or kLocal, or kNone. `prefixed` is
// true if it begins as only national numbers do.
PhoneNumber National(absl::string_view digits, absl::string_view region,
                     size_t first_group, bool* prefixed) {
  NumberKind kind = NumberKind::kNone;
  const std::optional<Parsed> number = Parse(digits, region, &kind);
  *prefixed = false;
  if (kind == NumberKind::kNone) return {};
  if (kind == NumberKind::kLocal) return Local(*number, digits, region);
  PhoneNumber national =
      Whole(*number, absl::StrCat("a national number of ", region));
  if (national.e164.empty()) return {};
  const std::string prefix = NationalPrefix(region);
  // Local numbers may begin with an "8", Russia's prefix.
  *prefixed = prefix.size() + 1 < digits.size() && !prefix.empty() &&
              absl::StartsWith(digits, prefix) &&
              (digits.size() > national.national.size() ||
               !absl::StartsWith(national.national, prefix));
  national.has_country =
      absl::EndsWith(digits, absl::string_view(national.e164).substr(1));
  const bool abroad = absl::StartsWith(digits, "00");
  if (*prefixed || abroad || (national.has_country && national.valid)) {
    return national;
  }
  return WithoutPrefix(*number, std::move(national), digits, region,
                       first_group);
}

PhoneNumber NationalOrForeign(absl::string_view digits,
                              absl::string_view region, size_t first_group) {
  bool prefixed = false;
  PhoneNumber national = National(digits, region, first_group, &prefixed);
  if (national.kind == NumberKind::kWhole &&
      (prefixed || (national.valid && digits.size() <= kMostBareDigits))) {
    return national;
  }
  // What may be a local number is no short number of a small country.
  if (national.kind == NumberKind::kLocal &&
      digits.size() <= kMostLocalDigits) {
    return national;
  }
  if (std::optional<PhoneNumber> foreign = Foreign(digits, first_group)) {
    return *std::move(foreign);
  }
  // In other groups it is an international number.
  if (national.kind == NumberKind::kLocal &&
      Foreign(digits, /*first_group=*/0).has_value()) {
    return {};
  }
  return national;
}

}  // namespace

PhoneNumber ReadNumber(absl::string_view digits, absl::string_view region,
                       size_t first_group) {
  if (absl::ConsumePrefix(&digits, "+")) {
    // "+0044": a plus for the two zeros, and the zeros.
    absl::ConsumePrefix(&digits, "00");
    const std::optional<Parsed> number = ParseInternational(digits);
    if (!number.has_value()) return {};
    PhoneNumber whole = Whole(*number, "an international number");
    whole.has_country = true;
    return whole;
  }
  if (digits.size() < kFewestShortDigits) return {};
  if (digits.size() > kMostShortDigits) {
    return NationalOrForeign(digits, region, first_group);
  }
  if (first_group != 0 || HasShortNumbers(region)) {
    bool prefixed = false;
    PhoneNumber number = National(digits, region, first_group, &prefixed);
    if (number.valid) return number;
  }
  return first_group == 0 ? ShortCode(digits, region) : PhoneNumber();
}

std::string VariantOfNumber(absl::string_view e164) {
  if (!absl::ConsumePrefix(&e164, "+")) return "";
  const std::optional<Parsed> number = ParseInternational(e164);
  if (!number.has_value()) return "";
  const std::string national = NationalOf(*number);
  std::string other;
  if (number->country_code() == kArgentina) {
    const bool mobile =
        national.size() == kArgentineDigits + 1 && national[0] == '9';
    if (!mobile && national.size() != kArgentineDigits) return "";
    other = mobile ? national.substr(1) : absl::StrCat("9", national);
  } else if (number->country_code() == kItaly) {
    other =
        national[0] == '0' ? national.substr(1) : absl::StrCat("0", national);
  } else {
    return "";
  }
  const std::optional<Parsed> variant =
      ParseInternational(absl::StrCat(number->country_code(), other));
  if (!variant.has_value() || NationalOf(*variant) != other ||
      !(Library().IsValidNumber(*number) ||
        Library().IsValidNumber(*variant))) {
    return "";
  }
  return E164(*variant);
}

bool IsMarkedWhole(absl::string_view digits, absl::string_view region) {
  if (absl::StartsWith(digits, "+") || absl::StartsWith(digits, "00")) {
    return true;
  }
  i18n::phonenumbers::PhoneNumberMatcher matcher{std::string(digits),
                                                 std::string(region)};
  i18n::phonenumbers::PhoneNumberMatch match;
  return matcher.Next(&match) &&
         match.length() == static_cast<int>(digits.size());
}

bool IsGroupedAsWhole(absl::string_view groups, absl::string_view region) {
  using Matcher = i18n::phonenumbers::PhoneNumberMatcher;
  Matcher matcher(Library(), std::string(groups), std::string(region),
                  Matcher::STRICT_GROUPING, /*max_tries=*/1);
  i18n::phonenumbers::PhoneNumberMatch match;
  return absl::StrContains(groups, " ") && matcher.Next(&match) &&
         match.length() == static_cast<int>(groups.size());
}

bool HasDialPrefix(absl::string_view digits, absl::string_view region) {
  const std::string prefix = NationalPrefix(region);
  return absl::StartsWith(digits, "+") || absl::StartsWith(digits, "00") ||
         (!prefix.empty() && absl::StartsWith(digits, prefix));
}

std::string DialledDigits(absl::string_view text) {
  std::string digits(text);
  Library().ConvertAlphaCharactersInNumber(&digits);
  return digits;
}

}  // namespace kith::identity
