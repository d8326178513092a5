#ifndef KITH_IDENTITY_SVC_VALUES_UNFILLED_H_
#define KITH_IDENTITY_SVC_VALUES_UNFILLED_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// What software writes where a value is missing, or of which it has kept a part
// only. Such texts name nobody, and are the same for all. Each function returns
// in words what is wrong, empty if nothing is. Pure functions; `folded` is a
// text in folded case.

// Returns the text without the escapes of HTML and of addresses that hide marks
// of templates: "&lt;id&gt;" as "<id>", "%7bid%7d" as "{id}".
std::string Unescaped(absl::string_view folded);

// A template, an error of a spreadsheet, an object written as text, or a
// masked text, with anything around it: "C-{{id}}".
absl::string_view FaultIn(absl::string_view folded);

// A text that is one as a whole: "[name]", "undefined null", "err:502".
absl::string_view FaultOfWhole(absl::string_view folded);

// An id, which is matched to the letter: its last part is missing
// ("user-undefined", "gid://shop/customer/"), or it is a number that a
// spreadsheet or the width of a column has cut ("1.00e+05", "2147483647").
absl::string_view FaultOfId(absl::string_view text);

// A number that a spreadsheet or the width of a column has cut.
absl::string_view FaultOfNumber(absl::string_view folded);

// Returns true for the least and the greatest of integers: what a column cannot
// hold becomes that.
bool IsLimitOfIntegers(absl::string_view digits);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_UNFILLED_H_
