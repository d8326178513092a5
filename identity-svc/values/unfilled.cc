#include "identity-svc/values/unfilled.h"

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace kith::identity {
namespace {

constexpr absl::string_view kTemplate = "it is a template that was not filled";
constexpr absl::string_view kSpreadsheet = "it is an error of a spreadsheet";
constexpr absl::string_view kMissing =
    "it is what software writes where a value is missing";
constexpr absl::string_view kMasked = "it is masked";
constexpr absl::string_view kCutOff = "it is cut off";
constexpr absl::string_view kCutNumber = "its digits are cut";

// No value begins so, whatever follows: Mustache, Jinja and Liquid; JavaScript;
// Ruby; ERB and JSP; Mailchimp.
constexpr absl::string_view kOpenings[] = {"{{", "{%", "${", "#{", "<%", "*|"};

struct Marks {
  absl::string_view open;
  absl::string_view close;
};

// Between these there is a name instead of a value, with anything around it.
constexpr Marks kTemplates[] = {
    {"[[", "]]"}, {"[%", "%]"},          // Template Toolkit, TYPO3
    {"<<", ">>"}, {"\u00ab", "\u00bb"},  // mail merge
    {"$(", ")"},  {"@{", "}"},           // shells and builds, Razor
    {"%{", "}"},  {"%(", ")"},           // Ruby, Python
    {"{!", "}"},  {"{$", "}"},           // Salesforce, Smarty
    {"%%", "%%"},                        // Salesforce Marketing Cloud
    {"{", "}"},                          // URI templates, Python, .NET
};

// As a whole, a name between these stands for a value.
constexpr Marks kBrackets[] = {
    {"[", "]"},   {"<", ">"}, {"(", ")"}, {"#", "#"}, {"##", "##"},
    {"@@", "@@"}, {"|", "|"}, {"~", "~"}, {"%", "%"}, {"**", "**"}};

// Beside the rule "#NAME?": what ends otherwise. English, German, French,
// Italian; Google; LibreOffice.
constexpr absl::string_view kSpreadsheetErrors[] = {
    "#nv", "#nd", "#getting_data", "#saknas", "#puuttuu", "#inf", "#ind"};

constexpr absl::string_view kNulls[] = {"null",    "nil",   "none", "undefined",
                                        "nan",     "n/a",   "na",   "(null)",
                                        "unknown", "<nil>", "\\n"};

// Of these, what may be behind a prefix: "shop-na" is of a place.
constexpr absl::string_view kNullsOfCode[] = {"null", "nil", "none", "nan",
                                              "undefined"};

constexpr absl::string_view kNoHosts[] = {"null",  "undefined", "none",
                                          "nan",   "localhost", "127.0.0.1",
                                          "false", "[object"};

// The least and the greatest of integers: what does not fit becomes that. Of 32
// bits (2147483647 looks like a number of Dallas), of 64, and of a double.
constexpr absl::string_view kLimits[] = {
    "2147483647",          "-2147483648",          "4294967295",
    "9223372036854775807", "-9223372036854775808", "18446744073709551615",
    "9007199254740991",    "9007199254740992"};

constexpr size_t kMostNameBytes = 64;
constexpr size_t kMostNameDigits = 2;
constexpr size_t kMostErrorBytes = 16;
constexpr size_t kFewestMaskMarks = 2;
constexpr size_t kMostPrefixBytes = 12;

size_t CountDigitsOf(absl::string_view text) {
  return static_cast<size_t>(absl::c_count_if(text, absl::ascii_isdigit));
}

// The name of a variable: "customer.id", "First Name". Ids have more digits.
bool IsVariable(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty() || text.size() > kMostNameBytes) return false;
  const auto is_of_name = [](char c) {
    return absl::ascii_isalnum(c) || !absl::ascii_isascii(c) ||
           absl::StrContains("_.- ", c);
  };
  return absl::c_all_of(text, is_of_name) &&
         CountDigitsOf(text) <= kMostNameDigits;
}

bool HasTemplate(absl::string_view text) {
  for (const absl::string_view opening : kOpenings) {
    if (absl::StrContains(text, opening)) return true;
  }
  for (const Marks& marks : kTemplates) {
    const size_t open = text.find(marks.open);
    if (open == absl::string_view::npos) continue;
    const size_t begin = open + marks.open.size();
    const size_t end = text.find(marks.close, begin);
    if (end != absl::string_view::npos &&
        IsVariable(text.substr(begin, end - begin))) {
      return true;
    }
  }
  return false;
}

// A character that is percent-encoded begins so.
bool BeginsWithHex(absl::string_view text) {
  return text.size() > 1 && absl::ascii_isxdigit(text[0]) &&
         absl::ascii_isxdigit(text[1]);
}

// "%EMAIL%", and not "%bcber%20".
bool HasPercentName(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '%');
  for (size_t i = 1; i + 1 < parts.size(); ++i) {
    const bool is_name = absl::c_all_of(
        parts[i], [](char c) { return absl::ascii_isalpha(c) || c == '_'; });
    if (is_name && parts[i].size() > 2 &&
        !(BeginsWithHex(parts[i]) && BeginsWithHex(parts[i + 1]))) {
      return true;
    }
  }
  return false;
}

