#ifndef KITH_COMMON_TESTING_FROM_ENVIRONMENT_H_
#define KITH_COMMON_TESTING_FROM_ENVIRONMENT_H_

#include <cstdint>
#include <cstdlib>

#include "absl/strings/numbers.h"

namespace kith::testing {

// Returns a number from the environment, by which a run of a test is made
// longer or repeated; `otherwise` if there is none by this name.
inline int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* const text = std::getenv(name);
  int64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number
                                                            : otherwise;
}

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_FROM_ENVIRONMENT_H_
