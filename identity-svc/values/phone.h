#ifndef KITH_IDENTITY_SVC_VALUES_PHONE_H_
#define KITH_IDENTITY_SVC_VALUES_PHONE_H_

#include "absl/strings/string_view.h"
#include "identity-svc/values/form.h"

namespace kith::identity {

// Reads a phone number as typed, in `region` (CLDR, such as "US"): its E.164
// form, with an extension "+14155552671;ext=12".
//
// - A number around which there are words, or an address, is that number.
// - Letters are dialled only if they make a number whole ("1-800-FLOWERS").
// - A short code, a number without its area code and the name of a sender with
//   digits ("DHL-4711") are matched as a text.
// - All else is refused: without a number there is no identity.
//
// Thread-safe.
Form ReadPhone(absl::string_view text, absl::string_view region);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_PHONE_H_
