#include "gateway/hooks/mapping/touch_field.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"

namespace kith::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kInReplyTo[] = "kith.interactions.v1.Interaction.in_reply_to";

// As many ids of messages as an interaction may have.
constexpr int kMostReplyIds = 50;

// All that a connector may set. What is new in a message is not, before
// somebody has thought about it.
constexpr absl::string_view kSettable[] = {"contact.attributes",
                                           "contact.attribution.affiliate",
                                           "contact.attribution.landing_page",
                                           "contact.attribution.referrer",
                                           "contact.attribution.touch_time",
                                           "contact.attribution.utm_campaign",
                                           "contact.attribution.utm_medium",
                                           "contact.attribution.utm_source",
                                           "contact.display_name",
                                           "contact.family_name",
                                           "contact.given_name",
                                           "contact.kind",
                                           "contact.labels",
                                           "contact.owner",
                                           "contact.stage",
                                           "interaction.agent",
                                           "interaction.attributes",
                                           "interaction.automated",
                                           "interaction.body",
                                           "interaction.closing",
                                           "interaction.conversation_id",
                                           "interaction.direction",
                                           "interaction.in_reply_to",
                                           "interaction.kind",
                                           "interaction.message_id",
                                           "interaction.occurred_time",
                                           "interaction.opens",
                                           "interaction.order_id",
                                           "interaction.outcome",
                                           "interaction.purpose",
                                           "interaction.subject",
                                           "interaction.topic"};

// The text itself is what somebody has sent: it is in no message.
absl::Status NoValueError(const FieldDescriptor& field,
                          absl::string_view want) {
  return absl::InvalidArgumentError(
      absl::StrCat(field.name(), ": want ", want));
}

// The prefix of all values, as buf has it: KIND_ of KIND_UNSPECIFIED.
absl::string_view PrefixOf(const EnumDescriptor& type) {
  return absl::StripSuffix(type.value(0)->name(), "UNSPECIFIED");
}

absl::Status SetEnum(const FieldDescriptor& field, const std::string& text,
                     Message& message) {
  const EnumValueDescriptor* const value =
      FindEnumValue(*field.enum_type(), text);
  if (value == nullptr) {
    return NoValueError(field,
                        absl::StrCat("one of ", EnumNames(*field.enum_type())));
  }
  message.GetReflection()->SetEnum(&message, &field, value);
  return absl::OkStatus();
}

absl::Status SetBool(const FieldDescriptor& field, const std::string& text,
                     Message& message) {
  if (text != "true" && text != "false") {
    return NoValueError(field, "true or false");
  }
  message.GetReflection()->SetBool(&message, &field, text == "true");
  return absl::OkStatus();
}

absl::Status SetTime(const FieldDescriptor& field, const std::string& text,
                     Message& message) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error) ||
      !base::IsValid(base::ToProto(time))) {
    return NoValueError(field, "a time in RFC 3339");
  }
  message.GetReflection()
      ->MutableMessage(&message, &field)
      ->CopyFrom(base::ToProto(time));
  return absl::OkStatus();
}

void AddReplyIds(const std::string& text, v1::RecordTouchRequest& touch) {
  auto& ids = *touch.mutable_interaction()->mutable_in_reply_to();
  for (std::string& id : MessageIds(text)) {
    if (ids.size() < kMostReplyIds && !absl::c_linear_search(ids, id)) {
      *ids.Add() = std::move(id);
    }
  }
}

void SetAttribute(const FieldDescriptor& field, const std::string& key,
                  const std::string& text, v1::RecordTouchRequest& touch) {
  auto& attributes =
      field.containing_type() == contacts::v1::Contact::descriptor()
          ? *touch.mutable_contact()->mutable_attributes()
          : *touch.mutable_interaction()->mutable_attributes();
  attributes[key] = text;
}

}  // namespace

absl::StatusOr<TouchField> TouchField::Find(absl::string_view path) {
  std::vector<const FieldDescriptor*> steps;
  const Descriptor* type = v1::RecordTouchRequest::descriptor();
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (size_t i = 0; i < names.size(); ++i) {
    const FieldDescriptor* const field =
        type == nullptr ? nullptr : type->FindFieldByName(names[i]);
    if (field == nullptr) break;
    steps.push_back(field);
    const std::string so_far =
        absl::StrJoin(names.begin(), names.begin() + i + 1, ".");
    if (field->is_map()) {
      std::string key = absl::StrJoin(names.begin() + i + 1, names.end(), ".");
      if (!absl::c_linear_search(kSettable, so_far) || !api::IsName(key)) break;
      return TouchField(std::move(steps), std::move(key));
    }
    if (i + 1 == names.size() && absl::c_linear_search(kSettable, so_far)) {
      return TouchField(std::move(steps), "");
    }
    type = field->message_type();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "field \"", path, "\", want one of ", absl::StrJoin(kSettable, ", "),
      "; the name of an attribute, [a-z][a-z0-9_.-]{0,63}, behind it"));
}

absl::Status TouchField::Set(const std::string& text,
                             v1::RecordTouchRequest& touch) const {
  const FieldDescriptor& field = *steps_.back();
  if (field.is_map()) {
    SetAttribute(field, key_, text, touch);
    return absl::OkStatus();
  }
  Message* message = &touch;
  for (size_t i = 0; i + 1 < steps_.size(); ++i) {
    message = message->GetReflection()->MutableMessage(message, steps_[i]);
  }
  if (field.full_name() == kInReplyTo) {
    AddReplyIds(text, touch);
    return absl::OkStatus();
  }
  if (field.is_repeated()) {
    message->GetReflection()->AddString(message, &field, text);
    return absl::OkStatus();
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(field, text, *message);
    case FieldDescriptor::CPPTYPE_BOOL:
      return SetBool(field, text, *message);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetTime(field, text, *message);
    default:
      message->GetReflection()->SetString(message, &field, text);
      return absl::OkStatus();
  }
}

const EnumValueDescriptor* FindEnumValue(const EnumDescriptor& type,
                                         absl::string_view name) {
  const EnumValueDescriptor* const value =
      type.FindValueByName(absl::StrCat(PrefixOf(type), name));
  return value == nullptr || value->number() == 0 ? nullptr : value;
}

std::string EnumNames(const EnumDescriptor& type) {
  std::vector<absl::string_view> names;
  for (int i = 1; i < type.value_count(); ++i) {
    names.push_back(absl::StripPrefix(type.value(i)->name(), PrefixOf(type)));
  }
  return absl::StrJoin(names, ", ");
}

std::vector<std::string> MessageIds(absl::string_view text) {
  std::vector<std::string> ids;
  for (size_t end = text.rfind('>'); end != absl::string_view::npos;) {
    const size_t begin = text.substr(0, end).rfind('<');
    if (begin == absl::string_view::npos) break;
    std::string id(text.substr(begin, end - begin + 1));
    if (!absl::c_linear_search(ids, id)) ids.push_back(std::move(id));
    end = text.substr(0, begin).rfind('>');
  }
  if (ids.empty()) ids.emplace_back(absl::StripAsciiWhitespace(text));
  return ids;
}

}  // namespace kith::gateway
