#include "gateway/visits/beacon.h"

#include <cstdint>
#include <string>

#include "common/api/violations.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/visits/visit_origin.h"
#include "google/protobuf/descriptor.h"

namespace kith::gateway {
namespace {

using internal::v1::VisitBeacon;

// As far as JavaScript counts exactly.
constexpr int64_t kMaxRevision = 9'007'199'254'740'992;
constexpr int64_t kMaxAddress = 8192;
constexpr int kMaxCount = 100'000;
constexpr int kMaxClickNames = 20;
constexpr int kMaxConversions = 10;
constexpr int64_t kMaxMark = 40;

void CheckMarks(api::Violations& violations, const VisitBeacon& beacon) {
  violations.Count("clicks", beacon.clicks_size(), 0, kMaxClickNames);
  for (const auto& [name, count] : beacon.clicks()) {
    violations.AtMost("clicks", name, kMaxMark);
    if (count < 1 || count > kMaxCount) {
      violations.Add("clicks", "want counts of 1 to 100,000");
    }
  }
  violations.Count("conversions", beacon.conversions_size(), 0,
                   kMaxConversions);
  for (const std::string& name : beacon.conversions()) {
    violations.AtMost("conversions", name, kMaxMark);
  }
}

}  // namespace

absl::StatusOr<VisitBeacon> ReadBeacon(absl::string_view body) {
  static const auto& codec =
      *new edge::JsonCodec(*google::protobuf::DescriptorPool::generated_pool());
  if (body.size() > kMaxBeaconBytes) {
    return absl::InvalidArgumentError("the beacon is too long");
  }
  const auto bytes = codec.ToBytes(*VisitBeacon::descriptor(), body);
  VisitBeacon beacon;
  if (!bytes.ok() || !beacon.ParseFromString(*bytes)) {
    return absl::InvalidArgumentError("the body is no beacon");
  }
  api::Violations violations;
  if (!IsVisitId(beacon.visit())) {
    violations.Add("visit", "want 32 hex digits in lower case");
  }
  if (beacon.revision() < 1 || beacon.revision() > kMaxRevision) {
    violations.Add("revision", "want 1 to 2^53");
  }
  if (beacon.ms() < 0) violations.Add("ms", "want 0 or more");
  violations.AtMost("page", beacon.page(), kMaxAddress);
  violations.AtMost("referrer", beacon.referrer(), kMaxAddress);
  violations.AtMost("exit", beacon.exit(), kMaxAddress);
  if (beacon.pages() < 1 || beacon.pages() > kMaxCount) {
    violations.Add("pages", "want 1 to 100,000");
  }
  CheckMarks(violations, beacon);
  KITH_RETURN_IF_ERROR(violations.ToStatus());
  return beacon;
}

}  // namespace kith::gateway
