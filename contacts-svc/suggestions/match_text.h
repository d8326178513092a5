#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_TEXT_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::contacts {

// What texts that people typed are compared by. Each answers an empty text
// where there is too little to compare. Pure functions of UTF-8.

// The words of a full name, in order of themselves, with a space between.
std::string ComparableName(absl::string_view name);

// A date as "1980-02-29".
std::string ComparableDate(absl::string_view date);

// The letters and digits of a postcode.
std::string ComparablePostcode(absl::string_view postcode);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_TEXT_H_
