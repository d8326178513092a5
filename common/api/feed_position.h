#ifndef KITH_COMMON_API_FEED_POSITION_H_
#define KITH_COMMON_API_FEED_POSITION_H_

#include <cstdint>

#include "kith/internal/v1/positions.pb.h"

namespace kith::api {

// A place in a feed: behind the change that has this number. {0, 0} is the
// beginning. A database that is restored from a backup gives numbers again, but
// at another time. So the number and the time together are given once, and
// whoever finds a position again knows that all changes before it are those
// that it has read.
struct FeedPosition {
  int64_t sequence = 0;
  // When the change entered the feed, in microseconds since the epoch.
  int64_t sequence_micros = 0;

  bool operator==(const FeedPosition&) const = default;
};

// Appends the position of one more feed.
void AddPosition(const FeedPosition& position,
                 internal::v1::FeedPositions& positions);

// Returns the position of a feed; `index` is less than the number of sequences.
// A token without times, of an older release, has no position that is found
// again.
FeedPosition PositionAt(const internal::v1::FeedPositions& positions,
                        int index);

}  // namespace kith::api

#endif  // KITH_COMMON_API_FEED_POSITION_H_
