#include "tests/fuzz/property.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "absl/strings/escaping.h"

namespace kith::fuzz {
namespace {

absl::string_view current_input;

}  // namespace

void Require(bool holds, absl::string_view property) {
  if (holds) return;
  std::cerr << "Broken: " << property << "\nInput (" << current_input.size()
            << " bytes): \"" << absl::CHexEscape(current_input) << "\"\n"
            << std::flush;
  std::abort();
}

void RunOn(void (*target)(absl::string_view), absl::string_view input) {
  const auto copy = std::make_unique<char[]>(input.size());
  std::copy(input.begin(), input.end(), copy.get());
  current_input = input;
  target({copy.get(), input.size()});
}

}  // namespace kith::fuzz
