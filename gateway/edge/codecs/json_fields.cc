#include "gateway/edge/codecs/json_fields.h"

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/violations.h"

namespace kith::edge {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::json;

// Looks at values of enums wherever they are in a message.
class EnumChecker {
 public:
  void CheckMessage(const Descriptor& type, const json& value,
                    const std::string& path) {
    // Those have a JSON of their own, without enums.
    if (!value.is_object() ||
        absl::StartsWith(type.full_name(), "google.protobuf.")) {
      return;
    }
    for (const auto& [name, inside] : value.items()) {
      const FieldDescriptor* const field = FindField(type, name);
      if (field == nullptr) continue;
      CheckField(*field, inside,
                 path.empty() ? name : absl::StrCat(path, ".", name));
    }
  }

  absl::Status ToStatus() const { return faults_.ToStatus(); }

 private:
  void CheckField(const FieldDescriptor& field, const json& value,
                  const std::string& path) {
    if (field.is_map()) {
      if (!value.is_object()) return;
      for (const auto& [key, inside] : value.items()) {
        CheckValue(*field.message_type()->map_value(), inside, path);
      }
    } else if (field.is_repeated()) {
      for (size_t i = 0; value.is_array() && i < value.size(); ++i) {
        CheckValue(field, value[i], absl::StrCat(path, "[", i, "]"));
      }
    } else {
      CheckValue(field, value, path);
    }
  }

  void CheckValue(const FieldDescriptor& field, const json& value,
                  const std::string& path) {
    if (field.message_type() != nullptr) {
      CheckMessage(*field.message_type(), value, path);
    } else if (field.enum_type() != nullptr && value.is_string() &&
               field.enum_type()->FindValueByName(
                   value.get_ref<const std::string&>()) == nullptr) {
      faults_.Add(path, absl::StrCat("no value of ", field.enum_type()->name(),
                                     " has this name"));
    }
  }

  api::Violations faults_;
};

}  // namespace

const FieldDescriptor* FindField(const Descriptor& type,
                                 absl::string_view name) {
  const std::string text(name);
  if (const auto* field = type.FindFieldByName(text)) return field;
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->json_name() == text) return type.field(i);
  }
  return nullptr;
}

absl::Status CheckEnums(const Descriptor& type, absl::string_view text) {
  EnumChecker checker;
  checker.CheckMessage(type,
                       json::parse(text.begin(), text.end(), nullptr,
                                   /*allow_exceptions=*/false),
                       "");
  return checker.ToStatus();
}

}  // namespace kith::edge
