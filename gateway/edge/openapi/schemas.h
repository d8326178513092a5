#ifndef KITH_GATEWAY_EDGE_OPENAPI_SCHEMAS_H_
#define KITH_GATEWAY_EDGE_OPENAPI_SCHEMAS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/openapi/comments.h"
#include "gateway/edge/routes/field_path.h"
#include "google/protobuf/descriptor.h"

namespace kith::edge {

// JSON Schemas (2020-12) of messages as proto3's JSON has them
// (protobuf.dev/programming-guides/json), in the form that a reply has: int64
// are strings, enums are names. A request may have other forms as well.
//
// Keeps the schemas of the messages and enums that are referred to. Not
// thread-safe.
class Schemas {
 public:
  using Json = nlohmann::ordered_json;

  // The comments, which become descriptions, must outlive the object.
  explicit Schemas(const Comments& comments) : comments_(comments) {}

  // Of a field with its comment; a list or a map if it is one. Read-only if the
  // comment says "Output only."
  Json OfField(const google::protobuf::FieldDescriptor& field);

  // Of a message: a reference, or the schema of a well-known type.
  Json OfMessage(const google::protobuf::Descriptor& type);

  // Of the rest of a message whose fields at `bound` are given elsewhere: it
  // has neither these fields nor others of their oneofs. A message in it of
  // which nothing is left is left out.
  Json OfRest(const google::protobuf::Descriptor& type,
              const std::vector<FieldPath>& bound);

  // All schemas that references lead to, by full name.
  const Json& components() const { return components_; }

 private:
  Json OfEnum(const google::protobuf::EnumDescriptor& type);
  // Of one value of a field, be it repeated or not.
  Json OfValue(const google::protobuf::FieldDescriptor& field);
  Json OfObject(const google::protobuf::Descriptor& type,
                const std::vector<FieldPath>& bound);
  Json OfOneof(const google::protobuf::OneofDescriptor& oneof);
  // A reference to the component with this name. `make` makes it if there is
  // none yet.
  template <typename Make>
  Json Reference(const std::string& name, Make make);

  const Comments& comments_;
  Json components_ = Json::object();
};

// Adds a description, if it is not empty. A JSON Schema or an object of OpenAPI
// alike.
void Describe(absl::string_view text, Schemas::Json& what);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_OPENAPI_SCHEMAS_H_
