#ifndef KITH_GATEWAY_LINKS_ONE_CLICK_H_
#define KITH_GATEWAY_LINKS_ONE_CLICK_H_

#include "absl/strings/string_view.h"

namespace kith::gateway {

// The header List-Unsubscribe-Post of RFC 8058, which is also the body of a
// form.
inline constexpr char kOneClick[] = "List-Unsubscribe=One-Click";

// Returns true if the body of a POST says List-Unsubscribe=One-Click, as
// RFC 8058 has it: as application/x-www-form-urlencoded or as
// multipart/form-data. Other fields may stand beside it. Any other body is
// none, so that no POST unsubscribes by chance.
bool IsOneClick(absl::string_view content_type, absl::string_view body);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_LINKS_ONE_CLICK_H_
