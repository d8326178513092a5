#ifndef KITH_GATEWAY_CALLS_FIELD_FAULTS_H_
#define KITH_GATEWAY_CALLS_FIELD_FAULTS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith::gateway {

// Rewrites the field paths in a service's BadRequest so that they name fields
// of the gateway caller's request: replaces the prefix `from` by `to`. Without
// a BadRequest, does so with the field that the message begins with, such as
// "absorbed_ids[1]: no contact", and keeps the details.
absl::Status RenameFields(const absl::Status& status, absl::string_view from,
                          absl::string_view to);

// Returns one error with the field violations of both. If one of them has no
// BadRequest, returns `first`; if `first` is OK, returns `second`.
absl::Status JoinFaults(const absl::Status& first, const absl::Status& second);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_FIELD_FAULTS_H_
