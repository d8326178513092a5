#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_TEXT_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::contacts {

// Normalise texts that people typed, so that they can be compared. Each
// function returns an empty text if there is too little to compare. Pure
// functions of UTF-8 text.

// Returns the words of a full name, sorted, with spaces between. Names are
// equal that differ in case, in accents and strokes ("Łukasz", "Lukasz"), in
// how an umlaut is written ("Müller", "Mueller", "Muller"), or in characters
// that nobody sees. Scripts are not turned into one another: each language and
// each office does it in another way.
std::string ComparableName(absl::string_view name);

// Returns a date as "1980-02-29".
std::string ComparableDate(absl::string_view date);

// Returns the letters and digits of a postcode.
std::string ComparablePostcode(absl::string_view postcode);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_TEXT_H_
