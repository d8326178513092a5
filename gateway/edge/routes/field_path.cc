#include "gateway/edge/routes/field_path.h"

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/api/violations.h"
#include "gateway/edge/codecs/json_fields.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"

namespace kith::edge {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Messages that are a text, a number or a bool in JSON.
bool HasTextForm(const Descriptor& type) {
  static const auto& types = *new absl::flat_hash_set<std::string>{
      "google.protobuf.BoolValue",   "google.protobuf.BytesValue",
      "google.protobuf.DoubleValue", "google.protobuf.Duration",
      "google.protobuf.FieldMask",   "google.protobuf.FloatValue",
      "google.protobuf.Int32Value",  "google.protobuf.Int64Value",
      "google.protobuf.StringValue", "google.protobuf.Timestamp",
      "google.protobuf.UInt32Value", "google.protobuf.UInt64Value"};
  return types.contains(type.full_name());
}

// How one value of a field is written: set, or added if it is repeated.
class FieldWriter {
 public:
  FieldWriter(Message& message, const FieldDescriptor& field)
      : message_(message),
        reflection_(*message.GetReflection()),
        field_(field) {}

  // False if the text does not fit.
  bool Write(absl::string_view text) {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return WriteNumber<int32_t>(text, &Reflection::SetInt32,
                                    &Reflection::AddInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return WriteNumber<int64_t>(text, &Reflection::SetInt64,
                                    &Reflection::AddInt64);
      case FieldDescriptor::CPPTYPE_UINT32:
        return WriteNumber<uint32_t>(text, &Reflection::SetUInt32,
                                     &Reflection::AddUInt32);
      case FieldDescriptor::CPPTYPE_UINT64:
        return WriteNumber<uint64_t>(text, &Reflection::SetUInt64,
                                     &Reflection::AddUInt64);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return WriteNumber<double>(text, &Reflection::SetDouble,
                                   &Reflection::AddDouble);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return WriteNumber<float>(text, &Reflection::SetFloat,
                                  &Reflection::AddFloat);
      case FieldDescriptor::CPPTYPE_BOOL:
        return (text == "true" || text == "false") &&
               Put(&Reflection::SetBool, &Reflection::AddBool, text == "true");
      case FieldDescriptor::CPPTYPE_ENUM:
        return WriteEnum(text);
      case FieldDescriptor::CPPTYPE_STRING:
        return WriteString(text);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return WriteMessage(text);
    }
    return false;
  }

 private:
  template <typename Set, typename Add, typename Value>
  bool Put(Set set, Add add, Value value) {
    if (field_.is_repeated()) {
      (reflection_.*add)(&message_, &field_, std::move(value));
    } else {
      (reflection_.*set)(&message_, &field_, std::move(value));
    }
    return true;
  }

  template <typename Number, typename Set, typename Add>
  bool WriteNumber(absl::string_view text, Set set, Add add) {
    Number number = {};
    bool fits = false;
    if constexpr (std::is_same_v<Number, double>) {
      fits = absl::SimpleAtod(text, &number);
    } else if constexpr (std::is_same_v<Number, float>) {
      fits = absl::SimpleAtof(text, &number);
    } else {
      fits = absl::SimpleAtoi(text, &number);
    }
    return fits && Put(set, add, number);
  }

  bool WriteEnum(absl::string_view text) {
    const auto& type = *field_.enum_type();
    int number = 0;
    const EnumValueDescriptor* const value =
        absl::SimpleAtoi(text, &number)
            ? type.FindValueByNumber(number)
            : type.FindValueByName(std::string(text));
    return value != nullptr &&
           Put(&Reflection::SetEnum, &Reflection::AddEnum, value);
  }

  bool WriteString(absl::string_view text) {
    std::string value(text);
    const bool fits = field_.type() == FieldDescriptor::TYPE_BYTES
                          ? absl::Base64Unescape(text, &value) ||
                                absl::WebSafeBase64Unescape(text, &value)
                          : google::protobuf::internal::IsStructurallyValidUTF8(
                                text.data(), static_cast<int>(text.size()));
    if (!fits) return false;
    return Put(&Reflection::SetString, &Reflection::AddString,
               std::move(value));
  }

