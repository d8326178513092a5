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
// names values of enums that do not exist. protobuf 3.21 takes them for 0 if
// unknown fields are ignored, so that a typing error would go unnoticed. The
// text must have passed CheckJson.
absl::Status CheckEnums(const google::protobuf::Descriptor& type,
                        absl::string_view json);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_JSON_FIELDS_H_
