#ifndef KITH_GATEWAY_HOOKS_READING_CHARSET_H_
#define KITH_GATEWAY_HOOKS_READING_CHARSET_H_

#include "absl/strings/string_view.h"

namespace kith::gateway {

// Returns the charset of this name, in any case, if texts in it are not what
// ToUtf8 would make of them, such as "shift_jis". Empty for UTF-8, ASCII,
// ISO-8859-1, windows-1252 and what is the name of no charset: a form may mean
// anything by a field "encoding".
absl::string_view OtherCharset(absl::string_view name);

// Returns true if the bytes mean the same in any charset: printable ASCII, tabs
// and line ends. What ISO-2022-JP begins with is an escape.
bool IsPlainAscii(absl::string_view bytes);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_READING_CHARSET_H_
