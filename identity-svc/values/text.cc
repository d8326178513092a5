#include "identity-svc/values/text.h"

#include <cstdint>

#include "unicode/normalizer2.h"
#include "unicode/uchar.h"
#include "unicode/unistr.h"

namespace kith::identity {
namespace {

bool IsSpaceOrMark(UChar32 c) {
  return u_isUWhiteSpace(c) || u_charType(c) == U_FORMAT_CHAR;
}

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

std::string FoldCase(absl::string_view text) {
  return ToUtf8(Compose(Compose(FromUtf8(text)).foldCase()));
}

}  // namespace kith::identity
