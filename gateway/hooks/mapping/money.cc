#include "gateway/hooks/mapping/money.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace kith::gateway {
namespace {

constexpr size_t kMicroPlaces = 6;
constexpr int64_t kMostMicros = 9'000'000'000'000'000'000;

// ISO 4217; all others have two places.
constexpr absl::string_view kWithoutPlaces[] = {
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
    "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr absl::string_view kWithThreePlaces[] = {"BHD", "IQD", "JOD", "KWD",
                                                  "LYD", "OMR", "TND"};

size_t PlacesOf(absl::string_view currency) {
  if (absl::c_linear_search(kWithoutPlaces, currency)) return 0;
  return absl::c_linear_search(kWithThreePlaces, currency) ? 3 : 2;
}

bool AreDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace

absl::StatusOr<common::v1::Money> ReadMoney(absl::string_view amount,
                                            absl::string_view currency,
                                            bool minor_units) {
  common::v1::Money money;
  money.set_currency_code(
      absl::AsciiStrToUpper(absl::StripAsciiWhitespace(currency)));
  const std::string& code = money.currency_code();
  if (code.size() != 3 ||
      !std::all_of(code.begin(), code.end(), absl::ascii_isupper)) {
    return absl::InvalidArgumentError("currency: want three letters");
  }
  amount = absl::StripAsciiWhitespace(amount);
  const size_t point = std::min(amount.find('.'), amount.size());
  const absl::string_view whole = amount.substr(0, point);
  const absl::string_view fraction =
      absl::ClippedSubstr(amount, point + 1, absl::string_view::npos);
  // Where one unit of the amount is.
  const size_t places = kMicroPlaces - (minor_units ? PlacesOf(code) : 0);
  int64_t micros = 0;
  if (whole.empty() || !AreDigits(whole) || !AreDigits(fraction) ||
      fraction.size() > places ||
      !absl::SimpleAtoi(
          absl::StrCat(whole, fraction,
                       std::string(places - fraction.size(), '0')),
          &micros) ||
      micros > kMostMicros) {
    return absl::InvalidArgumentError(
        absl::StrCat("amount: want digits with at most ", places,
                     " of them behind a point"));
  }
  money.set_amount_micros(micros);
  return money;
}

}  // namespace kith::gateway
