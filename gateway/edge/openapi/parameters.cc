#include "gateway/edge/openapi/parameters.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "kith/common/v1/common.pb.h"

namespace kith::edge {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Json = Schemas::Json;
using Segment = PathTemplate::Segment;

bool IsLiteral(const Segment& segment) {
  return segment.kind == Segment::Kind::kLiteral;
}

// The variable that binds a segment; null if none does.
const PathTemplate::Variable* VariableOf(const PathTemplate& path,
                                         size_t segment) {
  for (const PathTemplate::Variable& variable : path.variables) {
    if (variable.begin <= segment && segment < variable.end) return &variable;
  }
  return nullptr;
}

// How many parameters make up a variable.
int PartsOf(const PathTemplate& path, const PathTemplate::Variable& variable) {
  const auto first = path.segments.begin();
  return static_cast<int>(
      std::count_if(first + variable.begin, first + variable.end,
                    [](const Segment& each) { return !IsLiteral(each); }));
}

// The parameters that a template has, in the order of the path.
std::vector<OpenApiPath::Parameter> PathParameters(const PathTemplate& path,
                                                   const Descriptor& input) {
  std::vector<OpenApiPath::Parameter> parameters;
  for (size_t i = 0; i < path.segments.size(); ++i) {
    if (IsLiteral(path.segments[i])) continue;
    OpenApiPath::Parameter parameter;
    parameter.name = absl::StrCat("segment.", i + 1);
    parameter.is_rest = path.segments[i].kind == Segment::Kind::kRest;
    if (const auto* const variable = VariableOf(path, i)) {
      // Routes are checked when they are made.
      parameter.field = ParseFieldPath(input, variable->field).value();
      parameter.is_part = PartsOf(path, *variable) > 1;
      parameter.name = parameter.is_part
                           ? absl::StrCat(variable->field, ".", i + 1)
                           : variable->field;
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::string JsonNameOf(const FieldPath& path) {
  return absl::StrJoin(path, ".", [](std::string* out, const auto* field) {
    absl::StrAppend(out, field->json_name());
  });
}

// Finds the parameters of a query.
class QueryFields {
 public:
  QueryFields(const RestRoute& route, const std::vector<FieldPath>& bound)
      : route_(route), bound_(bound) {
    Add(*route.method->input_type(), {});
  }

  const std::vector<FieldPath>& found() const { return found_; }

 private:
  void Add(const Descriptor& type, const FieldPath& above) {
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* const field = type.field(i);
      FieldPath path = above;
      path.push_back(field);
      if (path.front() == route_.body || IsBound(path)) continue;
      if (ParseFieldPath(*route_.method->input_type(), NameOf(path)).ok()) {
        found_.push_back(std::move(path));
      } else if (!field->is_repeated() && !IsOnPath(*field, above)) {
        Add(*field->message_type(), path);
      }
    }
  }

  // Whether a field is in the path of the route, or another one of its oneof.
  bool IsBound(const FieldPath& path) const {
    return std::any_of(
        bound_.begin(), bound_.end(), [&](const FieldPath& bound) {
          if (bound == path) return true;
          if (bound.size() < path.size() ||
              !std::equal(path.begin(), path.end() - 1, bound.begin())) {
            return false;
          }
          const auto* const oneof = path.back()->real_containing_oneof();
          const FieldDescriptor* const other = bound[path.size() - 1];
          return oneof != nullptr && other != path.back() &&
                 other->containing_oneof() == oneof;
        });
  }

  // A message may have itself in it.
  static bool IsOnPath(const FieldDescriptor& field, const FieldPath& above) {
    return std::any_of(above.begin(), above.end(), [&](const auto* each) {
      return each->message_type() == field.message_type();
    });
  }

  const RestRoute& route_;
  const std::vector<FieldPath>& bound_;
  std::vector<FieldPath> found_;
};

Json PathParameter(const OpenApiPath::Parameter& parameter,
                   const Comments& comments, Schemas& schemas) {
  Json result = {{"name", parameter.name}, {"in", "path"}, {"required", true}};
  std::string text;
  Json schema = {{"type", "string"}};
  if (!parameter.field.empty()) {
    text = comments.Of(*parameter.field.back());
    if (!parameter.is_part) schema = schemas.OfField(*parameter.field.back());
    schema.erase("description");
  }
  if (parameter.is_part) {
    absl::StrAppend(&text, "\n\nOne segment of `", NameOf(parameter.field),
                    "`.");
  }
  if (parameter.is_rest) absl::StrAppend(&text, "\n\nMay contain `/`.");
  Describe(text, result);
  result["schema"] = std::move(schema);
  return result;
}

// The fields of a query under their names there: short names in the order of
// the proto, then paths in JSON.
std::vector<std::pair<std::string, FieldPath>> NamedFields(
    const RestRoute& route, const std::vector<FieldPath>& bound) {
  const QueryFields fields(route, bound);
  std::vector<FieldPath> unnamed = fields.found();
  std::vector<std::pair<std::string, FieldPath>> named;
  const auto& options = route.method->options();
  for (int i = 0; i < options.ExtensionSize(common::v1::query_parameters);
       ++i) {
    const auto& parameter =
        options.GetExtension(common::v1::query_parameters, i);
    const auto field = std::find_if(unnamed.begin(), unnamed.end(),
                                    [&](const FieldPath& path) {
                                      return NameOf(path) == parameter.field();
                                    });
    if (field == unnamed.end()) continue;
    named.emplace_back(parameter.name(), std::move(*field));
    unnamed.erase(field);
  }
  for (FieldPath& path : unnamed) {
    std::string name = JsonNameOf(path);
    named.emplace_back(std::move(name), std::move(path));
  }
  return named;
}

Json QueryParameter(const std::string& name, const FieldPath& path,
                    const Comments& comments, Schemas& schemas) {
  Json result = {{"name", name}, {"in", "query"}};
  std::string text = comments.Of(*path.back());
  if (name != JsonNameOf(path)) {
    absl::StrAppend(&text, "\n\nShort for `", JsonNameOf(path), "`.");
  }
  Describe(text, result);
  result["schema"] = schemas.OfField(*path.back());
  result["schema"].erase("description");
  return result;
}

}  // namespace

OpenApiPath OpenApiPath::Of(const RestRoute& route) {
  // Routes are checked when they are made.
  const PathTemplate path = PathTemplate::Parse(route.pattern).value();
  OpenApiPath result;
  result.parameters = PathParameters(path, *route.method->input_type());
  for (const Segment& segment : path.segments) {
    absl::StrAppend(&result.shape, "/",
                    IsLiteral(segment) ? segment.text : "{}");
  }
  if (!path.verb.empty()) absl::StrAppend(&result.shape, ":", path.verb);
  std::vector<std::string> names;
  for (const Parameter& parameter : result.parameters) {
    names.push_back(parameter.name);
  }
  result.Rename(names);
  return result;
}

void OpenApiPath::Rename(const std::vector<std::string>& names) {
  text.clear();
  absl::string_view rest = shape;
  for (size_t i = 0; i < parameters.size(); ++i) {
    parameters[i].name = names[i];
    const size_t at = rest.find("{}");
    absl::StrAppend(&text, rest.substr(0, at), "{", names[i], "}");
    rest.remove_prefix(at + 2);
  }
  absl::StrAppend(&text, rest);
}

std::vector<FieldPath> BoundFields(const OpenApiPath& path) {
  std::vector<FieldPath> fields;
  for (const OpenApiPath::Parameter& parameter : path.parameters) {
    if (!parameter.field.empty()) fields.push_back(parameter.field);
  }
  return fields;
}

Json ParametersOf(const RestRoute& route, const OpenApiPath& path,
                  const Comments& comments, Schemas& schemas) {
  Json parameters = Json::array();
  for (const OpenApiPath::Parameter& parameter : path.parameters) {
    parameters.push_back(PathParameter(parameter, comments, schemas));
  }
  if (route.body_is_request) return parameters;
  const std::vector<FieldPath> bound = BoundFields(path);
  for (const auto& [name, field] : NamedFields(route, bound)) {
    parameters.push_back(QueryParameter(name, field, comments, schemas));
  }
  return parameters;
}

}  // namespace kith::edge
