#include "gateway/hooks/reading/text_steps.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace kith::gateway {
namespace {

using config::v1::TextMap;
using config::v1::TextStep;
using config::v1::TimeFormat;

// Faults go to the log and to the journal: not more of a text than shows what
// is wrong with it.

// 9999-12-31: no second since 1970 is greater than that.
constexpr double kMostUnixSeconds = 253'402'300'799.0;

absl::StatusOr<absl::Time> FromUnix(absl::string_view text, double per_second) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number) || !(number >= 0) ||
      number / per_second > kMostUnixSeconds) {
    return absl::InvalidArgumentError("");
  }
  // Whole numbers exactly: a double of seconds has no microseconds left.
  int64_t whole = 0;
  if (absl::SimpleAtoi(text, &whole)) {
    return per_second == 1 ? absl::FromUnixSeconds(whole)
                           : absl::FromUnixMillis(whole);
  }
  return absl::UnixEpoch() + absl::Seconds(number / per_second);
}

absl::StatusOr<absl::Time> FromPattern(absl::string_view text,
                                       absl::string_view pattern,
                                       absl::TimeZone zone) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(pattern, text, zone, &time, &error)) {
    return absl::InvalidArgumentError("");
  }
  return time;
}

absl::StatusOr<absl::Time> FromRfc2822(absl::string_view text) {
  const size_t comma = text.find(',');
  if (comma != absl::string_view::npos) text.remove_prefix(comma + 1);
  // "+0000 (UTC)" is what mail programs write.
  text = text.substr(0, text.find('('));
  std::string date(absl::StripAsciiWhitespace(text));
  if (absl::EndsWith(date, " GMT") || absl::EndsWith(date, " UTC")) {
    date.replace(date.size() - 3, 3, "+0000");
  }
  return FromPattern(date, "%d %b %Y %H:%M:%S %z", absl::UTCTimeZone());
}

absl::StatusOr<absl::Time> TimeOf(absl::string_view text,
                                  const TimeFormat& format,
                                  absl::TimeZone zone) {
  switch (format.named()) {
    case config::v1::NAMED_TIME_FORMAT_RFC3339:
      return FromPattern(text, absl::RFC3339_full, absl::UTCTimeZone());
    case config::v1::NAMED_TIME_FORMAT_RFC2822:
      return FromRfc2822(text);
    case config::v1::NAMED_TIME_FORMAT_UNIX_SECONDS:
      return FromUnix(text, 1);
    case config::v1::NAMED_TIME_FORMAT_UNIX_MILLISECONDS:
      return FromUnix(text, 1000);
    default:
      break;
  }
  if (absl::TimeZone named;
      !format.zone().empty() && absl::LoadTimeZone(format.zone(), &named)) {
    zone = named;
  }
  return FromPattern(text, format.pattern(), zone);
}

std::string WantedForm(const TimeFormat& format) {
  if (format.has_pattern()) return absl::StrCat("\"", format.pattern(), "\"");
  return std::string(absl::StripPrefix(
      config::v1::NamedTimeFormat_Name(format.named()), "NAMED_TIME_FORMAT_"));
}

absl::StatusOr<std::string> ReadTime(const std::string& text,
                                     const TimeFormat& format,
                                     absl::TimeZone zone) {
  const auto time = TimeOf(absl::StripAsciiWhitespace(text), format, zone);
  // An infinite time is one that strptime takes for "infinite-future".
  if (time.ok() && *time >= absl::UnixEpoch() &&
      *time <= absl::FromUnixSeconds(static_cast<int64_t>(kMostUnixSeconds))) {
    return TimeText(*time);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("is no time since 1970 in the form ", WantedForm(format)));
}

std::string Mapped(const std::string& text, const TextMap& map) {
  const auto it = map.texts().find(text);
  return it == map.texts().end() ? map.otherwise() : it->second;
}

// The value of the first header with the name, unfolded (RFC 5322, 2.2.3).
std::string HeaderIn(absl::string_view headers, absl::string_view name) {
  std::string value;
  bool found = false;
  for (absl::string_view line : absl::StrSplit(headers, '\n')) {
    line = absl::StripSuffix(line, "\r");
    const bool goes_on =
        absl::StartsWith(line, " ") || absl::StartsWith(line, "\t");
    if (found) {
      if (!goes_on) break;
      absl::StrAppend(&value, " ", absl::StripAsciiWhitespace(line));
      continue;
    }
    const size_t colon = line.find(':');
    if (goes_on || colon == absl::string_view::npos ||
        !absl::EqualsIgnoreCase(line.substr(0, colon), name)) {
      continue;
    }
    found = true;
    value = std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
  }
  return value;
}

std::string TextBehind(const std::string& text, const std::string& border) {
  const size_t place = text.find(border);
  return place == std::string::npos ? "" : text.substr(place + border.size());
}

}  // namespace

absl::StatusOr<std::string> ApplyStep(const TextStep& step,
                                      const std::string& text,
                                      absl::TimeZone zone) {
  switch (step.step_case()) {
    case TextStep::kStripPrefix:
      return std::string(absl::StripPrefix(text, step.strip_prefix()));
    case TextStep::kBefore:
      return text.substr(0, text.find(step.before()));
    case TextStep::kAfter:
      return TextBehind(text, step.after());
    case TextStep::kTextCase:
      return step.text_case() == config::v1::TEXT_CASE_LOWER
                 ? absl::AsciiStrToLower(text)
                 : absl::AsciiStrToUpper(text);
    case TextStep::kMap:
      return Mapped(text, step.map());
    case TextStep::kTime:
      return ReadTime(text, step.time(), zone);
    case TextStep::kAtMost:
      return FirstCharacters(text, step.at_most());
    case TextStep::kMailHeader:
      return HeaderIn(text, step.mail_header());
    case TextStep::STEP_NOT_SET:
      break;
  }
  return text;
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::string FirstCharacters(absl::string_view utf8, int most) {
  int characters = 0;
  size_t place = 0;
  for (; place < utf8.size(); ++place) {
    // Every byte but those that go on with a character begins one.
    const bool begins =
        (static_cast<unsigned char>(utf8[place]) & 0xC0) != 0x80;
    if (begins && characters++ == most) break;
  }
  return std::string(utf8.substr(0, place));
}

}  // namespace kith::gateway
