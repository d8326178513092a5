#ifndef KITH_IDENTITY_SVC_VALUES_PHONE_H_
#define KITH_IDENTITY_SVC_VALUES_PHONE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// A phone number that can be dialled.
struct Phone {
  // E.164, such as "+14155552671"; with an extension "+14155552671;ext=12".
  std::string normalized;

  // The digits after the country code.
  std::string national;
};

// Returns the number in a text as typed: an international one, or a national
// one of `region` (CLDR, such as "US"). Nullopt if the text is no number, or if
// its length is impossible in its country. That includes a local number without
// area code, which belongs to different people in different places.
// Thread-safe.
std::optional<Phone> ParsePhone(absl::string_view text,
                                absl::string_view region);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_PHONE_H_
