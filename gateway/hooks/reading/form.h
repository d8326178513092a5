#ifndef KITH_GATEWAY_HOOKS_READING_FORM_H_
#define KITH_GATEWAY_HOOKS_READING_FORM_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::gateway {

// The fields of a form in their order, as bytes: a name may be there more than
// once.
using FormFields = std::vector<std::pair<std::string, std::string>>;

// Reads application/x-www-form-urlencoded. A "%" without two hex digits is
// itself, as browsers and old scripts have it: no field is lost.
FormFields ReadUrlEncoded(absl::string_view body);

// Reads multipart/form-data (RFC 7578) with the boundary of `content_type`.
// Parts with a file name are left out. INVALID_ARGUMENT if there is no
// boundary, or the body does not end with it.
absl::StatusOr<FormFields> ReadMultipart(absl::string_view content_type,
                                         absl::string_view body);

// Returns a parameter of a header such as `form-data; name="a"`; empty if there
// is none. A ";" within quotes ends nothing.
std::string HeaderParameter(absl::string_view header, absl::string_view name);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_READING_FORM_H_
