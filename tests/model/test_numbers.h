#ifndef KITH_TESTS_MODEL_TEST_NUMBERS_H_
#define KITH_TESTS_MODEL_TEST_NUMBERS_H_

#include <cstdint>
#include <random>

#include "common/testing/from_environment.h"

namespace kith::model {

// Another one at each run, unless KITH_MODEL_SEED says which.
inline int64_t FirstSeed() {
  return testing::FromEnvironment(
      "KITH_MODEL_SEED",
      static_cast<int64_t>(std::random_device()()) * 1'000'000);
}

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_TEST_NUMBERS_H_
