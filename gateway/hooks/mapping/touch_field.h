#ifndef KITH_GATEWAY_HOOKS_MAPPING_TOUCH_FIELD_H_
#define KITH_GATEWAY_HOOKS_MAPPING_TOUCH_FIELD_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// A field of a touch that a connector may set. Immutable.
class TouchField {
 public:
  // Finds a field by its path, such as "interaction.subject" or
  // "contact.attributes.color". INVALID_ARGUMENT if there is none, or if no
  // connector may set it: what the services set, what names a contact or a
  // thread, and what TouchMapping has a place of its own for.
  static absl::StatusOr<TouchField> Find(absl::string_view path);

  // Sets the field from a text that is not empty; adds to a repeated one.
  // INVALID_ARGUMENT with what the field wants if the text is no value of it.
  absl::Status Set(const std::string& text,
                   v1::RecordTouchRequest& touch) const;

 private:
  TouchField(std::vector<const google::protobuf::FieldDescriptor*> steps,
             std::string key)
      : steps_(std::move(steps)), key_(std::move(key)) {}

  // From the touch to the field.
  std::vector<const google::protobuf::FieldDescriptor*> steps_;
  // Of a map.
  std::string key_;
};

// Returns the value of an enum by its name without the prefix, such as "CALL".
// Null if there is none; the unspecified one is none.
const google::protobuf::EnumValueDescriptor* FindEnumValue(
    const google::protobuf::EnumDescriptor& type, absl::string_view name);

// Returns the names of an enum without the prefix: "CALL, EMAIL".
std::string EnumNames(const google::protobuf::EnumDescriptor& type);

// Returns the ids in a header such as References, each "<id>", the last one
// first, each once; the text itself if there is none in it.
std::vector<std::string> MessageIds(absl::string_view text);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_MAPPING_TOUCH_FIELD_H_
