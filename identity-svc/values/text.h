#ifndef KITH_IDENTITY_SVC_VALUES_TEXT_H_
#define KITH_IDENTITY_SVC_VALUES_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// Pure functions of Unicode text in UTF-8.

// Returns `text` without white space at both ends, and without the invisible
// format characters there that are copied along with a value from a screen.
std::string Trim(absl::string_view text);

// Returns `text` as it looks: without invisible characters, white space of any
// kind (a tab, a line break) as a space, ASCII in full width ("＠") as ASCII,
// and trimmed. Control characters are kept, so that they are seen.
std::string CleanText(absl::string_view text);

// Returns `text` with the decimal digits and the dashes of all scripts as
// ASCII.
std::string AsciiDigits(absl::string_view text);

// Returns the form by which texts are compared to the letter: Unicode's
// normalization form C.
std::string Composed(absl::string_view text);

// Returns the form by which texts are compared without case: Unicode's full
// case folding, in normalization form C.
std::string FoldCase(absl::string_view text);

// Returns true if a text has a letter or a number of any script. A character
// that Unicode did not have yet counts as a letter.
bool HasLetterOrNumber(absl::string_view text);

// Returns true if `text` is valid UTF-8.
bool IsUtf8(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_TEXT_H_
