#include "identity-svc/values/email.h"

#include <idn2.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/text.h"

namespace kith::identity {
namespace {

std::string AsciiDomain(absl::string_view domain) {
  absl::ConsumeSuffix(&domain, ".");
  const std::string text(domain);
  // libidn2 reads up to the first NUL.
  if (text.find('\0') != std::string::npos) return FoldCase(text);
  char* ascii = nullptr;
  if (idn2_to_ascii_8z(text.c_str(), &ascii,
                       IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) {
    return FoldCase(text);
  }
  std::string result = absl::AsciiStrToLower(ascii);
  idn2_free(ascii);
  return result;
}

}  // namespace

bool LooksLikeEmail(absl::string_view text) {
  const size_t at = text.rfind('@');
  return at != absl::string_view::npos && at != 0 && at + 1 != text.size();
}

std::string NormalizeEmail(absl::string_view text) {
  const std::string trimmed = Trim(text);
  if (!LooksLikeEmail(trimmed)) return FoldCase(trimmed);
  const size_t at = trimmed.rfind('@');
  const absl::string_view address = trimmed;
  return absl::StrCat(FoldCase(address.substr(0, at)), "@",
                      AsciiDomain(address.substr(at + 1)));
}

}  // namespace kith::identity
