// kith-fuzz --target=<name>: that target under libFuzzer, which has the main
// function and all other arguments. For ./dev fuzz.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace {

const kith::fuzz::Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  for (const kith::fuzz::Target& target : kith::fuzz::Targets()) {
    if (*count > 1 &&
        (*arguments)[1] == absl::StrCat("--target=", target.name)) {
      chosen = &target;
    }
  }
  if (chosen == nullptr) {
    std::cerr << "--target=, first of the arguments; there are:";
    for (const auto& target : kith::fuzz::Targets()) {
      std::cerr << " " << target.name;
    }
    std::cerr << "\n";
    std::exit(2);
  }
  // It is ours, so libFuzzer does not get it.
  std::copy(*arguments + 2, *arguments + *count, *arguments + 1);
  --*count;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kith::fuzz::RunOn(chosen->run, {reinterpret_cast<const char*>(data), size});
  return 0;
}
