#ifndef KITH_IDENTITY_SVC_VALUES_PHONE_SPELLING_H_
#define KITH_IDENTITY_SVC_VALUES_PHONE_SPELLING_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// A phone number as typed, taken apart: what is the number, and what is around
// it. All parts are in ASCII digits.
struct PhoneSpelling {
  // The whole, without invisible marks.
  std::string text = {};

  // The number, with what separates its groups; words may be in it.
  std::string number = {};

  // The extension behind it; empty if there is none.
  std::string extension = {};

  // True if the number is the user of an address: "sip:+1415...@pbx.example".
  bool in_address = false;

  // True if it means something only where it is from: its phone-context
  // (RFC 3966) is the name of an exchange, not the beginning of a number.
  bool of_exchange = false;
};

// Takes apart a value of the channel PHONE. Understands SIP and tel addresses,
// with a name before them or not, ids and addresses of WhatsApp, and extensions
// in the words of several languages. What is before another "@" is a number
// only with "+": "7123456789@..." may be a mailbox, or an id of a messenger. A
// pure function, as are the following.
PhoneSpelling ReadSpelling(absl::string_view typed);

// Words and digits of a number as typed: "Tel. 030 123 (home)".
struct PhoneWords {
  // Up to the first digit or "+", trimmed.
  absl::string_view before;

  // From there to the last digit; words in between are still in it.
  absl::string_view core;

  // The rest, trimmed.
  absl::string_view after;

  // True if a letter follows the last digit at once: "2nd".
  bool touched = false;
};

PhoneWords SplitWords(absl::string_view number);

// Returns the digits of a text, with "+" if it is before them. Empty if there
// is anything else in the text than what separates groups. `first_group`, if
// not null, gets the number of digits before the first separator, 0 if there is
// none.
std::string PlainDigits(absl::string_view text, size_t* first_group = nullptr);

// Returns true if the text has a letter, of any script.
bool HasLetter(absl::string_view text);

// Returns true if words only say that a number is beside them: "Tel.",
// "mobile", "Phone (home)".
bool IsPhoneLabel(absl::string_view words);

// Returns true if a word says that an extension follows: "ext.", "Apparat".
bool IsExtensionWord(absl::string_view word);

// Returns true if a text is a day, as spreadsheets make of numbers:
// "2024-01-15", "15.01.2024".
bool IsDate(absl::string_view text);

// Returns true if a part of a number is masked or cut off: "415-555-XXXX",
// "+49 30 745...", "(415) 5__-____".
bool IsMaskedNumber(absl::string_view text);

// Returns true if a spreadsheet has rounded a number: "4.91512E+12".
bool IsRounded(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_PHONE_SPELLING_H_
