#ifndef KITH_IDENTITY_SVC_VALUES_NOBODY_H_
#define KITH_IDENTITY_SVC_VALUES_NOBODY_H_

#include "absl/strings/string_view.h"

namespace kith::identity {

// Words by which people and systems say that there is nobody. Pure functions;
// `folded` is a text in folded case.

// Returns true for a word that means nothing in any channel: "n/a", "unknown",
// also in some other languages.
bool IsNothing(absl::string_view folded);

// Returns true for an id that is no customer's: words for all who have none
// ("guest", "walk-in customer"), the name of the column that ids are in
// ("customer_id", "YOUR ID HERE"), what examples and APIs have as an id, what
// many devices have as theirs, one character repeated, what says that a person
// does not want to be known ("opted_out", "no consent").
bool IsNobodysId(absl::string_view folded);

// Returns true for what is no browser's id besides: a word for consent or of a
// program ("denied", "cookie", "bot"), and what a browser calls itself, as many
// others do: "Mozilla/5.0 ...".
bool IsNobodysVisitor(absl::string_view folded);

// Returns true for what people type on both sides of an "@" to get past a form:
// "asd@asd.de", "guest@guest.com", "123@123.com". Not for words that companies
// are called by, and have a mailbox of: info@info.example.
bool IsTypedTwice(absl::string_view folded);

// Returns true for a kind of account without a name: "Facebook User", "Deleted
// Account", "LinkedIn Member", "unknown caller". `marks` separate its words.
bool IsKindOfAccount(absl::string_view folded, absl::string_view marks);

// Returns true for what is the example of a form ("username"), the network's
// own name, the account that it shows instead of those that are deleted, and
// what is of a group: "status@broadcast".
bool IsNobodysHandle(absl::string_view network, absl::string_view handle);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_NOBODY_H_
