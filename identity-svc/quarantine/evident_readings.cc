#include "identity-svc/quarantine/evident_readings.h"

#include <cstddef>
#include <utility>

namespace kith::identity {

std::vector<Reading> EvidentReadings(absl::Span<const Reading> readings,
                                     const std::vector<bool>& quarantined,
                                     bool by_form) {
  std::vector<Reading> evident;
  std::vector<Reading> passed;
  for (size_t i = 0; i < readings.size(); ++i) {
    if (!readings[i].refusal.empty()) continue;
    const bool passes = !quarantined.empty() && quarantined[i];
    (passes ? passed : evident).push_back(readings[i]);
  }
  const bool alone = evident.empty();
  if (alone) evident = std::move(passed);
  if ((alone || by_form) && evident.size() > 1) evident.resize(1);
  return evident;
}

}  // namespace kith::identity
