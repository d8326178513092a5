#ifndef KITH_GATEWAY_HOOKS_READING_UTF8_H_
#define KITH_GATEWAY_HOOKS_READING_UTF8_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::gateway {

// Returns true if the bytes are UTF-8: no overlong form, no surrogate, nothing
// above U+10FFFF.
bool IsUtf8(absl::string_view bytes);

// Returns a text in UTF-8. Bytes that are not UTF-8 are read as windows-1252,
// as browsers read what says it is ISO-8859-1; its five unused bytes become
// U+FFFD.
std::string ToUtf8(absl::string_view bytes);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_READING_UTF8_H_
