#include "gateway/edge/openapi/schemas.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace kith::edge {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;
using Json = Schemas::Json;

// How the comment of a field says that only replies have it.
constexpr char kOutputOnly[] = "Output only.";

Json Integer(const char* format) {
  return {{"type", "integer"}, {"format", format}};
}

// Of an integer that JSON has as text.
Json LongInteger(const char* format) {
  return {{"type", "string"}, {"format", format}};
}

Json Floating(const char* format) {
  return {{"oneOf",
           {{{"type", "number"}, {"format", format}},
            {{"enum", {"NaN", "Infinity", "-Infinity"}}}}}};
}

Json Bytes() { return {{"type", "string"}, {"contentEncoding", "base64"}}; }

Json OfScalar(FieldDescriptor::CppType type) {
  switch (type) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Integer("int32");
    case FieldDescriptor::CPPTYPE_UINT32:
      return Integer("uint32");
    case FieldDescriptor::CPPTYPE_INT64:
      return LongInteger("int64");
    case FieldDescriptor::CPPTYPE_UINT64:
      return LongInteger("uint64");
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Floating("float");
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Floating("double");
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    default:
      return {{"type", "string"}};
  }
}

// The types whose JSON is not that of a message, by full name.
const absl::flat_hash_map<std::string, Json>& WellKnown() {
  static const auto* const schemas = new absl::flat_hash_map<std::string, Json>{
      {"google.protobuf.Timestamp",
       {{"type", "string"}, {"format", "date-time"}}},
      {"google.protobuf.Duration",
       {{"type", "string"}, {"pattern", R"(^-?[0-9]+(\.[0-9]{1,9})?s$)"}}},
      // Paths with commas between them: "displayName,stage".
      {"google.protobuf.FieldMask",
       {{"type", "string"}, {"format", "field-mask"}}},
      {"google.protobuf.Any",
       {{"type", "object"},
        {"properties", {{"@type", {{"type", "string"}}}}},
        {"required", Json::array({"@type"})},
        {"additionalProperties", true}}},
      {"google.protobuf.Struct",
       {{"type", "object"}, {"additionalProperties", true}}},
      {"google.protobuf.Value", Json::object()},
      {"google.protobuf.ListValue",
       {{"type", "array"}, {"items", Json::object()}}},
      {"google.protobuf.DoubleValue", Floating("double")},
      {"google.protobuf.FloatValue", Floating("float")},
      {"google.protobuf.Int64Value", LongInteger("int64")},
      {"google.protobuf.UInt64Value", LongInteger("uint64")},
      {"google.protobuf.Int32Value", Integer("int32")},
      {"google.protobuf.UInt32Value", Integer("uint32")},
      {"google.protobuf.BoolValue", {{"type", "boolean"}}},
      {"google.protobuf.StringValue", {{"type", "string"}}},
      {"google.protobuf.BytesValue", Bytes()}};
  return *schemas;
}

// What of the paths that begin with `field` comes behind it; an empty path if
// one ends there.
std::vector<FieldPath> Behind(const FieldDescriptor& field,
                              const std::vector<FieldPath>& bound) {
  std::vector<FieldPath> rests;
  for (const FieldPath& path : bound) {
    if (path.front() == &field)
      rests.emplace_back(path.begin() + 1, path.end());
  }
  return rests;
}

// Whether a field is given elsewhere, or cannot be given beside one that is.
bool IsTaken(const FieldDescriptor& field,
             const std::vector<FieldPath>& bound) {
  const OneofDescriptor* const oneof = field.real_containing_oneof();
  return std::any_of(bound.begin(), bound.end(), [&](const FieldPath& path) {
    if (path.front() == &field) return path.size() == 1;
    return oneof != nullptr && path.front()->containing_oneof() == oneof;
  });
}

}  // namespace

void Describe(absl::string_view text, Json& what) {
  if (!text.empty()) what["description"] = std::string(text);
}

Json Schemas::OfField(const FieldDescriptor& field) {
  Json schema;
  if (field.is_map()) {
    schema = {
        {"type", "object"},
        {"additionalProperties", OfValue(*field.message_type()->map_value())}};
  } else if (field.is_repeated()) {
    schema = {{"type", "array"}, {"items", OfValue(field)}};
  } else {
    schema = OfValue(field);
  }
  const std::string comment = comments_.Of(field);
  // So that no viewer offers it for a request.
  if (absl::StrContains(comment, kOutputOnly)) schema["readOnly"] = true;
  Describe(comment, schema);
  return schema;
}

