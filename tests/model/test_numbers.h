#ifndef KITH_TESTS_MODEL_TEST_NUMBERS_H_
#define KITH_TESTS_MODEL_TEST_NUMBERS_H_

#include <cstdint>
#include <cstdlib>
#include <random>

#include "absl/strings/numbers.h"

namespace kith::model {

// A number from the environment, by which a run is made longer or repeated.
inline int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* const text = std::getenv(name);
  int64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number
                                                            : otherwise;
}

// Another one at each run, unless KITH_MODEL_SEED says which.
inline int64_t FirstSeed() {
  return FromEnvironment(
      "KITH_MODEL_SEED",
      static_cast<int64_t>(std::random_device()()) * 1'000'000);
}

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_TEST_NUMBERS_H_
