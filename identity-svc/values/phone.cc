#include "identity-svc/values/phone.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
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

// Of a number that is dialled by letters. Where numbers have many lengths, a
// short word is rather a note.
constexpr size_t kFewestDigitsBeforeLetters = 3;
constexpr size_t kFewestDialledLetters = 3;
constexpr size_t kFewestLettersOfAnyLength = 5;

// The area codes before letters: of North America, with the digit in
// "1-800-4-A-CHILD", and the longest elsewhere: 0800, 01805.
constexpr size_t kAreaCodeDigits = 3;
constexpr size_t kMostCodeDigits = 4;

// Behind a slash, as few digits are rather the last of another number.
constexpr size_t kMostDigitsBehindSlash = 2;

// ITU-T E.164: "+" and 15 digits.
constexpr size_t kMostE164Chars = 16;

size_t CountDigits(absl::string_view text) {
  return static_cast<size_t>(absl::c_count_if(text, absl::ascii_isdigit));
}

size_t CountLetters(absl::string_view text) {
  return static_cast<size_t>(absl::c_count_if(text, absl::ascii_isalpha));
}

absl::string_view TrimmedToDigits(absl::string_view text) {
  return text.substr(0, text.find_last_of("0123456789") + 1);
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
  if (number.e164.size() > kMostE164Chars) {
    return Refused(spelling, "it has more than the 15 digits of E.164");
  }
  if (!number.fault.empty()) {
    return Refused(spelling, absl::StrCat("nobody's number: ", number.fault));
  }
  Form form = {.normalized = number.e164,
               .why = number.why,
               .national = number.national,
               .in_use = number.valid,
               .has_country = number.has_country && number.valid};
  if (!spelling.extension.empty()) {
    absl::StrAppend(&form.normalized, ";ext=", spelling.extension);
    absl::StrAppend(&form.why, " with an extension");
  }
  return form;
}

