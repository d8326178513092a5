#include "interactions-svc/currency.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "unicode/ucurr.h"

namespace kith::interactions {
namespace {

constexpr size_t kCodeSize = 3;

// What ICU answers where it knows no currency.
constexpr absl::string_view kNoCurrency = "XXX";

}  // namespace

bool IsCurrency(absl::string_view code) {
  if (code.size() != kCodeSize || code == kNoCurrency ||
      !std::all_of(code.begin(), code.end(), absl::ascii_isupper)) {
    return false;
  }
  UChar units[kCodeSize + 1] = {};
  std::copy(code.begin(), code.end(), units);
  UErrorCode error = U_ZERO_ERROR;
  return ucurr_isAvailable(units, U_DATE_MIN, U_DATE_MAX, &error) != 0 &&
         U_SUCCESS(error);
}

}  // namespace kith::interactions
