#ifndef KITH_IDENTITY_SVC_VALUES_PHONE_H_
#define KITH_IDENTITY_SVC_VALUES_PHONE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// A phone number that could be dialled.
struct Phone {
  // E.164, such as "+14155552671"; with an extension "+14155552671;ext=12".
  std::string normalized;

  // The digits after the country code.
  std::string national;
};

// Reads a number as typed: an international one, or a national one of `region`
// (CLDR, such as "US"). Nullopt where it is none, or has a length that no
// number of its country has; a local number without its area code is such a
// one, as it means different people in different places. Thread-safe.
std::optional<Phone> ParsePhone(absl::string_view text,
                                absl::string_view region);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_PHONE_H_
