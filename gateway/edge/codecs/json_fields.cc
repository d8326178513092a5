#include "gateway/edge/codecs/json_fields.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/violations.h"

namespace kith::edge {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::json;

constexpr char kFieldMask[] = "google.protobuf.FieldMask";

// The path of a map's element. Keys that are no names may be data.
std::string ElementPath(const std::string& path, const std::string& key) {
  return api::IsName(key) ? absl::StrCat(path, "[", key, "]") : path;
}

// Compares the forms of values with the types of fields.
class FormChecker {
 public:
  void CheckMessage(const Descriptor& type, const json& value,
                    const std::string& path) {
    if (type.full_name() == kFieldMask) return CheckMask(value, path);
    // Those have a JSON of their own.
    if (absl::StartsWith(type.full_name(), "google.protobuf.")) return;
    if (!value.is_object()) return faults_.Add(path, "want an object");
    absl::flat_hash_set<const FieldDescriptor*> given;
    for (const auto& [name, inside] : value.items()) {
      const FieldDescriptor* const field = FindField(type, name);
      if (field == nullptr) continue;
      const std::string at =
          path.empty() ? name : absl::StrCat(path, ".", name);
      if (!given.insert(field).second) {
        faults_.Add(at, absl::StrCat("given twice, want ", field->json_name(),
                                     " or ", field->name()));
      }
      // A null stands for a field that is not set.
      if (!inside.is_null()) CheckField(*field, inside, at);
    }
  }

  absl::Status ToStatus() const { return faults_.ToStatus(); }

 private:
  void CheckField(const FieldDescriptor& field, const json& value,
                  const std::string& path) {
    if (field.is_map()) {
      if (!value.is_object()) return faults_.Add(path, "want an object");
      for (const auto& [key, inside] : value.items()) {
        CheckElement(*field.message_type()->map_value(), inside,
                     ElementPath(path, key));
      }
    } else if (field.is_repeated()) {
      if (!value.is_array()) return faults_.Add(path, "want a list");
      for (size_t i = 0; i < value.size(); ++i) {
        CheckElement(field, value[i], absl::StrCat(path, "[", i, "]"));
      }
    } else {
      CheckValue(field, value, path);
    }
  }

  // protobuf would leave a null out, and so change a list without an error.
  void CheckElement(const FieldDescriptor& field, const json& value,
                    const std::string& path) {
    const bool may_be_null =
        field.message_type() != nullptr &&
        field.message_type()->full_name() == "google.protobuf.Value";
    if (value.is_null() && !may_be_null) {
      return faults_.Add(path, "null, want a value, or leave it out");
    }
    CheckValue(field, value, path);
  }

  void CheckValue(const FieldDescriptor& field, const json& value,
                  const std::string& path) {
    if (field.message_type() != nullptr) {
      CheckMessage(*field.message_type(), value, path);
    } else if (value.is_structured()) {
      faults_.Add(path, "want one value");
    } else if (field.enum_type() != nullptr && value.is_string() &&
               field.enum_type()->FindValueByName(
                   value.get_ref<const std::string&>()) == nullptr) {
      faults_.Add(path, absl::StrCat("no value of ", field.enum_type()->name(),
                                     " has this name"));
    }
  }

  // protobuf 3.21 takes "a(b,c)" as well, with memory of the square of how many
  // brackets are open.
  void CheckMask(const json& value, const std::string& path) {
    const auto is_plain = [](char c) {
      return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == ',';
    };
    if (!value.is_string()) return;
    const auto& text = value.get_ref<const std::string&>();
    if (!std::all_of(text.begin(), text.end(), is_plain)) {
      faults_.Add(path, "want names of fields, separated by commas");
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

absl::Status CheckForms(const Descriptor& type, absl::string_view text) {
  const json value = json::parse(text.begin(), text.end(), nullptr,
                                 /*allow_exceptions=*/false);
  if (!value.is_object() &&
      !absl::StartsWith(type.full_name(), "google.protobuf.")) {
    return absl::InvalidArgumentError("the body is no JSON object");
  }
  FormChecker checker;
  checker.CheckMessage(type, value, "");
  return checker.ToStatus();
}

}  // namespace kith::edge
