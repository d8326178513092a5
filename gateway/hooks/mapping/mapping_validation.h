#ifndef KITH_GATEWAY_HOOKS_MAPPING_MAPPING_VALIDATION_H_
#define KITH_GATEWAY_HOOKS_MAPPING_MAPPING_VALIDATION_H_

#include <string>

#include "gateway/hooks/reading/expression_validation.h"
#include "kith/config/v1/connectors.pb.h"

namespace kith::gateway {

// Adds the faults of one touch of a connector with this assurance.
void CheckTouch(const std::string& place, const config::v1::TouchMapping& touch,
                config::v1::Assurance assurance, ConnectorFaults& faults);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_MAPPING_MAPPING_VALIDATION_H_
