#include "tests/bench/sample.h"

#include <algorithm>

#include "common/base/text_file.h"
#include "common/status/status_macros.h"

namespace kith::bench {

using interactions::v1::Interaction;

absl::StatusOr<Sample> Sample::Read(const std::string& path) {
  gateway::v1::BatchRecordTouchesRequest touches;
  KITH_RETURN_IF_ERROR(base::ReadTextProto(path, touches));
  return From(touches);
}

absl::StatusOr<Sample> Sample::From(
    const gateway::v1::BatchRecordTouchesRequest& touches) {
  Sample sample;
  for (const auto& touch : touches.touches()) {
    if (touch.has_contact()) sample.contacts.push_back(touch.contact());
    Interaction& interaction = sample.interactions.emplace_back();
    interaction = touch.interaction();
    interaction.clear_source();
    interaction.clear_external_id();
  }
  const auto call =
      std::find_if(sample.interactions.begin(), sample.interactions.end(),
                   [](const Interaction& interaction) {
                     return interaction.kind() == interactions::v1::KIND_CALL;
                   });
  if (sample.contacts.empty() || call == sample.interactions.end()) {
    return absl::InvalidArgumentError("a sample without contacts or calls");
  }
  sample.call = *call;
  sample.call.clear_occurred_time();
  return sample;
}

}  // namespace kith::bench
