#ifndef KITH_GATEWAY_EDGE_CODECS_JSON_FIELDS_H_
#define KITH_GATEWAY_EDGE_CODECS_JSON_FIELDS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace kith::edge {

// Finds a field by its name in the proto or in JSON. Null if there is none.
const google::protobuf::FieldDescriptor* FindField(
    const google::protobuf::Descriptor& type, absl::string_view name);

// Returns INVALID_ARGUMENT with the fields if the JSON of a message of `type`
// does not have their forms. protobuf 3.21 does not see it, and data would be
// lost without an error:
//
// - A list where there is one value, or the reverse; a null in a list or a map;
//   anything but an object for a message or a map.
// - A field given twice, in lowerCamelCase and as in the proto.
// - The name of no value of an enum, which is 0 if unknown fields are ignored.
// - A field mask with anything but names, dots and commas.
//
// Values of google.protobuf's own types are left to protobuf otherwise, and so
// are fields that the type does not have. The text must have passed CheckJson.
absl::Status CheckForms(const google::protobuf::Descriptor& type,
                        absl::string_view json);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_JSON_FIELDS_H_