bool IsBracketed(absl::string_view text) {
  return absl::c_any_of(kBrackets, [&](const Marks& marks) {
    absl::string_view inner = text;
    return absl::ConsumePrefix(&inner, marks.open) &&
           absl::ConsumeSuffix(&inner, marks.close) && IsVariable(inner);
  });
}

bool IsOneLetter(absl::string_view text) {
  return (text.size() == 1 && absl::ascii_isalpha(text[0])) ||
         (text.size() == 2 && !absl::ascii_isascii(text[0]));
}

// "#REF!", "#NAME?", "#DIV/0!" in any language of a spreadsheet, and with a
// formula or a prefix before it.
bool HasSpreadsheetError(absl::string_view text) {
  const size_t begin = text.find('#');
  if (begin == absl::string_view::npos) return false;
  absl::string_view error = text.substr(begin);
  error = error.substr(0, error.find('@'));
  if (absl::c_linear_search(kSpreadsheetErrors, error)) return true;
  // "#N/A" has one letter on either side, also in other scripts.
  const std::vector<absl::string_view> sides =
      absl::StrSplit(error.substr(1), '/');
  if (sides.size() == 2 && IsOneLetter(sides[0]) && IsOneLetter(sides[1])) {
    return true;
  }
  if (error.size() < 4 || error.size() > kMostErrorBytes ||
      (error.back() != '!' && error.back() != '?')) {
    return false;
  }
  const absl::string_view name = error.substr(1, error.size() - 2);
  return name == "div/0" || absl::EndsWith(name, "div/0") ||
         absl::c_all_of(name, [](char c) {
           return absl::ascii_isalpha(c) || !absl::ascii_isascii(c) ||
                  c == '/' || c == '_';
         });
}

// JavaScript, Go.
bool HasObject(absl::string_view text) {
  return absl::StrContains(text, "[object ") ||
         absl::StrContains(text, "%!s(") || absl::StrContains(text, "%!d(") ||
         absl::StrContains(text, "%!v(") || absl::StrContains(text, "1.#") ||
         absl::StrContains(text, "[native code]") ||
         absl::StrContains(text, "promise {") ||
         absl::StartsWith(text, "java.lang.");
}

// "a***@example.com", "XXXX-1234": what is shown of a value to those who must
// not see all of it.
bool IsMasked(absl::string_view text) {
  size_t marks = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const absl::string_view rest = text.substr(i);
    if (rest[0] == '*' || absl::StartsWith(rest, "\u2022") ||
        absl::StartsWith(rest, "\u25cf")) {
      if (++marks == kFewestMaskMarks) return true;
      i += rest[0] == '*' ? 0 : 2;
    } else {
      marks = 0;
    }
  }
  return false;
}

// "https://", "http://null/ada", "mailto:".
bool LacksHost(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos || colon == 0 ||
      !absl::c_all_of(text.substr(0, colon), absl::ascii_isalpha)) {
    return false;
  }
  text.remove_prefix(colon + 1);
  if (text.empty()) return true;
  if (!absl::ConsumePrefix(&text, "//")) return false;
  absl::ConsumePrefix(&text, "www.");
  const absl::string_view host = text.substr(0, text.find_first_of("/?#:"));
  return host.empty() || absl::c_linear_search(kNoHosts, host);
}

// LibreOffice: "Err:502".
bool IsErrorCode(absl::string_view text) {
  return absl::ConsumePrefix(&text, "err:") && text.size() == 3 &&
         CountDigitsOf(text) == 3;
}

// "=VLOOKUP(A2)", "=A1".
bool IsFormula(absl::string_view text) {
  return absl::ConsumePrefix(&text, "=") && !text.empty() &&
         absl::ascii_isalpha(text[0]);
}

// "null null", "undefined-undefined".
bool IsAllNulls(absl::string_view text) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" -_:|.,;@"), absl::SkipEmpty());
  return !words.empty() && absl::c_all_of(words, [](absl::string_view word) {
    return absl::c_linear_search(kNulls, word);
  });
}

