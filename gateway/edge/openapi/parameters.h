#ifndef KITH_GATEWAY_EDGE_OPENAPI_PARAMETERS_H_
#define KITH_GATEWAY_EDGE_OPENAPI_PARAMETERS_H_

#include <string>
#include <vector>

#include "gateway/edge/openapi/comments.h"
#include "gateway/edge/openapi/schemas.h"
#include "gateway/edge/routes/field_path.h"
#include "gateway/edge/routes/path_template.h"
#include "gateway/edge/routes/routes.h"

namespace kith::edge {

// The path of a route in the words of OpenAPI, where a parameter is one
// segment and has no pattern.
struct OpenApiPath {
  // A "*" or "**" of the template.
  struct Parameter {
    // The field, or for one of several that make up a field, "name.2": the
    // second segment of the path. "segment.2" if it is of no field.
    std::string name;
    // Empty if it is of none.
    FieldPath field;
    bool is_part = false;
    // It may have a "/" in it.
    bool is_rest = false;
  };

  // "/v1/customers/{customer.contact_id}:merge".
  std::string text;
  // The same without the names: "/v1/customers/{}:merge". OpenAPI allows one
  // path for each.
  std::string shape;
  std::vector<Parameter> parameters;

  // Takes the names of the parameters from `names` instead, in their order.
  void Rename(const std::vector<std::string>& names);

  // The path of a route, whose pattern is valid.
  static OpenApiPath Of(const RestRoute& route);
};

// Returns the fields of the request that the path binds.
std::vector<FieldPath> BoundFields(const OpenApiPath& path);

// Returns the OpenAPI parameters of a route: those of its path, then those of
// its query: each field that RestMessages takes from there, by its short name
// if the method has one for it.
Schemas::Json ParametersOf(const RestRoute& route, const OpenApiPath& path,
                           const Comments& comments, Schemas& schemas);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_OPENAPI_PARAMETERS_H_
