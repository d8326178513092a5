#ifndef KITH_IDENTITY_SVC_VALUES_PHONE_CASES_H_
#define KITH_IDENTITY_SVC_VALUES_PHONE_CASES_H_

#include <initializer_list>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/values/phone.h"

namespace kith::identity {

// A phone in a test: as typed, and as read.
struct PhoneCase {
  const char* region;
  const char* typed;
  // Null if the value is refused.
  const char* read;
  // Where the case is from.
  const char* source;
};

// Reads each phone, and what was read once more: this must change nothing.
inline void ExpectPhones(std::initializer_list<PhoneCase> cases) {
  for (const PhoneCase& one : cases) {
    const Form form = ReadPhone(one.typed, one.region);
    SCOPED_TRACE(std::string(one.region) + " " + one.typed + " (" + one.source +
                 ")");
    if (one.read == nullptr) {
      EXPECT_THAT(form.refusal, ::testing::Not(::testing::IsEmpty()))
          << form.normalized;
      continue;
    }
    EXPECT_THAT(form.refusal, ::testing::IsEmpty());
    EXPECT_EQ(form.normalized, one.read);
    EXPECT_THAT(form.why, ::testing::Not(::testing::IsEmpty()));
    const Form again = ReadPhone(form.normalized, one.region);
    EXPECT_EQ(again.normalized, form.normalized);
    EXPECT_THAT(again.refusal, ::testing::IsEmpty());
  }
}

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_PHONE_CASES_H_