Json Schemas::OfValue(const FieldDescriptor& field) {
  if (field.message_type() != nullptr) return OfMessage(*field.message_type());
  if (field.enum_type() != nullptr) return OfEnum(*field.enum_type());
  if (field.type() == FieldDescriptor::TYPE_BYTES) return Bytes();
  return OfScalar(field.cpp_type());
}

template <typename Make>
Json Schemas::Reference(const std::string& name, Make make) {
  if (!components_.contains(name)) {
    // First, for a message that has itself in it.
    components_[name] = Json::object();
    Json made = make();
    components_[name] = std::move(made);
  }
  return {{"$ref", absl::StrCat("#/components/schemas/", name)}};
}

Json Schemas::OfMessage(const Descriptor& type) {
  const auto known = WellKnown().find(type.full_name());
  if (known != WellKnown().end()) return known->second;
  return Reference(type.full_name(), [&] { return OfObject(type, {}); });
}

Json Schemas::OfEnum(const EnumDescriptor& type) {
  if (type.full_name() == "google.protobuf.NullValue") {
    return {{"type", "null"}};
  }
  return Reference(type.full_name(), [&] {
    Json schema = {{"type", "string"}, {"enum", Json::array()}};
    std::string text = comments_.Of(type);
    for (int i = 0; i < type.value_count(); ++i) {
      const EnumValueDescriptor& value = *type.value(i);
      schema["enum"].push_back(value.name());
      const std::string comment = comments_.Of(value);
      if (comment.empty()) continue;
      absl::StrAppend(&text, i == 0 ? "\n\n" : "\n", "- `", value.name(),
                      "`: ", FirstSentence(comment), ".");
    }
    Describe(text, schema);
    // The first says that nothing was said.
    if (type.value_count() > 1) {
      schema["examples"] = Json::array({type.value(1)->name()});
    }
    return schema;
  });
}

Json Schemas::OfRest(const Descriptor& type,
                     const std::vector<FieldPath>& bound) {
  return bound.empty() ? OfMessage(type) : OfObject(type, bound);
}

Json Schemas::OfObject(const Descriptor& type,
                       const std::vector<FieldPath>& bound) {
  Json schema = {{"type", "object"}};
  Describe(comments_.Of(type), schema);
  Json properties = Json::object();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (IsTaken(field, bound)) continue;
    const auto rests = Behind(field, bound);
    if (!rests.empty()) {
      Json rest = OfObject(*field.message_type(), rests);
      if (rest.contains("properties") || rest.contains("allOf")) {
        properties[field.json_name()] = std::move(rest);
      }
    } else if (field.real_containing_oneof() == nullptr) {
      properties[field.json_name()] = OfField(field);
    }
  }
  if (!properties.empty()) schema["properties"] = std::move(properties);
  for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
    const OneofDescriptor& oneof = *type.oneof_decl(i);
    const bool is_bound =
        std::any_of(bound.begin(), bound.end(), [&](const FieldPath& path) {
          return path.front()->containing_oneof() == &oneof;
        });
    if (!is_bound) schema["allOf"].push_back(OfOneof(oneof));
  }
  return schema;
}

// One of the fields, or none of them.
Json Schemas::OfOneof(const OneofDescriptor& oneof) {
  Json choices = Json::array();
  Json any = Json::array();
  for (int i = 0; i < oneof.field_count(); ++i) {
    const FieldDescriptor& field = *oneof.field(i);
    const std::string& name = field.json_name();
    choices.push_back({{"title", name},
                       {"type", "object"},
                       {"properties", {{name, OfField(field)}}},
                       {"required", Json::array({name})}});
    any.push_back({{"required", Json::array({name})}});
  }
  choices.push_back({{"title", "none"}, {"not", {{"anyOf", std::move(any)}}}});
  Json schema = {{"oneOf", std::move(choices)}};
  Describe(comments_.Of(oneof), schema);
  return schema;
}

}  // namespace kith::edge