  bool WriteMessage(absl::string_view text) {
    Message& value = *(field_.is_repeated()
                           ? reflection_.AddMessage(&message_, &field_)
                           : reflection_.MutableMessage(&message_, &field_));
    // Neither a quote nor a backslash is in any text that fits.
    if (text.find_first_of(R"("\)") != absl::string_view::npos) return false;
    const std::string quoted = absl::StrCat("\"", text, "\"");
    return CheckForms(*value.GetDescriptor(), quoted).ok() &&
           google::protobuf::util::JsonStringToMessage(quoted, &value).ok();
  }

  Message& message_;
  const Reflection& reflection_;
  const FieldDescriptor& field_;
};

// A fault if another field than `field` of its oneof is set.
absl::Status CheckOneof(const Message& message, const FieldDescriptor& field,
                        const FieldPath& path) {
  const auto* const oneof = field.real_containing_oneof();
  if (oneof == nullptr) return absl::OkStatus();
  const FieldDescriptor* const set =
      message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
  if (set == nullptr || set == &field) return absl::OkStatus();
  return FieldError(NameOf(path), absl::StrCat("excludes ", set->name(),
                                               ", which is set as well"));
}

// The value at a path as a text; nullopt if it is not set.
std::optional<std::string> ValueAt(const FieldPath& path,
                                   const Message& message) {
  const Message* inside = &message;
  for (const FieldDescriptor* const field : path) {
    const Reflection& reflection = *inside->GetReflection();
    if (!reflection.HasField(*inside, field)) return std::nullopt;
    if (field == path.back()) break;
    inside = &reflection.GetMessage(*inside, field);
  }
  std::string text;
  google::protobuf::TextFormat::PrintFieldValueToString(*inside, path.back(),
                                                        -1, &text);
  return text;
}

}  // namespace

std::string NameOf(const FieldPath& path) {
  return absl::StrJoin(path, ".",
                       [](std::string* out, const FieldDescriptor* field) {
                         out->append(field->name());
                       });
}

absl::Status FieldError(absl::string_view field, absl::string_view problem) {
  api::Violations violations;
  violations.Add(field, problem);
  return violations.ToStatus();
}

absl::StatusOr<FieldPath> ParseFieldPath(const Descriptor& type,
                                         absl::string_view text) {
  FieldPath path;
  const Descriptor* inside = &type;
  for (const absl::string_view name : absl::StrSplit(text, '.')) {
    const FieldDescriptor* const field =
        inside == nullptr ? nullptr : FindField(*inside, name);
    if (field == nullptr) {
      return FieldError(text, absl::StrCat("no such field of ", type.name()));
    }
    path.push_back(field);
    inside = field->is_repeated() ? nullptr : field->message_type();
  }
  const FieldDescriptor& last = *path.back();
  if (last.is_map() ||
      (last.message_type() != nullptr && !HasTextForm(*last.message_type()))) {
    return FieldError(text, "a message; name a field of it");
  }
  return path;
}

absl::Status CheckNoOther(const FieldPath& path, absl::string_view text,
                          const Message& message) {
  const std::unique_ptr<Message> wanted(message.New());
  if (!SetFromText(path, text, *wanted).ok()) return absl::OkStatus();
  const auto given = ValueAt(path, message);
  if (!given.has_value() || given == ValueAt(path, *wanted)) {
    return absl::OkStatus();
  }
  return FieldError(NameOf(path),
                    "the body has another value than the path, want the same, "
                    "or leave it out of the body");
}

absl::Status SetFromText(const FieldPath& path, absl::string_view text,
                         Message& message) {
  Message* inside = &message;
  for (const FieldDescriptor* const field : path) {
    absl::Status status = CheckOneof(*inside, *field, path);
    if (!status.ok()) return status;
    if (field == path.back()) break;
    inside = inside->GetReflection()->MutableMessage(inside, field);
  }
  if (FieldWriter(*inside, *path.back()).Write(text)) return absl::OkStatus();
  return FieldError(NameOf(path),
                    "the text does not fit the type of the field");
}

}  // namespace kith::edge
