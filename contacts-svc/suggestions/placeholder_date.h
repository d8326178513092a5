#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_PLACEHOLDER_DATE_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_PLACEHOLDER_DATE_H_

#include "absl/time/civil_time.h"

namespace kith::contacts {

// Returns true if a date of birth is what systems and people fill in where they
// know none, so that it says nothing of a person:
//
// - January 1 of any year: the zero of many clocks and databases, and what is
//   made of a year alone;
// - the day before 1970 or 1900, which a time zone west of Greenwich makes of a
//   zero, and day 0 of spreadsheets, 1899-12-30;
// - any day before 1800, such as 1111-11-11;
// - the day on which the contact was made, which date pickers show, or a later
//   one.
//
// Pure.
bool IsPlaceholderBirthday(absl::CivilDay birthday, absl::CivilDay made);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_PLACEHOLDER_DATE_H_
