#include "tests/fuzz/targets.h"

namespace kith::fuzz {

absl::Span<const Target> Targets() {
  static constexpr Target kTargets[] = {
      {"envelope", FuzzEnvelope, 20'000},
      {"form", FuzzForm, 20'000},
      {"gzip", FuzzGzip, 20'000},
      {"identity_value", FuzzIdentityValue, 20'000},
      {"json", FuzzJson, 20'000},
      {"jwks", FuzzJwks, 10'000},
      {"jwt", FuzzJwt, 20'000},
      {"metadata", FuzzMetadata, 20'000},
      {"page_token", FuzzPageToken, 20'000},
      {"path_template", FuzzPathTemplate, 20'000},
      {"request_head", FuzzRequestHead, 20'000},
      {"request_target", FuzzRequestTarget, 20'000},
      {"session", FuzzSession, 20'000},
  };
  return kTargets;
}

}  // namespace kith::fuzz
