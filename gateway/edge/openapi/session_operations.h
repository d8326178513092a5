#ifndef KITH_GATEWAY_EDGE_OPENAPI_SESSION_OPERATIONS_H_
#define KITH_GATEWAY_EDGE_OPENAPI_SESSION_OPERATIONS_H_

#include "gateway/edge/openapi/schemas.h"

namespace kith::edge {

// Returns the OpenAPI operations of Sessions::kPath, and the tag that they
// have.
Schemas::Json SessionOperations();
Schemas::Json SessionTag();

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_OPENAPI_SESSION_OPERATIONS_H_
