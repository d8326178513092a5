#ifndef KITH_IDENTITY_SVC_VALUES_VALUE_VALIDATION_H_
#define KITH_IDENTITY_SVC_VALUES_VALUE_VALIDATION_H_

#include <string>

#include "common/api/violations.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Adds the faults of a value to look for, in this field of a request: what it
// is may be left open.
void CheckReadValue(api::Violations& violations, const std::string& field,
                    const v1::ChannelValue& value);

// Adds the faults of a value to write, which has a channel, and a namespace if
// the channel needs one.
void CheckWriteValue(api::Violations& violations, const std::string& field,
                     const v1::ChannelValue& value);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_VALUE_VALIDATION_H_
