#include "common/api/feed_position.h"

namespace kith::api {

void AddPosition(const FeedPosition& position,
                 internal::v1::FeedPositions& positions) {
  positions.add_sequences(position.sequence);
  positions.add_sequence_micros(position.sequence_micros);
}

FeedPosition PositionAt(const internal::v1::FeedPositions& positions,
                        int index) {
  FeedPosition position;
  position.sequence = positions.sequences(index);
  if (index < positions.sequence_micros_size()) {
    position.sequence_micros = positions.sequence_micros(index);
  }
  return position;
}

}  // namespace kith::api
