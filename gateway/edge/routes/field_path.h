#ifndef KITH_GATEWAY_EDGE_ROUTES_FIELD_PATH_H_
#define KITH_GATEWAY_EDGE_ROUTES_FIELD_PATH_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace kith::edge {

// The fields that lead from a message to a value in it: "customer.contact_id".
using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

// The names of the fields as in the proto, with dots between them.
std::string NameOf(const FieldPath& path);

// Returns INVALID_ARGUMENT with a google.rpc.BadRequest for the field.
absl::Status FieldError(absl::string_view field, absl::string_view problem);

// Reads a path, each field of it as FindField does. INVALID_ARGUMENT if there
// is no such field, if one on the way is no single message, or if the last one
// takes no text: a message other than a well-known type with a text form, or a
// map.
absl::StatusOr<FieldPath> ParseFieldPath(
    const google::protobuf::Descriptor& type, absl::string_view text);

// Sets the value at `path` from its text, which is as in JSON but without
// quotes; an enum by name or number, bytes in base64. Appends to a repeated
// field. INVALID_ARGUMENT, without the text, if it does not fit the type, if it
// is no UTF-8, or if another field of a oneof on the way is set.
absl::Status SetFromText(const FieldPath& path, absl::string_view text,
                         google::protobuf::Message& message);

// Returns INVALID_ARGUMENT if the message has another value at `path` than this
// text. A value that is not set, or is the default of a field without presence,
// is no other; nor is a text that does not fit.
absl::Status CheckNoOther(const FieldPath& path, absl::string_view text,
                          const google::protobuf::Message& message);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_ROUTES_FIELD_PATH_H_
