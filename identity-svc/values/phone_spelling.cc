#include "identity-svc/values/phone_spelling.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/handle.h"
#include "identity-svc/values/networks.h"
#include "identity-svc/values/text.h"
#include "identity-svc/values/web_address.h"

namespace kith::identity {
namespace {

// What separates the groups of a number.
constexpr absl::string_view kSeparators = " -./()[]~_'\"|";

constexpr absl::string_view kSchemes =
    "sip sips tel callto sms smsto mms "
    "whatsapp rcs voice fax phone";

constexpr absl::string_view kExtensionWords =
    "x ext exten extn extension app apparat dw durchwahl nst nebenstelle "
    "klappe kl poste pst anexo interno int ramal toestel tst wewn "
    "\u0434\u043e\u0431 # ~";

constexpr absl::string_view kLabels =
    "tel telefon telephone phone ph mobile mobil mob handy cell cellphone fax "
    "home work office private privat zuhause gesch\u00e4ftlich dienstlich gsm "
    "sms whatsapp wa nr no number rufnummer telefonnummer telefono "
    "tel\u00e9fono telefone tlf t\u00e9l t\u00e9l\u00e9phone portable movil "
    "m\u00f3vil celular cel t m p f h w \u260e \u260f \u2706 \U0001f4de "
    "\U0001f4f1";

constexpr size_t kMostExtensionDigits = 9;

// After a comma or a semicolon more digits are rather another number.
constexpr size_t kMostDigitsAfterPause = 5;

// The least of a number in "4155552671.0".
constexpr size_t kFewestDigitsOfFloat = 7;

bool IsPartOfWord(char c) {
  return absl::ascii_isalpha(c) || !absl::ascii_isascii(c);
}

absl::string_view StripEnds(absl::string_view text, absl::string_view chars) {
  while (!text.empty() && absl::StrContains(chars, text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && absl::StrContains(chars, text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

// "Ada <sip:+1415...@pbx.example>;tag=1": the address.
absl::string_view InBrackets(absl::string_view text) {
  const size_t begin = text.rfind('<');
  if (begin == absl::string_view::npos) return text;
  const size_t end = text.find('>', begin);
  if (end == absl::string_view::npos) return text;
  return text.substr(begin + 1, end - begin - 1);
}

// Takes off a scheme, and returns true if there was one.
bool ConsumeScheme(absl::string_view* text) {
  const size_t colon = text->find(':');
  if (colon == absl::string_view::npos ||
      !HasWord(kSchemes, absl::AsciiStrToLower(text->substr(0, colon)))) {
    return false;
  }
  text->remove_prefix(colon + 1);
  absl::ConsumePrefix(text, "//");
  return true;
}

// The ids that WhatsApp gives to phones are international numbers.
bool IsWhatsAppHost(absl::string_view host) {
  return host == "s.whatsapp.net" || host == "c.us";
}

bool IsExtension(absl::string_view digits) {
  return !digits.empty() && digits.size() <= kMostExtensionDigits &&
         absl::c_all_of(digits, absl::ascii_isdigit);
}

// Its other ids are of groups and of people whose number it does not tell.
bool IsWhatsAppIdHost(absl::string_view host) {
  return host == "g.us" || host == "lid" || host == "newsletter" ||
         host == "broadcast";
}

// Takes the parameters of a tel or SIP address off: ";ext=12;user=phone".
// Leaves them where they are none.
void CutParameters(PhoneSpelling& spelling) {
  const std::vector<std::string> parts = absl::StrSplit(spelling.number, ';');
  std::string before = parts[0];
  const bool global = absl::StartsWith(before, "+");
  for (size_t i = 1; i < parts.size(); ++i) {
    // RFC 3966: names of parameters have no case.
    const std::string lower = absl::AsciiStrToLower(parts[i]);
    absl::string_view part = lower;
    if (!absl::StrContains(part, "=")) return;
    if (absl::ConsumePrefix(&part, "ext=")) {
      if (!IsExtension(part)) return;
      spelling.extension = std::string(part);
    }
    if (global || !absl::ConsumePrefix(&part, "phone-context=")) continue;
    spelling.of_exchange = !absl::StartsWith(part, "+");
    if (!spelling.of_exchange) before = absl::StrCat(part, before);
  }
  spelling.number = std::move(before);
}

// Takes the user out of an address that has an "@".
void Unwrap(size_t at, bool has_scheme, PhoneSpelling& spelling) {
  std::string host = absl::AsciiStrToLower(spelling.number.substr(at + 1));
  host = host.substr(0, host.find_first_of(":;?>"));
  spelling.number.resize(at);
  spelling.in_address = true;
  if (IsWhatsAppHost(host)) {
    // Behind the number is that of a device.
    const size_t end = spelling.number.find_first_of(":._");
    spelling.number = absl::StrCat("+", spelling.number.substr(0, end));
  } else if (IsWhatsAppIdHost(host) ||
             (!has_scheme && !absl::StartsWith(spelling.number, "+"))) {
    spelling.number.clear();
  } else if (has_scheme) {
    // Behind a colon is a password.
    spelling.number.resize(
        std::min(spelling.number.find(':'), spelling.number.size()));
  }
}

// Takes a number out of the address that it is in.
void Unwrap(PhoneSpelling& spelling) {
  absl::string_view text = InBrackets(spelling.text);
  const bool has_scheme = ConsumeScheme(&text);
  spelling.number = PercentDecode(text).value_or(std::string(text));
  if (absl::StrContains(spelling.number, "/") &&
      NamespaceOfProfile(spelling.number) == "whatsapp") {
    spelling.number =
        absl::StrCat("+", ReadHandle(spelling.number, "whatsapp").normalized);
    spelling.in_address = true;
    return;
  }
  const size_t at = spelling.number.find('@');
  if (at != std::string::npos) Unwrap(at, has_scheme, spelling);
  CutParameters(spelling);
}

// Takes an extension off: a word or a mark, and digits behind it.
void CutExtension(PhoneSpelling& spelling) {
  absl::string_view rest = StripEnds(spelling.number, " )]#");
  const size_t end = rest.size();
  while (!rest.empty() && absl::ascii_isdigit(rest.back())) {
    rest.remove_suffix(1);
  }
  const absl::string_view digits =
      absl::string_view(rest.data() + rest.size(), end - rest.size());
  if (!IsExtension(digits)) return;
  rest = absl::StripTrailingAsciiWhitespace(rest);
  absl::string_view head = rest;
  while (!head.empty() && absl::StrContains(".:= ", head.back())) {
    head.remove_suffix(1);
  }
  const size_t word_end = head.size();
  while (!head.empty() && IsPartOfWord(head.back())) head.remove_suffix(1);
  std::string word = FoldCase(
      absl::string_view(head.data() + head.size(), word_end - head.size()));
  if (word.empty()) {
    head = rest;
    while (!head.empty() && absl::StrContains("#~,;", head.back())) {
      word = head.back();
      head.remove_suffix(1);
    }
    if ((word == "," || word == ";") &&
        digits.size() <= kMostDigitsAfterPause) {
      word = "ext";
    }
  }
  if (!HasWord(kExtensionWords, word)) return;
  if (absl::c_none_of(head, absl::ascii_isdigit)) return;
  spelling.extension = std::string(digits);
  spelling.number = std::string(StripEnds(head, " ,;.-/(["));
}

// "4155552671.0": a spreadsheet has made a number with a fraction of it.
void CutFraction(std::string& number) {
  absl::string_view whole = number;
  if (absl::ConsumeSuffix(&whole, ".0") &&
      whole.size() >= kFewestDigitsOfFloat &&
      absl::c_all_of(absl::StripPrefix(whole, "+"), absl::ascii_isdigit)) {
    number = std::string(whole);
  }
}

}  // namespace

PhoneSpelling ReadSpelling(absl::string_view typed) {
  PhoneSpelling spelling;
  spelling.text = AsciiDigits(CleanText(typed));
  Unwrap(spelling);
  if (spelling.extension.empty()) CutExtension(spelling);
  CutFraction(spelling.number);
  // "=" is what makes a spreadsheet's text of it, "," the end of a list.
  spelling.number = std::string(StripEnds(spelling.number, " =,;"));
  return spelling;
}

PhoneWords SplitWords(absl::string_view number) {
  constexpr absl::string_view kSpaces = " .:,;-()[]'\"=";
  const size_t begin = number.find_first_of("+0123456789");
  if (begin == absl::string_view::npos) {
    return {.before = number, .core = "", .after = "", .touched = false};
  }
  const size_t end = number.find_last_of("0123456789+") + 1;
  return {.before = StripEnds(number.substr(0, begin), kSpaces),
          .core = number.substr(begin, end - begin),
          .after = StripEnds(number.substr(end), kSpaces),
          .touched = end < number.size() && IsPartOfWord(number[end])};
}

std::string PlainDigits(absl::string_view text, size_t* first_group) {
  text = StripEnds(text, kSeparators);
  std::string digits;
  size_t group = 0;
  for (const char c : text) {
    if (absl::ascii_isdigit(c) || (c == '+' && digits.empty())) {
      digits += c;
    } else if (absl::StrContains(kSeparators, c)) {
      if (group == 0) group = digits.size();
    } else if (c != '+' || digits != "+") {
      return "";
    }
  }
  if (first_group != nullptr) *first_group = group;
  return digits == "+" ? "" : digits;
}

bool HasLetter(absl::string_view text) {
  return absl::c_any_of(text, IsPartOfWord);
}

bool IsPhoneLabel(absl::string_view words) {
  const std::string folded = FoldCase(words);
  const std::vector<absl::string_view> parts =
      absl::StrSplit(folded, absl::ByAnyChar(" .:,;-/()[]"), absl::SkipEmpty());
  return !parts.empty() && absl::c_all_of(parts, [](absl::string_view part) {
    return HasWord(kLabels, part);
  });
}

bool IsExtensionWord(absl::string_view word) {
  return HasWord(kExtensionWords, FoldCase(word));
}

bool IsDate(absl::string_view text) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(text, absl::ByAnyChar("./-"));
  if (parts.size() != 3) return false;
  const bool year_first = parts[0].size() == 4;
  int year = 0;
  int month = 0;
  int day = 0;
  return absl::SimpleAtoi(parts[year_first ? 0 : 2], &year) &&
         absl::SimpleAtoi(parts[1], &month) &&
         absl::SimpleAtoi(parts[year_first ? 2 : 0], &day) &&
         parts[1].size() <= 2 && parts[year_first ? 2 : 0].size() <= 2 &&
         year >= 1900 && year < 2100 && month >= 1 && day >= 1 &&
         std::min(month, day) <= 12 && std::max(month, day) <= 31;
}

bool IsMaskedNumber(absl::string_view text) {
  for (const absl::string_view mark :
       {"**", "__", "??", "...", "\u2026", "\u2022", "\u25cf"}) {
    if (absl::StrContains(text, mark)) return true;
  }
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" -./()+"), absl::SkipEmpty());
  return absl::c_any_of(words, [](absl::string_view word) {
    const absl::string_view letters = word.substr(
        std::min(word.find_first_not_of("0123456789"), word.size()));
    return letters.size() > 1 &&
           letters.find_first_not_of("xX") == absl::string_view::npos;
  });
}

bool IsRounded(absl::string_view text) {
  const size_t e = text.find_first_of("eE");
  if (e == absl::string_view::npos || e == 0) return false;
  const auto is_number = [](absl::string_view part) {
    return !part.empty() && absl::c_all_of(part, [](char c) {
      return absl::ascii_isdigit(c) || absl::StrContains("+-., ", c);
    }) && absl::c_any_of(part, absl::ascii_isdigit);
  };
  return is_number(text.substr(0, e)) && is_number(text.substr(e + 1)) &&
         absl::StrContains("+-0123456789", text[e + 1]);
}

}  // namespace kith::identity
