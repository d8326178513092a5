#ifndef KITH_GATEWAY_EDGE_OPENAPI_OPENAPI_H_
#define KITH_GATEWAY_EDGE_OPENAPI_OPENAPI_H_

#include <string>

#include "gateway/edge/openapi/comments.h"
#include "gateway/edge/routes/routes.h"

namespace kith::edge {

// Returns the OpenAPI 3.1 document of all REST routes as JSON: an operation for
// each, with its parameters, its body, its replies, the errors and the scope
// that the options of its method list, and the schemas of all messages.
// Comments of the protos become descriptions.
//
// The same arguments make the same bytes. Methods that a client streams to have
// no operation, as REST does not serve them. `has_sessions` adds the operations
// of Sessions, which no proto has.
std::string OpenApiDocument(const Routes& routes, const Comments& comments,
                            bool has_sessions);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_OPENAPI_OPENAPI_H_
