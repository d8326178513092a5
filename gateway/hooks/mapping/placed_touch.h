#ifndef KITH_GATEWAY_HOOKS_MAPPING_PLACED_TOUCH_H_
#define KITH_GATEWAY_HOOKS_MAPPING_PLACED_TOUCH_H_

#include <cstdint>

#include "kith/gateway/v1/hook.pb.h"

namespace kith::gateway {

// A touch of an entry.
struct PlacedTouch {
  // Of its item and its mapping, from 0 to 49,999: that of a touch stays if
  // others of the entry come or go as the connector is mended.
  int32_t place = 0;
  v1::HookTouch touch = {};
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_MAPPING_PLACED_TOUCH_H_