// True if the digits before the letters of a number are its area code, or the
// code of free numbers, and no part of what follows: "1-800-FLOWERS", "0800
// REIMANN", not "806-5671 Ada", "0180 5 Anna".
bool IsCodeBefore(absl::string_view before, absl::string_view text,
                  const PhoneNumber& number, absl::string_view region) {
  before = TrimmedToDigits(before);
  const size_t last_group =
      before.size() - (before.find_last_not_of("0123456789") + 1);
  // Without the country's code or the prefix.
  const size_t code = CountDigits(before) + number.national.size() -
                      CountDigits(DialledDigits(text));
  const absl::string_view word = text.substr(before.size());
  if (!number.north_american) {
    return code >= kAreaCodeDigits && code <= kMostCodeDigits &&
           last_group >= code &&
           CountLetters(word) >= kFewestLettersOfAnyLength &&
           !absl::StrContains(absl::StripAsciiWhitespace(word), " ");
  }
  // "415 Johnson" is rather a note.
  const bool marked = number.free || !absl::StartsWith(word, " ") ||
                      HasDialPrefix(PlainDigits(before), region);
  return marked && (code == kAreaCodeDigits ||
                    (code == kAreaCodeDigits + 1 && last_group == 1));
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
      !IsMarkedWhole(PlainDigits(digits), region) ||
      !IsCodeBefore(before, text, number, region)) {
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

// The text without its last group, such as "8-17".
absl::string_view WithoutLastGroup(absl::string_view text) {
  return text.substr(0, text.find_last_of(" (") + 1);
}

bool IsWholeAndValid(const PhoneNumber& number) {
  return number.kind == NumberKind::kWhole && number.valid;
}

// What is wrong with a run of digits if another number begins within it: "99
// 030 7459603", or two of them, "030 7459603 / 030 7459604". The length of all
// of it may be that of one number. `number` is what all of it is read as.
absl::string_view FaultOfGroups(absl::string_view text,
                                const PhoneNumber& number,
                                absl::string_view region) {
  const bool accepted =
      number.kind == NumberKind::kWhole || number.kind == NumberKind::kLocal;
  const bool prefixed = HasDialPrefix(PlainDigits(text), region);
  for (size_t i = 1; i < text.size(); ++i) {
    const bool begins = text[i] == '+' || (absl::ascii_isdigit(text[i]) &&
                                           !absl::ascii_isdigit(text[i - 1]) &&
                                           text[i - 1] != '+');
    const absl::string_view tail = text.substr(i);
    if (!begins || (accepted && !HasDialPrefix(PlainDigits(tail), region))) {
      continue;
    }
    const PhoneNumber other = NumberIn(tail, region);
    if (!IsWholeAndValid(other) || other.e164 == number.e164) continue;
    const absl::string_view head = TrimmedToDigits(text.substr(0, i));
    if (IsWholeAndValid(NumberIn(head, region))) return "it has two numbers";
    if (accepted && !prefixed && !number.has_country) {
      return "which of its digits are the number cannot be told";
    }
  }
  return "";
}

// "030 7459603/04", "030 7459603 (2)": behind a whole number, digits that may
// be the last of another one, or a note.
bool HasLooseEnd(absl::string_view text, absl::string_view region) {
  const bool bracket = absl::ConsumeSuffix(&text, ")");
  const size_t begin = text.find_last_not_of("0123456789") + 1;
  if (begin == 0 || begin == text.size()) return false;
  absl::string_view head =
      absl::StripTrailingAsciiWhitespace(text.substr(0, begin));
  const bool apart = bracket ? absl::ConsumeSuffix(&head, "(")
                             : text.size() - begin <= kMostDigitsBehindSlash &&
                                   absl::ConsumeSuffix(&head, "/");
  return apart && IsWholeAndValid(NumberIn(head, region));
}

// True if digits beside the words may belong to them: "030 7459603 2. Stock".
// Then what is left is a whole number as well, and another one.
bool MayHaveDigitsOfWords(const PhoneWords& words, const PhoneNumber& number,
                          absl::string_view region) {
  // A note that is all in brackets has its own.
  const absl::string_view between(
      words.core.end(),
      static_cast<size_t>(words.after.begin() - words.core.end()));
  if (!HasLetter(words.after) || absl::StrContains(between, "(")) return false;
  const PhoneNumber other = NumberIn(WithoutLastGroup(words.core), region);
  return IsWholeAndValid(other) && other.e164 != number.e164;
}

// A number, unless its groups are of more than it.
Form OfGroups(const PhoneNumber& number, absl::string_view text,
              const PhoneSpelling& spelling, absl::string_view region) {
  if (const absl::string_view fault = FaultOfGroups(text, number, region);
      !fault.empty()) {
    return Refused(spelling, std::string(fault));
  }
  if (HasLooseEnd(text, region)) {
    return Refused(spelling, "it may be two numbers");
  }
  if (number.kind == NumberKind::kLocal) {
    return {.normalized = number.local,
            .why = absl::StrCat(number.why, ", matched by its digits")};
  }
  return AsWhole(number, spelling);
}

// "99 (030) 7459603": behind other digits, what may be a whole number, as it
// has its area code in brackets or is dialled so.
bool HasNumberAtEnd(absl::string_view text, absl::string_view region) {
  for (size_t i = 1; i < text.size(); ++i) {
    const absl::string_view tail = text.substr(i);
    const bool begins =
        text[i - 1] == '(' || (absl::StrContains(" -./", text[i - 1]) &&
                               HasDialPrefix(PlainDigits(tail), region));
    if (begins && NumberIn(tail, region).kind == NumberKind::kWhole) {
      return true;
    }
  }
  return false;
}

// True if digits beside words say that they are a phone number, and none of the
// ids that people have elsewhere ("telegram:7123456789"): by a label, "+",
// "00", the 0 of national numbers, or the groups of a number.
bool IsMarkedAsPhone(const PhoneWords& words, absl::string_view region) {
  if (IsPhoneLabel(words.before) ||
      (words.before.empty() && IsPhoneLabel(words.after))) {
    return true;
  }
  const std::string digits = PlainDigits(words.core);
  if (absl::StartsWith(digits, "+") || absl::StartsWith(digits, "0")) {
    return IsMarkedWhole(digits, region);
  }
  const std::vector<absl::string_view> groups =
      absl::StrSplit(words.core, absl::ByAnyChar(" -./()"), absl::SkipEmpty());
  return IsGroupedAsWhole(absl::StrJoin(groups, " "), region);
}

// Why digits beside words are no phone number.
std::string FaultBesideWords(const PhoneNumber& number, absl::string_view core,
                             absl::string_view region) {
  if (number.kind == NumberKind::kLocal) {
    return "it has words beside a number without its area code";
  }
  if (HasNumberAtEnd(core, region)) {
    return "there is more than a phone number in it";
  }
  if (IsWholeAndValid(number)) {
    return "its words do not say that it is a phone: write + and its country "
           "code";
  }
  return "there is no phone number in it";
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
  if (!IsPhoneLabel(words.before) && spelling.extension.empty() &&
      IsSender(words, spelling.text)) {
    return {.normalized = spelling.text,
            .why = "the name of a sender, matched as a text"};
  }
  const PhoneNumber number = NumberIn(words.core, region);
  if (IsWholeAndValid(number) && IsMarkedAsPhone(words, region)) {
    if (MayHaveDigitsOfWords(words, number, region)) {
      return Refused(spelling,
                     "which of its digits are the number cannot be told from "
                     "those of its words");
    }
    return OfGroups(number, words.core, spelling, region);
  }
  return Refused(spelling, FaultBesideWords(number, words.core, region));
}

Form ReadPlainNumber(const PhoneSpelling& spelling, absl::string_view region) {
  const PhoneNumber number = NumberIn(spelling.number, region);
  // What has no country is somebody only where it was typed so.
  const bool bare = !spelling.in_address && spelling.extension.empty();
  switch (number.kind) {
    case NumberKind::kWhole:
      return OfGroups(number, spelling.number, spelling, region);
    case NumberKind::kShort:
      if (!bare) break;
      return {.normalized = PlainDigits(spelling.number), .why = number.why};
    case NumberKind::kLocal:
      if (!bare) break;
      return OfGroups(number, spelling.number, spelling, region);
    case NumberKind::kEmergency:
      return Refused(spelling, "it is an emergency number");
    default:
      break;
  }
  const absl::string_view fault =
      FaultOfGroups(spelling.number, number, region);
  if (!fault.empty()) return Refused(spelling, std::string(fault));
  if (number.kind == NumberKind::kNone && !number.why.empty()) {
    return Refused(spelling, number.why);
  }
  return Refused(spelling, "it is no whole phone number");
}

}  // namespace

Form ReadPhone(absl::string_view text, absl::string_view region) {
  const PhoneSpelling spelling = ReadSpelling(text);
  if (CountDigits(spelling.number) == 0) {
    return Refused(spelling, "there is no phone number in it");
  }
  if (spelling.of_exchange) {
    return Refused(spelling,
                   "it is a number of one exchange, as its phone-context says: "
                   "write it with + and its country code");
  }
  if (IsRounded(spelling.text)) {
    return Refused(spelling, "a spreadsheet has rounded it");
  }
  if (IsMaskedNumber(spelling.text)) {
    return Refused(spelling, "some of its digits are masked or cut off");
  }
  if (IsDate(spelling.text)) return Refused(spelling, "it is a date");
  if (IsHiddenCaller(spelling.number)) {
    return Refused(spelling, "it stands for a hidden caller");
  }
  return HasLetter(spelling.number) ? ReadWithWords(spelling, region)
                                    : ReadPlainNumber(spelling, region);
}

}  // namespace kith::identity
