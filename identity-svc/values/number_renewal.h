#ifndef KITH_IDENTITY_SVC_VALUES_NUMBER_RENEWAL_H_
#define KITH_IDENTITY_SVC_VALUES_NUMBER_RENEWAL_H_

#include <phonenumbers/phonenumber.pb.h>

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// Numbers of countries that have changed the form of theirs. Thread-safe.

// Returns the digits after the country code.
std::string NationalOf(const i18n::phonenumbers::PhoneNumber& number);

// Gives an old form of a line its new one: Brazil's mobile numbers have got a
// ninth digit, Mexico's have lost a 1, Benin's have got a 01 before them.
void Renew(i18n::phonenumbers::PhoneNumber& number);

// Returns the digits of a number without its area code in their new form.
std::string RenewedLocal(int country_code, absl::string_view digits);

// Returns a number in the form that libphonenumber has the ranges of: its
// release of Debian 12, 8.12.57, is older than Benin's new numbers.
i18n::phonenumbers::PhoneNumber KnownForm(
    const i18n::phonenumbers::PhoneNumber& number);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_NUMBER_RENEWAL_H_
