#include "gateway/edge/codecs/json_codec.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/violations.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/json_fields.h"
#include "gateway/edge/codecs/json_guard.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver_util.h"

namespace kith::edge {
namespace {

namespace util = google::protobuf::util;

constexpr char kTypeUrl[] = "type.googleapis.com";

std::string UrlOf(const google::protobuf::Descriptor& type) {
  return absl::StrCat(kTypeUrl, "/", type.full_name());
}

// Returns the field that a message of protobuf's names, in one of its forms:
// "(contact.stage): invalid value ...", "(contact) roles: ...", "contact: ...".
std::string FieldOf(absl::string_view message) {
  std::string field;
  if (absl::ConsumePrefix(&message, "(")) {
    const size_t end = std::min(message.find(')'), message.size());
    field = std::string(message.substr(0, end));
    message = absl::ClippedSubstr(message, end + 1);
  }
  const absl::string_view rest = absl::StripAsciiWhitespace(
      message.substr(0, std::min(message.find(':'), message.size())));
  if (!field.empty() && !rest.empty()) field += '.';
  return absl::StrCat(field, rest);
}

// Keeps the field of protobuf's message: the rest repeats what was sent.
absl::Status MismatchError(absl::string_view message) {
  const std::string field = FieldOf(message);
  // Anything else may be what was sent.
  const bool is_path =
      !field.empty() && std::all_of(field.begin(), field.end(), [](char c) {
        return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '[' ||
               c == ']';
      });
  if (!is_path) {
    return absl::InvalidArgumentError(
        "a JSON value does not fit the type of its field");
  }
  api::Violations violations;
  violations.Add(field, "the JSON value does not fit the type of the field");
  return violations.ToStatus();
}

}  // namespace

JsonCodec::JsonCodec(const google::protobuf::DescriptorPool& pool)
    : types_(util::NewTypeResolverForDescriptorPool(kTypeUrl, &pool)) {}

JsonCodec::~JsonCodec() = default;

absl::StatusOr<std::string> JsonCodec::ToBytes(
    const google::protobuf::Descriptor& type, absl::string_view json) const {
  KITH_RETURN_IF_ERROR(CheckJson(json));
  KITH_RETURN_IF_ERROR(CheckForms(type, json));
  util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  std::string bytes;
  const auto status = util::JsonToBinaryString(
      types_.get(), UrlOf(type), {json.data(), json.size()}, &bytes, options);
  if (status.ok()) return bytes;
  return MismatchError(
      absl::string_view(status.message().data(), status.message().size()));
}

absl::StatusOr<std::string> JsonCodec::ToJson(
    const google::protobuf::Descriptor& type, absl::string_view bytes) const {
  std::string json;
  const auto status = util::BinaryToJsonString(types_.get(), UrlOf(type),
                                               std::string(bytes), &json, {});
  if (status.ok()) return json;
  return absl::InternalError(absl::StrCat(
      type.full_name(), " cannot be written as JSON: ", status.ToString()));
}

}  // namespace kith::edge
