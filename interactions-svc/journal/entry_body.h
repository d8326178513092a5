#ifndef KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_BODY_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_BODY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::interactions {

// Returns the body of a request as the column `body` of `journal` has it:
// compressed (RFC 1950).
std::string CompressBody(absl::string_view body);

// Returns the body, which has `size` bytes, from the column. INTERNAL if the
// column has another one, or is damaged. Never makes more than `size` bytes and
// a buffer, whatever the column has.
absl::StatusOr<std::string> DecompressBody(absl::string_view compressed,
                                           int64_t size);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_BODY_H_
