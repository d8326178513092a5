#ifndef KITH_COMMON_API_ETAG_H_
#define KITH_COMMON_API_ETAG_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith::api {

// Returns ABORTED if the etag that a request gives in `field` is not the
// current one of the resource, which `what` names in the message. An empty one
// is not checked.
absl::Status CheckEtag(absl::string_view field, absl::string_view what,
                       absl::string_view given, absl::string_view current);

}  // namespace kith::api

#endif  // KITH_COMMON_API_ETAG_H_
