#include "identity-svc/values/phone.h"

#include <phonenumbers/phonenumberutil.h>

#include "absl/strings/str_cat.h"

namespace kith::identity {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

std::optional<Phone> ParsePhone(absl::string_view text,
                                absl::string_view region) {
  const PhoneNumberUtil& numbers = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (numbers.Parse(std::string(text), std::string(region), &number) !=
          PhoneNumberUtil::NO_PARSING_ERROR ||
      numbers.IsPossibleNumberWithReason(number) !=
          PhoneNumberUtil::IS_POSSIBLE) {
    return std::nullopt;
  }
  Phone phone;
  numbers.Format(number, PhoneNumberUtil::E164, &phone.normalized);
  numbers.GetNationalSignificantNumber(number, &phone.national);
  if (number.has_extension() && !number.extension().empty()) {
    absl::StrAppend(&phone.normalized, ";ext=", number.extension());
  }
  return phone;
}

}  // namespace kith::identity
