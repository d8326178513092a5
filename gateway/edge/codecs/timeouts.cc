#include "gateway/edge/codecs/timeouts.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace kith::edge {
namespace {

// A number of 1 to `most` digits and nothing else.
std::optional<int64_t> Digits(absl::string_view text, size_t most) {
  int64_t number = 0;
  if (text.empty() || text.size() > most ||
      !std::all_of(text.begin(), text.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(text, &number)) {
    return std::nullopt;
  }
  return number;
}

std::optional<absl::Duration> UnitOf(char letter) {
  switch (letter) {
    case 'H':
      return absl::Hours(1);
    case 'M':
      return absl::Minutes(1);
    case 'S':
      return absl::Seconds(1);
    case 'm':
      return absl::Milliseconds(1);
    case 'u':
      return absl::Microseconds(1);
    case 'n':
      return absl::Nanoseconds(1);
    default:
      return std::nullopt;
  }
}

}  // namespace

absl::StatusOr<absl::Duration> ParseConnectTimeout(absl::string_view text) {
  const auto millis = Digits(text, 10);
  if (!millis.has_value()) {
    return absl::InvalidArgumentError(
        "connect-timeout-ms: want 1 to 10 digits, in milliseconds");
  }
  return absl::Milliseconds(*millis);
}

absl::StatusOr<absl::Duration> ParseGrpcTimeout(absl::string_view text) {
  const auto fault = absl::InvalidArgumentError(
      "grpc-timeout: want 1 to 8 digits and one of H, M, S, m, u, n");
  if (text.empty()) return fault;
  const auto number = Digits(text.substr(0, text.size() - 1), 8);
  const auto unit = UnitOf(text.back());
  if (!number.has_value() || !unit.has_value()) return fault;
  return *number * *unit;
}

}  // namespace kith::edge