// "1.00E+05", "4.91512E12": one digit and a fraction, as spreadsheets and Java
// write it. "12e4567" may be an id.
bool IsScientific(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  const size_t e = text.find('e');
  if (e == absl::string_view::npos || e == 0) return false;
  const absl::string_view mantissa = text.substr(0, e);
  absl::string_view exponent = text.substr(e + 1);
  const bool fraction = mantissa.size() > 2 &&
                        absl::StrContains(".,", mantissa[1]) &&
                        CountDigitsOf(mantissa) + 1 == mantissa.size();
  const bool sign = absl::ConsumePrefix(&exponent, "+") ||
                    (fraction && absl::ConsumePrefix(&exponent, "-"));
  return absl::ascii_isdigit(mantissa[0]) &&
         (fraction || (mantissa.size() == 1 && sign)) && !exponent.empty() &&
         exponent.size() <= 3 && CountDigitsOf(exponent) == exponent.size();
}

// "user-undefined", "null/12": a part of the id is missing. The last may also
// be a word that is a name elsewhere.
bool HasNullPart(absl::string_view lower) {
  const std::vector<absl::string_view> parts = absl::StrSplit(
      lower, absl::ByAnyChar("-_:/|.=#,;\"[](){}<> "), absl::SkipEmpty());
  if (parts.size() < 2) return false;
  return absl::c_any_of(parts,
                        [](absl::string_view part) {
                          return part == "null" || part == "undefined";
                        }) ||
         absl::c_linear_search(kNullsOfCode, parts.back());
}

// "customer:", "gid://shop/Customer/", "C-": a word, and no id behind it. What
// mixes the case of its letters may be an id in Base64.
bool IsPrefixAlone(absl::string_view text) {
  absl::ConsumePrefix(&text, "/");
  if (text.size() < 2 || CountDigitsOf(text) > 0) return false;
  const char last = text.back();
  if (last == ':' || (last == '/' && absl::StrContains(text, "://"))) {
    return true;
  }
  const absl::string_view word = text.substr(0, text.size() - 1);
  return text.size() <= kMostPrefixBytes && absl::StrContains("-_/#", last) &&
         absl::c_all_of(word, absl::ascii_isalpha) &&
         (absl::c_none_of(word.substr(1), absl::ascii_isupper) ||
          absl::c_none_of(word, absl::ascii_islower));
}

// The letter x for each digit but the last ones, of a card or an account.
bool HasMaskLetters(absl::string_view lower) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(lower, absl::ByAnyChar("-_. "));
  return absl::StrContains(lower, "xxxx") ||
         absl::c_linear_search(parts, "xxx");
}

}  // namespace

std::string Unescaped(absl::string_view folded) {
  return absl::StrReplaceAll(folded, {{"&lt;", "<"},
                                      {"&gt;", ">"},
                                      {"&quot;", "\""},
                                      {"&amp;", "&"},
                                      {"&nbsp;", " "},
                                      {"&#123;", "{"},
                                      {"&#125;", "}"},
                                      {"%7b", "{"},
                                      {"%7d", "}"},
                                      {"%24", "$"},
                                      {"%5b", "["},
                                      {"%5d", "]"}});
}

absl::string_view FaultIn(absl::string_view folded) {
  if (HasTemplate(folded) || HasPercentName(folded)) return kTemplate;
  if (HasSpreadsheetError(folded)) return kSpreadsheet;
  if (HasObject(folded)) return kMissing;
  if (IsMasked(folded)) return kMasked;
  return "";
}

absl::string_view FaultOfWhole(absl::string_view folded) {
  if (IsBracketed(folded)) return kTemplate;
  if (IsErrorCode(folded) || IsFormula(folded)) return kSpreadsheet;
  if (IsAllNulls(folded)) return kMissing;
  // A link of an app whose parameter is empty: "tg://resolve?domain=".
  if (absl::StrContains(folded, "://") && absl::EndsWith(folded, "=")) {
    return kMissing;
  }
  if (LacksHost(folded)) return "it is an address without a host";
  if (absl::EndsWith(folded, "...") || absl::EndsWith(folded, "\u2026")) {
    return kCutOff;
  }
  return "";
}

absl::string_view FaultOfNumber(absl::string_view folded) {
  return IsScientific(folded) || IsLimitOfIntegers(folded) ? kCutNumber : "";
}

bool IsLimitOfIntegers(absl::string_view digits) {
  return absl::c_linear_search(kLimits, digits);
}

absl::string_view FaultOfId(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(text);
  absl::string_view variable = lower;
  if ((absl::ConsumePrefix(&variable, "$") ||
       absl::ConsumePrefix(&variable, ":") ||
       (absl::ConsumePrefix(&variable, "__") &&
        absl::ConsumeSuffix(&variable, "__"))) &&
      CountDigitsOf(variable) == 0 && IsVariable(variable)) {
    return kTemplate;
  }
  if (HasNullPart(lower) || IsPrefixAlone(text)) return kMissing;
  if (HasMaskLetters(lower)) return kMasked;
  return FaultOfNumber(lower);
}

}  // namespace kith::identity
