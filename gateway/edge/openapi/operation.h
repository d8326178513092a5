#ifndef KITH_GATEWAY_EDGE_OPENAPI_OPERATION_H_
#define KITH_GATEWAY_EDGE_OPENAPI_OPERATION_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "gateway/edge/openapi/comments.h"
#include "gateway/edge/openapi/parameters.h"
#include "gateway/edge/openapi/schemas.h"
#include "gateway/edge/routes/routes.h"

namespace kith::edge {

// The name of the security scheme that the operations refer to.
inline constexpr char kSecurityScheme[] = "key";

// Returns the reply of an operation that is an error; all have the same body.
Schemas::Json ErrorReply(const std::string& description);

// Makes the OpenAPI operations of routes. Not thread-safe.
class Operations {
 public:
  // The references must outlive the object.
  Operations(const Comments& comments, Schemas& schemas)
      : comments_(comments), schemas_(schemas) {}

  // Returns the operation of a route. `path` is that of its route, under the
  // names that the document has for its parameters. The further routes of a
  // method get a number behind their operationId.
  Schemas::Json Make(const RestRoute& route, const OpenApiPath& path);

  // Returns the schemas that the operations refer to.
  Schemas::Json Components() const;

 private:
  Schemas::Json RequestBody(const RestRoute& route, const OpenApiPath& path);
  Schemas::Json Responses(const RestRoute& route);
  // The reply to a call that has succeeded.
  Schemas::Json Success(const RestRoute& route);

  const Comments& comments_;
  Schemas& schemas_;
  // How many routes of a method there were.
  absl::flat_hash_map<std::string, int> counts_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_OPENAPI_OPERATION_H_
