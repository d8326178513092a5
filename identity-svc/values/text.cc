#include "identity-svc/values/text.h"

#include <cstdint>

#include "unicode/normalizer2.h"
#include "unicode/uchar.h"
#include "unicode/unistr.h"
#include "unicode/utf8.h"

namespace kith::identity {
namespace {

// The ASCII characters from "!" to "~" in the width of a Chinese one.
constexpr UChar32 kFirstWide = 0xFF01;
constexpr UChar32 kLastWide = 0xFF5E;
constexpr UChar32 kWideToAscii = kFirstWide - '!';

bool IsMark(UChar32 c) {
  return u_charType(c) == U_FORMAT_CHAR ||
         u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

constexpr UChar32 kMinus = 0x2212;
constexpr UChar32 kLongVowel = 0x30FC;

// Japanese keyboards have the mark of a long vowel where others have a dash.
bool IsDash(UChar32 c) {
  return u_charType(c) == U_DASH_PUNCTUATION || c == kMinus || c == kLongVowel;
}

bool IsSpaceOrMark(UChar32 c) { return u_isUWhiteSpace(c) || IsMark(c); }

icu::UnicodeString FromUtf8(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string ToUtf8(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

icu::UnicodeString Compose(const icu::UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error)) return text;
  icu::UnicodeString composed = nfc->normalize(text, error);
  return U_FAILURE(error) ? text : composed;
}

}  // namespace

std::string Trim(absl::string_view text) {
  const icu::UnicodeString units = FromUtf8(text);
  int32_t begin = 0;
  int32_t end = units.length();
  while (begin < end && IsSpaceOrMark(units.char32At(begin))) {
    begin = units.moveIndex32(begin, 1);
  }
  while (end > begin && IsSpaceOrMark(units.char32At(end - 1))) {
    end = units.moveIndex32(end, -1);
  }
  return ToUtf8(units.tempSubStringBetween(begin, end));
}

std::string CleanText(absl::string_view text) {
  const icu::UnicodeString units = FromUtf8(text);
  icu::UnicodeString clean;
  for (int32_t i = 0; i < units.length(); i = units.moveIndex32(i, 1)) {
    const UChar32 c = units.char32At(i);
    if (IsMark(c)) continue;
    if (u_isUWhiteSpace(c)) {
      clean.append(UChar32{' '});
    } else {
      clean.append(c >= kFirstWide && c <= kLastWide ? c - kWideToAscii : c);
    }
  }
  return ToUtf8(clean.trim());
}

std::string AsciiDigits(absl::string_view text) {
  const icu::UnicodeString units = FromUtf8(text);
  icu::UnicodeString ascii;
  for (int32_t i = 0; i < units.length(); i = units.moveIndex32(i, 1)) {
    const UChar32 c = units.char32At(i);
    const int32_t digit = u_charDigitValue(c);
    ascii.append(digit >= 0  ? UChar32{'0'} + digit
                 : IsDash(c) ? UChar32{'-'}
                             : c);
  }
  return ToUtf8(ascii);
}

bool HasLetterOrNumber(absl::string_view text) {
  const icu::UnicodeString units = FromUtf8(text);
  for (int32_t i = 0; i < units.length(); i = units.moveIndex32(i, 1)) {
    const UChar32 c = units.char32At(i);
    if ((U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_CN_MASK)) != 0) {
      return true;
    }
  }
  return false;
}

bool IsUtf8(absl::string_view text) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, length, c);
    if (c < 0) return false;
  }
  return true;
}

std::string Composed(absl::string_view text) {
  return ToUtf8(Compose(FromUtf8(text)));
}

std::string FoldCase(absl::string_view text) {
  return ToUtf8(Compose(Compose(FromUtf8(text)).foldCase()));
}

}  // namespace kith::identity
