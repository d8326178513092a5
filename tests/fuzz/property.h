#ifndef KITH_TESTS_FUZZ_PROPERTY_H_
#define KITH_TESTS_FUZZ_PROPERTY_H_

#include "absl/strings/string_view.h"

namespace kith::fuzz {

// What an input breaks. Ends the process with the property, in words, and the
// input of the target that runs, if the property does not hold.
void Require(bool holds, absl::string_view property);

// Runs a target on an input, which Require then knows. The target gets a copy
// that ends where its memory ends, so that AddressSanitizer sees who reads on.
// One at a time in a process.
void RunOn(void (*target)(absl::string_view input), absl::string_view input);

}  // namespace kith::fuzz

#endif  // KITH_TESTS_FUZZ_PROPERTY_H_
