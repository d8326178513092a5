#ifndef KITH_IDENTITY_SVC_VALUES_TEXT_H_
#define KITH_IDENTITY_SVC_VALUES_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// Unicode text, as UTF-8. Pure functions.

// `text` without the white space around it, and without the invisible marks
// that come along when a value is copied from a screen.
std::string Trim(absl::string_view text);

// What texts are compared by without case: Unicode's full case folding, in
// normalization form C.
std::string FoldCase(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_TEXT_H_
