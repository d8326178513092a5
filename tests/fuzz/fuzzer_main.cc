// kith-fuzz --target=<name>: that target under libFuzzer, which has the main
// function and all other arguments. For ./dev fuzz.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace {

const kith::fuzz::Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  for (const kith::fuzz::Target& target : kith::fuzz::Targets()) {
    const std::string wanted = absl::StrCat("--target=", target.name);
    for (int i = 1; i < *count; ++i) {
      if ((*arguments)[i] == wanted) chosen = &target;
    }
  }
  if (chosen == nullptr) {
    std::cerr << "--target=, want one of:";
    for (const auto& target : kith::fuzz::Targets()) {
      std::cerr << " " << target.name;
    }
    std::cerr << "\n";
    std::exit(2);
  }
  // libFuzzer passes over it, and hands it on where it starts itself anew.
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kith::fuzz::RunOn(chosen->run, {reinterpret_cast<const char*>(data), size});
  return 0;
}
