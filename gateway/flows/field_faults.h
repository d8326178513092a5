#ifndef KITH_GATEWAY_FLOWS_FIELD_FAULTS_H_
#define KITH_GATEWAY_FLOWS_FIELD_FAULTS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith::gateway {

// A service tells what is wrong with fields by their paths in the request that
// it got. The same error, with `to` in place of `from` at their beginning: by
// their paths in the request of the gateway's caller.
absl::Status RenameFields(const absl::Status& status, absl::string_view from,
                          absl::string_view to);

// One error of what both tell of fields. Where one of them tells of none, the
// first; where that is OK, the second.
absl::Status JoinFaults(const absl::Status& first, const absl::Status& second);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_FIELD_FAULTS_H_
