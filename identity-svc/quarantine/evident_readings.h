#ifndef KITH_IDENTITY_SVC_QUARANTINE_EVIDENT_READINGS_H_
#define KITH_IDENTITY_SVC_QUARANTINE_EVIDENT_READINGS_H_

#include <vector>

#include "absl/types/span.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {

// Returns the readings of a touch that are evidence of whose it is, in order:
// those that are neither refused nor quarantined. If all others are
// quarantined, the first of these, which leads to its holder alone. By a form
// only the first. `quarantined` says it of each reading, and is empty if none
// is. A pure function.
std::vector<Reading> EvidentReadings(absl::Span<const Reading> readings,
                                     const std::vector<bool>& quarantined,
                                     bool by_form);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_QUARANTINE_EVIDENT_READINGS_H_
