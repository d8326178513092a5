#ifndef KITH_TESTS_FUZZ_TARGETS_H_
#define KITH_TESTS_FUZZ_TARGETS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace kith::fuzz {

// Code that reads what strangers send, and what holds for any input of it.
struct Target {
  // Also the name of its folder in corpus/.
  absl::string_view name;
  void (*run)(absl::string_view input) = nullptr;
  // How many inputs fuzz_test makes: some tenths of a second.
  int inputs = 0;
};

absl::Span<const Target> Targets();

// Each states its properties where it is defined, in <name>_target.cc.
void FuzzEnvelope(absl::string_view input);
void FuzzForm(absl::string_view input);
void FuzzGzip(absl::string_view input);
void FuzzIdentityValue(absl::string_view input);
void FuzzJson(absl::string_view input);
void FuzzJwks(absl::string_view input);
void FuzzJwt(absl::string_view input);
void FuzzMetadata(absl::string_view input);
void FuzzPageToken(absl::string_view input);
void FuzzPathTemplate(absl::string_view input);
void FuzzRequestHead(absl::string_view input);
void FuzzRequestTarget(absl::string_view input);
void FuzzSession(absl::string_view input);

}  // namespace kith::fuzz

#endif  // KITH_TESTS_FUZZ_TARGETS_H_
