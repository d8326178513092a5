// The gzip format (gateway/edge/codecs/gzip.h).

#include <string>

#include "absl/strings/str_cat.h"
#include "gateway/edge/codecs/gzip.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

constexpr size_t kMostUnpacked = 4096;

}  // namespace

void FuzzGzip(absl::string_view input) {
  const auto unpacked = edge::Gunzip(input, kMostUnpacked);
  if (unpacked.ok()) {
    Require(unpacked->size() <= kMostUnpacked, "the output has a limit");
    Require(
        edge::Gunzip(absl::StrCat(input, "x"), kMostUnpacked).status().code() ==
            absl::StatusCode::kInvalidArgument,
        "nothing may be behind the last member");
    Require(
        !edge::Gunzip(input.substr(0, input.size() - 1), kMostUnpacked).ok(),
        "what is cut short fails");
  }
  const std::string packed = edge::Gzip(input);
  const auto again = edge::Gunzip(packed, input.size());
  Require(again.ok() && *again == input, "unpacking undoes packing");
  const auto twice =
      edge::Gunzip(absl::StrCat(packed, packed), 2 * input.size());
  Require(twice.ok() && *twice == absl::StrCat(input, input),
          "members that follow each other are one text");
  if (input.empty()) return;
  Require(absl::IsResourceExhausted(
              edge::Gunzip(packed, input.size() - 1).status()),
          "one byte above the limit is refused");
}

}  // namespace kith::fuzz
