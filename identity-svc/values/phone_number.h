#ifndef KITH_IDENTITY_SVC_VALUES_PHONE_NUMBER_H_
#define KITH_IDENTITY_SVC_VALUES_PHONE_NUMBER_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// What a run of digits is on the phone network.
enum class NumberKind {
  // Nothing: its length is impossible.
  kNone,
  // A number that can be dialled from everywhere.
  kWhole,
  // A number without its area code, which belongs to different people in
  // different places, or one that may be so.
  kLocal,
  // A short code of the region: three to six digits.
  kShort,
  // A number that a region's phones dial in need.
  kEmergency,
};

// A phone number, read by libphonenumber.
struct PhoneNumber {
  NumberKind kind = NumberKind::kNone;

  // E.164, of a whole number: "+14155552671".
  std::string e164 = {};

  // The digits after the country code, of a whole number.
  std::string national = {};

  // The digits as they are matched, of a local number.
  std::string local = {};

  // Why it is read so, or why it is nothing: "a national number of US". Empty
  // if it is nothing at all.
  std::string why = {};

  // True if the digits are in a range that is in use, as far as it is known.
  bool valid = false;

  // True if it was typed with its country code.
  bool has_country = false;

  // Why nobody has it, in words: "its subscriber is all zeros". Empty if
  // somebody may.
  std::string fault = {};

  // True if callers of this number dial letters: it is of North America, or
  // free, shared, premium or of a company.
  bool in_letters = false;

  // True if it is of North America, where numbers have one length.
  bool north_american = false;

  // True if the callee pays.
  bool free = false;
};

// Reads ASCII digits with at most one "+" before them: an international number,
// a national one of `region` (CLDR, such as "US"), or, if it cannot be that, an
// international one without "+" or after "00". `first_group` is the number of
// digits before the first that something separates; 0 if nothing does.
// Separated digits are national, unless their first group is the code of
// another country.
//
// Digits with neither "+" nor the prefix of national numbers are whole if they
// are in a range that is in use, or have the length that all fixed or all
// mobile numbers of the region have with their area code. All else is local: so
// are eight digits or fewer in a fixed range of a region that has a prefix and
// numbers of many lengths.
//
// Two forms of one line by a country's rule are one: Brazil's mobile numbers
// have a ninth digit, Mexico's no longer a 1, Benin's a 01 before them.
// (Argentina's 9 may tell a mobile line from another one: it stays. See
// VariantOfNumber.) Thread-safe.
PhoneNumber ReadNumber(absl::string_view digits, absl::string_view region,
                       size_t first_group);

// Returns the E.164 number that may be the same line as this one, by a rule of
// its country that is not certain; empty if there is none. The variant of a
// variant is the number.
// - Argentina: with or without the 9 that mobile numbers have in calls from
//   abroad, and that people leave out.
// - Italy: with or without the leading 0 that fixed numbers have, and mobile
//   ones had until 2001. One of the two is in a range that is in use.
std::string VariantOfNumber(absl::string_view e164);

// Returns true if digits among words say by themselves that they are a whole
// number: they have "+", "00" or the prefix of national numbers in the region,
// or the region's need none.
bool IsMarkedWhole(absl::string_view digits, absl::string_view region);

// Returns true if groups of digits, with one space between them, are those of a
// whole number in use as its country writes it.
bool IsGroupedAsWhole(absl::string_view groups, absl::string_view region);

// Returns true if digits begin with "+", "00" or the prefix that callers in the
// region dial before national numbers.
bool HasDialPrefix(absl::string_view digits, absl::string_view region);

// Returns the digits that a keypad dials for a text with letters.
std::string DialledDigits(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_PHONE_NUMBER_H_
