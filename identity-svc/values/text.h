#ifndef KITH_IDENTITY_SVC_VALUES_TEXT_H_
#define KITH_IDENTITY_SVC_VALUES_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// Pure functions of Unicode text in UTF-8.

// Returns `text` without white space at both ends, and without the invisible
// format characters there that are copied along with a value from a screen.
std::string Trim(absl::string_view text);

// Returns the form by which texts are compared without case: Unicode's full
// case folding, in normalization form C.
std::string FoldCase(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_TEXT_H_
