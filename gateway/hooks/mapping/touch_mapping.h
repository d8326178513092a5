#ifndef KITH_GATEWAY_HOOKS_MAPPING_TOUCH_MAPPING_H_
#define KITH_GATEWAY_HOOKS_MAPPING_TOUCH_MAPPING_H_

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gateway/hooks/mapping/placed_touch.h"
#include "gateway/hooks/reading/document.h"
#include "kith/config/v1/connectors.pb.h"

namespace kith::gateway {

// Most items of one request, most touches, and most bytes of those: a text that
// each of 1,000 touches has would make a gigabyte of a megabyte.
inline constexpr size_t kMostHookItems = 1'000;
inline constexpr size_t kMostHookTouches = 1'000;
inline constexpr size_t kMostHookTouchBytes = 8 << 20;

// Most touches that a connector makes of one item.
inline constexpr int kMostTouchMappings = 50;

// What becomes touches: an entry of the journal, and how.
struct HookEntry {
  // Without a fault.
  const config::v1::Connector& config;
  // Fields that its paths name: see NamesUnder.
  const std::set<std::string>& named_fields;
  // The request as ReadHook reads it.
  const Json& root;
  // Where times without an offset are.
  absl::TimeZone zone = absl::UTCTimeZone();
  // Id of the entry, a UUID.
  std::string entry_id = {};
  absl::Time receive_time = absl::UnixEpoch();
};

// Returns the touches of an entry: see Understander::Understand. A pure
// function.
absl::StatusOr<std::vector<PlacedTouch>> MapTouches(const HookEntry& entry);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_MAPPING_TOUCH_MAPPING_H_
