#include "gateway/edge/routes/rest_message.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/json_fields.h"
#include "gateway/edge/codecs/json_guard.h"
#include "gateway/edge/routes/field_path.h"
#include "google/protobuf/field_mask.pb.h"

namespace kith::edge {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;

constexpr char kHttpBody[] = "google.api.HttpBody";

// Sets the parameters of a query, each after the rules of one route.
class QueryReader {
 public:
  QueryReader(const Routes::RestMatch& match, Message& request)
      : route_(*match.route), request_(request) {
    for (const auto& [field, value] : match.variables) bound_.insert(field);
  }

  absl::Status Read(const Query& query) {
    for (const auto& [name, value] : query) {
      if (route_.body_is_request) {
        return absl::InvalidArgumentError(
            "the body is the whole request, so the query must be empty");
      }
      KITH_RETURN_IF_ERROR(Set(name, value));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Set(const std::string& name, const std::string& value) {
    const auto known = route_.short_names.find(name);
    const std::string& text =
        known == route_.short_names.end() ? name : known->second;
    KITH_ASSIGN_OR_RETURN(const FieldPath path,
                          ParseFieldPath(*route_.method->input_type(), text));
    const std::string field = NameOf(path);
    if (path.front() == route_.body || bound_.contains(field)) {
      return FieldError(field, "is in the path or the body, not in the query");
    }
    const auto [set, is_new] = values_.emplace(field, value);
    if (!is_new && !path.back()->is_repeated()) {
      if (set->second == value) return absl::OkStatus();
      return FieldError(field, "given twice");
    }
    return SetFromText(path, value, request_);
  }

  const RestRoute& route_;
  Message& request_;
  absl::flat_hash_set<std::string> bound_;
  absl::flat_hash_map<std::string, std::string> values_;
};

// The one field of the request that is a mask; null if there is not just one.
const FieldDescriptor* MaskOf(const Descriptor& type) {
  const FieldDescriptor* mask = nullptr;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const field = type.field(i);
    if (field->message_type() == nullptr || field->is_repeated() ||
        field->message_type()->full_name() !=
            FieldMask::descriptor()->full_name()) {
      continue;
    }
    if (mask != nullptr) return nullptr;
    mask = field;
  }
  return mask;
}

// The fields that a body names, in its order.
absl::StatusOr<FieldMask> MaskOfBody(const Routes::RestMatch& match,
                                     absl::string_view body) {
  const FieldDescriptor& whole = *match.route->body;
  KITH_ASSIGN_OR_RETURN(const auto keys, KeysOfJson(body));
  FieldMask mask;
  for (const std::string& key : keys) {
    const FieldDescriptor* const field = FindField(*whole.message_type(), key);
    // An etag says which version is changed, and is nothing to change; so does
    // what the path has, of which thing.
    if (field == nullptr || field->name() == "etag") continue;
    const std::string path = absl::StrCat(whole.name(), ".", field->name());
    if (std::any_of(
            match.variables.begin(), match.variables.end(),
            [&](const auto& variable) { return variable.first == path; })) {
      continue;
    }
    if (std::find(mask.paths().begin(), mask.paths().end(), field->name()) ==
        mask.paths().end()) {
      mask.add_paths(field->name());
    }
  }
  return mask;
}

absl::Status FillMask(const Routes::RestMatch& match, absl::string_view body,
                      Message& request) {
  const RestRoute& route = *match.route;
  if (route.http_method != "PATCH" || route.body == nullptr) {
    return absl::OkStatus();
  }
  const FieldDescriptor* const field = MaskOf(*request.GetDescriptor());
  const auto& reflection = *request.GetReflection();
  if (field == nullptr || reflection.HasField(request, field)) {
    return absl::OkStatus();
  }
  KITH_ASSIGN_OR_RETURN(const FieldMask mask, MaskOfBody(match, body));
  // As bytes, for the message may be of another factory.
  reflection.MutableMessage(&request, field)
      ->ParseFromString(mask.SerializeAsString());
  return absl::OkStatus();
}

// One field of an object.
absl::StatusOr<std::string> Select(const std::string& json,
                                   const FieldDescriptor& field) {
  using Json = nlohmann::ordered_json;
  const Json object = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  const auto found = object.find(field.json_name());
  if (found != object.end()) return found->dump();
  // Left out, as it has its default.
  if (field.is_repeated() && !field.is_map()) return "[]";
  return field.message_type() != nullptr ? "{}" : "null";
}

}  // namespace

absl::StatusOr<std::string> RestMessages::Request(
    const Routes::RestMatch& match, const Query& query,
    absl::string_view body) const {
  const RestRoute& route = *match.route;
  const Descriptor& type = *route.method->input_type();
  const std::unique_ptr<Message> request(factory_.GetPrototype(&type)->New());
  KITH_RETURN_IF_ERROR(AddBody(route, body, *request));
  for (const auto& [field, value] : match.variables) {
    KITH_ASSIGN_OR_RETURN(const FieldPath path, ParseFieldPath(type, field));
    KITH_RETURN_IF_ERROR(CheckNoOther(path, value, *request));
    KITH_RETURN_IF_ERROR(SetFromText(path, value, *request));
  }
  KITH_RETURN_IF_ERROR(QueryReader(match, *request).Read(query));
  KITH_RETURN_IF_ERROR(FillMask(match, body, *request));
  return request->SerializePartialAsString();
}

absl::Status RestMessages::AddBody(const RestRoute& route,
                                   absl::string_view body,
                                   Message& request) const {
  if (!route.body_is_request && route.body == nullptr) {
    if (body.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(route.http_method, " ", route.pattern, " takes no body"));
  }
  Message& message =
      route.body == nullptr
          ? request
          : *request.GetReflection()->MutableMessage(&request, route.body);
  KITH_ASSIGN_OR_RETURN(const std::string bytes,
                        json_.ToBytes(*message.GetDescriptor(), body));
  message.ParsePartialFromString(bytes);
  return absl::OkStatus();
}

absl::StatusOr<RestMessages::Content> RestMessages::Reply(
    const RestRoute& route, const std::string& response) const {
  const Descriptor& type = *route.method->output_type();
  if (type.full_name() == kHttpBody) {
    const std::unique_ptr<Message> body(factory_.GetPrototype(&type)->New());
    body->ParsePartialFromString(response);
    const auto text = [&](const char* name) {
      const FieldDescriptor* const field = type.FindFieldByName(name);
      return field == nullptr ? std::string()
                              : body->GetReflection()->GetString(*body, field);
    };
    return Content{text("content_type"), text("data")};
  }
  KITH_ASSIGN_OR_RETURN(std::string json, json_.ToJson(type, response));
  if (route.response_body != nullptr) {
    KITH_ASSIGN_OR_RETURN(json, Select(json, *route.response_body));
  }
  return Content{"application/json", std::move(json)};
}

}  // namespace kith::edge
