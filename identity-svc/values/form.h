#ifndef KITH_IDENTITY_SVC_VALUES_FORM_H_
#define KITH_IDENTITY_SVC_VALUES_FORM_H_

#include <string>

namespace kith::identity {

// How the value of one channel is read.
struct Form {
  // The form that is matched.
  std::string normalized = {};

  // See Reading::exact_value.
  std::string exact = {};

  // Why it is read so, as a sentence for people without a full stop:
  // "the profile in an address of x". Empty if there is nothing to say.
  std::string why = {};

  // Why the value is no identity, in words; empty if it may be one.
  std::string refusal = {};

  // The digits after the country code of a phone number, else empty.
  std::string national = {};

  // True if the range of a phone number is in use.
  bool in_use = false;

  // True if it is in use, and was typed with its country code.
  bool has_country = false;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_FORM_H_
