#include "identity-svc/values/phone.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/phone_number.h"
#include "identity-svc/values/phone_spelling.h"

namespace kith::identity {
namespace {

// The words that carriers spell on a keypad for callers who hide their number:
// anonymous, restricted, unavailable, unknown, blocked, private.
constexpr absl::string_view kHiddenCallers[] = {
    "266696687", "7378742833", "86282452253", "8656696", "2562533", "7748283"};

// GSM 03.38: the longest name of a sender.
constexpr size_t kMostSenderChars = 11;
constexpr size_t kFewestSenderLetters = 2;
constexpr size_t kFewestSenderDigits = 3;

// Before the letters of a number that is dialled by them.
constexpr size_t kFewestDigitsBeforeLetters = 3;
constexpr size_t kFewestDialledLetters = 3;

// ITU-T E.164: "+" and 15 digits.
constexpr size_t kMostE164Chars = 16;

size_t CountDigits(absl::string_view text) {
  return static_cast<size_t>(absl::c_count_if(text, absl::ascii_isdigit));
}

size_t CountLetters(absl::string_view text) {
  return static_cast<size_t>(absl::c_count_if(text, absl::ascii_isalpha));
}

bool IsHiddenCaller(absl::string_view text) {
  absl::ConsumePrefix(&text, "+");
  return absl::c_linear_search(kHiddenCallers, text);
}

PhoneNumber NumberIn(absl::string_view text, absl::string_view region) {
  size_t first_group = 0;
  const std::string digits = PlainDigits(text, &first_group);
  if (digits.empty()) return {};
  PhoneNumber number = ReadNumber(digits, region, first_group);
  if (number.valid || !absl::StrContains(text, "(0)")) return number;
  // "+34 (0)91": a prefix that callers from abroad leave out, and that the
  // country does not have.
  const PhoneNumber shorter =
      ReadNumber(PlainDigits(absl::StrReplaceAll(text, {{"(0)", ""}})), region,
                 first_group);
  return shorter.valid ? shorter : number;
}

Form Refused(const PhoneSpelling& spelling, std::string why) {
  return {.normalized = spelling.text, .refusal = std::move(why)};
}

Form AsWhole(const PhoneNumber& number, const PhoneSpelling& spelling) {
  Form form = {.normalized = number.e164,
               .why = number.why,
               .national = number.national};
  if (!spelling.extension.empty()) {
    absl::StrAppend(&form.normalized, ";ext=", spelling.extension);
    absl::StrAppend(&form.why, " with an extension");
  }
  return form;
}

// Letters that make a number whole. "030 7459603 Anna" has one without them.
std::optional<PhoneNumber> Dialled(absl::string_view text,
                                   absl::string_view region) {
  const auto letters = static_cast<size_t>(
      absl::c_find_if(text, absl::ascii_isalpha) - text.begin());
  const absl::string_view before = text.substr(0, letters);
  if (!absl::c_all_of(text, absl::ascii_isascii) ||
      CountLetters(text) < kFewestDialledLetters ||
      CountDigits(before) < kFewestDigitsBeforeLetters ||
      NumberIn(before, region).kind == NumberKind::kWhole) {
    return std::nullopt;
  }
  const std::string digits = DialledDigits(text);
  PhoneNumber number = NumberIn(digits, region);
  if (!number.valid || !number.in_letters ||
      !IsMarkedWhole(PlainDigits(digits), region)) {
    return std::nullopt;
  }
  number.why = "letters dialled as digits";
  return number;
}

// The name of a sender of messages, such as "DHL-4711": letters, then digits
// that are no number.
bool IsSender(const PhoneWords& words, absl::string_view text) {
  return text.size() <= kMostSenderChars && absl::ascii_isalpha(text[0]) &&
         words.after.empty() && !words.before.empty() &&
         absl::c_all_of(words.core, absl::ascii_isdigit) &&
         CountDigits(words.core) >= kFewestSenderDigits &&
         CountLetters(text) >= kFewestSenderLetters &&
         absl::c_all_of(text,
                        [](char c) {
                          return absl::ascii_isalnum(c) ||
                                 absl::StrContains(" -_.&", c);
                        }) &&
         !IsExtensionWord(words.before);
}

// The text without its last group, such as "8-17", and without its first.
absl::string_view WithoutLastGroup(absl::string_view text) {
  return text.substr(0, text.find_last_of(" (") + 1);
}
absl::string_view WithoutFirstGroup(absl::string_view text) {
  while (!text.empty() && !absl::ascii_isdigit(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && absl::ascii_isdigit(text.front())) {
    text.remove_prefix(1);
  }
  return text;
}

// True if digits beside the words may belong to them: "030 7459603 2. Stock".
// Then what is left is a whole number as well, and another one.
bool MayHaveDigitsOfWords(const PhoneWords& words, const PhoneNumber& number,
                          absl::string_view region) {
  const auto is_another = [&](absl::string_view text) {
    const PhoneNumber other = NumberIn(text, region);
    return other.valid && other.kind == NumberKind::kWhole &&
           other.e164 != number.e164;
  };
  // A note that is all in brackets has its own.
  const absl::string_view between(
      words.core.end(),
      static_cast<size_t>(words.after.begin() - words.core.end()));
  if (HasLetter(words.after) && !absl::StrContains(between, "(") &&
      is_another(WithoutLastGroup(words.core))) {
    return true;
  }
  const absl::string_view rest = WithoutFirstGroup(words.core);
  return !IsPhoneLabel(words.before) && HasLetter(words.before) &&
         !absl::StrContains(words.core, "+") &&
         IsMarkedWhole(PlainDigits(rest), region) && is_another(rest);
}

Form ReadWithWords(const PhoneSpelling& spelling, absl::string_view region) {
  if (spelling.in_address) {
    return Refused(spelling, "there is no phone number in the address");
  }
  if (const auto dialled = Dialled(spelling.number, region)) {
    return AsWhole(*dialled, spelling);
  }
  const PhoneWords words = SplitWords(spelling.number);
  if (HasLetter(words.core) || words.touched) {
    return Refused(spelling, "it has words between its digits");
  }
  const bool label = IsPhoneLabel(words.before);
  if (!label && spelling.extension.empty() && IsSender(words, spelling.text)) {
    return {.normalized = spelling.text,
            .why = "the name of a sender, matched as a text"};
  }
  const PhoneNumber number = NumberIn(words.core, region);
  if (number.kind == NumberKind::kWhole && number.valid &&
      (label || IsMarkedWhole(PlainDigits(words.core), region))) {
    if (MayHaveDigitsOfWords(words, number, region)) {
      return Refused(spelling,
                     "which of its digits are the number cannot be told from "
                     "those of its words");
    }
    return AsWhole(number, spelling);
  }
  return Refused(spelling, "there is no phone number in it");
}

Form ReadPlainNumber(const PhoneSpelling& spelling, absl::string_view region) {
  const PhoneNumber number = NumberIn(spelling.number, region);
  // What has no country is somebody only where it was typed so.
  const bool bare = !spelling.in_address && spelling.extension.empty();
  switch (number.kind) {
    case NumberKind::kWhole:
      if (number.e164.size() > kMostE164Chars) {
        return Refused(spelling, "it has more than the 15 digits of E.164");
      }
      return AsWhole(number, spelling);
    case NumberKind::kShort:
      if (!bare) break;
      return {.normalized = PlainDigits(spelling.number), .why = number.why};
    case NumberKind::kLocal:
      if (!bare) break;
      return {.normalized = spelling.text,
              .why = absl::StrCat(number.why, ", matched as a text")};
    case NumberKind::kEmergency:
      return Refused(spelling, "it is an emergency number");
    default:
      break;
  }
  return Refused(spelling, "it is no whole phone number");
}

}  // namespace

Form ReadPhone(absl::string_view text, absl::string_view region) {
  const PhoneSpelling spelling = ReadSpelling(text);
  if (CountDigits(spelling.number) == 0) {
    return Refused(spelling, "there is no phone number in it");
  }
  if (IsRounded(spelling.text)) {
    return Refused(spelling, "a spreadsheet has rounded it");
  }
  if (IsDate(spelling.text)) return Refused(spelling, "it is a date");
  if (IsHiddenCaller(spelling.number)) {
    return Refused(spelling, "it stands for a hidden caller");
  }
  return HasLetter(spelling.number) ? ReadWithWords(spelling, region)
                                    : ReadPlainNumber(spelling, region);
}

}  // namespace kith::identity
