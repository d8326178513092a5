#include "common/auth/key_lines.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace kith::auth {
namespace {

constexpr size_t kMostKeys = 8;
constexpr size_t kKeyDigits = 64;

bool IsKey(absl::string_view line) {
  return line.size() == kKeyDigits &&
         std::all_of(line.begin(), line.end(), absl::ascii_isxdigit);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseKeyLines(absl::string_view text) {
  std::vector<std::string> keys;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    if (!IsKey(line)) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": want 64 hexadecimal digits"));
    }
    std::string key = absl::HexStringToBytes(line);
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": a key that is there before"));
    }
    keys.push_back(std::move(key));
  }
  if (keys.empty() || keys.size() > kMostKeys) {
    return absl::InvalidArgumentError(
        absl::StrCat(keys.size(), " keys, want 1 to 8"));
  }
  return keys;
}

}  // namespace kith::auth
