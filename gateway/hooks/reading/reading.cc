#include "gateway/hooks/reading/reading.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/json_guard.h"
#include "gateway/hooks/reading/form.h"
#include "gateway/hooks/reading/text_steps.h"
#include "gateway/hooks/reading/utf8.h"

namespace kith::gateway {
namespace {

using config::v1::Connector;
using config::v1::HookBody;

constexpr char kUrlEncodedType[] = "application/x-www-form-urlencoded";
constexpr char kMultipartType[] = "multipart/form-data";

// A content type without its parameters, in small letters.
std::string TypeOf(const v1::HookRequest& request) {
  const absl::string_view header = HeaderOf(request, "content-type");
  return absl::AsciiStrToLower(
      absl::StripAsciiWhitespace(header.substr(0, header.find(';'))));
}

bool IsGet(const v1::HookRequest& request) { return request.method() == "GET"; }

absl::StatusOr<Json> FieldsAsJson(const FormFields& fields) {
  if (fields.size() > kMostFormFields) {
    return absl::InvalidArgumentError(
        absl::StrCat("the form has more than ", kMostFormFields, " fields"));
  }
  Json object = Json::object();
  for (const auto& [name, value] : fields) {
    Json text = ToUtf8(value);
    Json& field = object[ToUtf8(name)];
    if (field.is_null()) {
      field = std::move(text);
    } else {
      if (!field.is_array()) field = Json::array({std::move(field)});
      field.push_back(std::move(text));
    }
  }
  return object;
}

absl::StatusOr<Json> ReadQuery(const v1::HookRequest& request) {
  const absl::string_view target = request.target();
  const size_t mark = target.find('?');
  if (mark == absl::string_view::npos) return Json::object();
  return FieldsAsJson(ReadUrlEncoded(target.substr(mark + 1)));
}

absl::StatusOr<Json> ReadForm(const v1::HookRequest& request) {
  if (IsGet(request)) return ReadQuery(request);
  if (TypeOf(request) != kMultipartType) {
    return FieldsAsJson(ReadUrlEncoded(request.body()));
  }
  KITH_ASSIGN_OR_RETURN(
      const FormFields fields,
      ReadMultipart(HeaderOf(request, "content-type"), request.body()));
  return FieldsAsJson(fields);
}

absl::StatusOr<Json> ReadJson(const std::string& body) {
  KITH_RETURN_IF_ERROR(edge::CheckJson(body));
  Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    return absl::InvalidArgumentError("the body is not JSON");
  }
  return json;
}

Json HeadersAsJson(const v1::HookRequest& request) {
  Json object = Json::object();
  for (const v1::HookHeader& header : request.headers()) {
    // The first counts, as of HeaderOf.
    object.emplace(header.name(), ToUtf8(header.value()));
  }
  return object;
}

}  // namespace

absl::string_view HeaderOf(const v1::HookRequest& request,
                           absl::string_view name) {
  for (const v1::HookHeader& header : request.headers()) {
    if (header.name() == name) return header.value();
  }
  return "";
}

absl::Status CheckBodyType(HookBody body, const v1::HookRequest& request) {
  const std::string type = TypeOf(request);
  if (body == config::v1::HOOK_BODY_JSON) {
    if (type.empty() || absl::StrContains(type, "json")) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError("want the content type application/json");
  }
  if (IsGet(request) || type == kUrlEncodedType || type == kMultipartType) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "want the content type ", kUrlEncodedType, " or ", kMultipartType));
}

absl::StatusOr<Json> ReadHook(const Connector& connector,
                              const v1::HookRequest& request,
                              absl::Time receive_time) {
  Json root = Json::object();
  KITH_ASSIGN_OR_RETURN(root["body"],
                        connector.body() == config::v1::HOOK_BODY_JSON
                            ? ReadJson(request.body())
                            : ReadForm(request));
  KITH_ASSIGN_OR_RETURN(root["query"], ReadQuery(request));
  root["header"] = HeadersAsJson(request);
  root["setting"] = Json::object();
  for (const auto& [name, value] : connector.settings()) {
    root["setting"][name] = value;
  }
  root["received_time"] = TimeText(receive_time);
  root["sha256"] = absl::BytesToHexString(base::Sha256(request.body()));
  return root;
}

}  // namespace kith::gateway
