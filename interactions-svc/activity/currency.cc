#include "interactions-svc/activity/currency.h"

#include <cstdint>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "unicode/ucurr.h"
#include "unicode/uenum.h"

namespace kith::interactions {
namespace {

// Money that ICU 72 does not know, or does not count as common. ISO 4217
// amendments 170 (bolivar digital, 2021), 176 (Caribbean guilder, 2025) and 177
// (Zimbabwe Gold, 2024).
constexpr absl::string_view kNewMoney[] = {"VED", "XCG", "ZWG"};

// Codes of a kind in ICU: UCURR_COMMON is money, UCURR_UNCOMMON are metals,
// funds, units of account and tests.
absl::flat_hash_set<std::string> CodesOf(uint32_t kind) {
  absl::flat_hash_set<std::string> codes;
  UErrorCode error = U_ZERO_ERROR;
  UEnumeration* const all = ucurr_openISOCurrencies(kind, &error);
  while (const char* const code = uenum_next(all, nullptr, &error)) {
    codes.insert(code);
  }
  uenum_close(all);
  return codes;
}

}  // namespace

absl::string_view CurrencyFault(absl::string_view code) {
  static const auto* const money =
      new absl::flat_hash_set<std::string>(CodesOf(UCURR_COMMON));
  static const auto* const others =
      new absl::flat_hash_set<std::string>(CodesOf(UCURR_UNCOMMON));
  if (money->contains(code) || absl::c_linear_search(kNewMoney, code)) {
    return "";
  }
  if (others->contains(code)) {
    return "a metal, a fund or a test and no money, want a currency of ISO "
           "4217, such as EUR";
  }
  return "want a currency of ISO 4217, such as EUR";
}

}  // namespace kith::interactions
