#include "identity-svc/quarantine/quarantine_validation.h"

#include "common/api/violations.h"
#include "identity-svc/values/value_validation.h"

namespace kith::identity {
namespace {

constexpr int kMaxQuarantineReason = 500;

}  // namespace

absl::Status Validate(const v1::QuarantineIdentityRequest& request) {
  api::Violations violations;
  CheckWriteValue(violations, "value", request.value());
  violations.Text("reason", request.reason(), kMaxQuarantineReason, "why");
  return violations.ToStatus();
}

absl::Status Validate(const v1::ReleaseIdentityRequest& request) {
  api::Violations violations;
  CheckWriteValue(violations, "value", request.value());
  violations.AtMost("reason", request.reason(), kMaxQuarantineReason);
  return violations.ToStatus();
}

}  // namespace kith::identity
