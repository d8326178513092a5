#include "contacts-svc/suggestions/match_text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "unicode/normalizer2.h"
#include "unicode/translit.h"
#include "unicode/uchar.h"
#include "unicode/unistr.h"

namespace kith::contacts {
namespace {

// "J S" is nobody's name; two Chinese words of one character are one.
constexpr size_t kLeastNameBytes = 5;
constexpr size_t kLeastPostcodeBytes = 3;

icu::UnicodeString Decompose(const icu::UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const nfkd = icu::Normalizer2::getNFKDInstance(error);
  if (U_FAILURE(error)) return text;
  icu::UnicodeString decomposed = nfkd->normalize(text, error);
  return U_FAILURE(error) ? text : decomposed;
}

// The accents of Latin, Greek and Cyrillic. The marks of other scripts tell
// their words apart.
bool IsAccent(UChar32 c) {
  return ublock_getCode(c) == UBLOCK_COMBINING_DIACRITICAL_MARKS;
}

// Zero-width spaces and joiners, soft hyphens, marks of direction and the like.
bool IsInvisible(UChar32 c) {
  return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

// Also what is typed where one is meant.
bool IsApostrophe(UChar32 c) {
  return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x02bb ||
         c == 0x02bc;
}

bool IsOfWord(UChar32 c) {
  return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

// Writes Latin letters that are no ASCII letter with an accent, such as those
// with a stroke, as ASCII. Other scripts stay as they are.
void StrokesToAscii(icu::UnicodeString& text) {
  static const icu::Transliterator* const to_ascii = [] {
    UErrorCode error = U_ZERO_ERROR;
    return icu::Transliterator::createInstance("Latin-ASCII", UTRANS_FORWARD,
                                               error);
  }();
  if (to_ascii != nullptr) to_ascii->transliterate(text);
}

// Returns the text without case, accents, strokes and what nobody sees.
icu::UnicodeString Fold(absl::string_view utf8) {
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
  // An acute accent by itself; Decompose would make a space of it.
  text.findAndReplace(icu::UnicodeString(UChar32{0xb4}), "'");
  const icu::UnicodeString decomposed = Decompose(Decompose(text).foldCase());
  icu::UnicodeString folded;
  for (int32_t i = 0; i < decomposed.length();
       i = decomposed.moveIndex32(i, 1)) {
    const UChar32 c = decomposed.char32At(i);
    if (!IsAccent(c) && !IsInvisible(c)) folded.append(c);
  }
  StrokesToAscii(folded);
  return folded;
}

// Letters and digits.
std::vector<std::string> Words(absl::string_view utf8) {
  const icu::UnicodeString text = Fold(utf8);
  std::vector<std::string> words;
  icu::UnicodeString word;
  const auto end_word = [&] {
    if (word.isEmpty()) return;
    word.toUTF8String(words.emplace_back());
    word.remove();
  };
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (IsApostrophe(c)) continue;
    if (IsOfWord(c)) {
      word.append(c);
    } else {
      end_word();
    }
  }
  end_word();
  return words;
}

// Writes letters with an umlaut or a ring in one way: "Mueller" and "Muller"
// for "Müller", "Aagaard" for "Ågård". In other names it drops an "e" or an "a"
// too, from both of two that are compared.
std::string WithoutUmlauts(absl::string_view word) {
  std::string plain;
  for (const char c : word) {
    const char before = plain.empty() ? ' ' : plain.back();
    const bool umlaut =
        c == 'e' && (before == 'a' || before == 'o' || before == 'u');
    const bool ring = c == 'a' && before == 'a';
    if (!umlaut && !ring) plain += c;
  }
  return plain;
}

}  // namespace

std::string ComparableName(absl::string_view name) {
  std::vector<std::string> words = Words(name);
  if (words.size() < 2 || absl::StrJoin(words, " ").size() < kLeastNameBytes) {
    return "";
  }
  for (std::string& word : words) word = WithoutUmlauts(word);
  std::sort(words.begin(), words.end());
  return absl::StrJoin(words, " ");
}

std::string ComparableDate(absl::string_view date) {
  const absl::string_view text = absl::StripAsciiWhitespace(date);
  absl::CivilDay day;
  if (text.size() != 10 || !absl::ParseCivilTime(text, &day)) return "";
  return absl::FormatCivilTime(day);
}

std::string ComparablePostcode(absl::string_view postcode) {
  std::string joined = absl::StrJoin(Words(postcode), "");
  return joined.size() < kLeastPostcodeBytes ? "" : joined;
}

}  // namespace kith::contacts
