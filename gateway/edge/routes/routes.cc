#include "gateway/edge/routes/routes.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/json_fields.h"
#include "gateway/edge/routes/field_path.h"
#include "google/api/annotations.pb.h"
#include "kith/common/v1/common.pb.h"

namespace kith::edge {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// HTTP method and template of a rule.
std::pair<std::string, std::string> PatternOf(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return {"GET", rule.get()};
    case HttpRule::kPut:
      return {"PUT", rule.put()};
    case HttpRule::kPost:
      return {"POST", rule.post()};
    case HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    case HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    case HttpRule::kCustom:
    case HttpRule::PATTERN_NOT_SET:
      return {"", ""};
  }
  return {"", ""};
}

// A field of `type` itself that may be a body.
absl::StatusOr<const FieldDescriptor*> BodyField(const Descriptor& type,
                                                 const std::string& name) {
  const FieldDescriptor* const field = type.FindFieldByName(name);
  if (field == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(type.name(), " has no field ", name));
  }
  return field;
}

absl::Status SetBodies(const HttpRule& rule, RestRoute& route) {
  const bool bodyless =
      route.http_method == "GET" || route.http_method == "DELETE";
  if (bodyless && !rule.body().empty()) {
    return absl::InvalidArgumentError("a GET or DELETE with a body");
  }
  route.body_is_request = rule.body() == "*";
  if (!rule.body().empty() && !route.body_is_request) {
    KITH_ASSIGN_OR_RETURN(route.body,
                          BodyField(*route.method->input_type(), rule.body()));
    if (route.body->message_type() == nullptr || route.body->is_repeated()) {
      return absl::InvalidArgumentError("the body is no single message");
    }
  }
  if (!rule.response_body().empty()) {
    KITH_ASSIGN_OR_RETURN(
        route.response_body,
        BodyField(*route.method->output_type(), rule.response_body()));
  }
  return absl::OkStatus();
}

absl::Status SetShortNames(RestRoute& route) {
  const MethodDescriptor& method = *route.method;
  const Descriptor& input = *method.input_type();
  const auto& options = method.options();
  for (int i = 0; i < options.ExtensionSize(common::v1::query_parameters);
       ++i) {
    const auto& parameter =
        options.GetExtension(common::v1::query_parameters, i);
    KITH_RETURN_IF_ERROR(ParseFieldPath(input, parameter.field()).status());
    if (FindField(input, parameter.name()) != nullptr ||
        !route.short_names.emplace(parameter.name(), parameter.field())
             .second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the query parameter ", parameter.name(), " has two meanings"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckVariables(const Descriptor& input, const PathTemplate& path) {
  for (const PathTemplate::Variable& variable : path.variables) {
    KITH_ASSIGN_OR_RETURN(const FieldPath field,
                          ParseFieldPath(input, variable.field));
    if (field.back()->is_repeated()) {
      return absl::InvalidArgumentError(
          absl::StrCat(variable.field, ": a list in a path"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Routes> Routes::Make(
    absl::Span<const google::protobuf::ServiceDescriptor* const> services) {
  Routes routes;
  for (const auto* const service : services) {
    routes.services_.insert(service->full_name());
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      const absl::Status status = routes.AddMethod(method);
      if (!status.ok()) {
        return absl::FailedPreconditionError(absl::StrCat(
            method.full_name(), ": google.api.http: ", status.message()));
      }
    }
  }
  return routes;
}

absl::Status Routes::AddMethod(const MethodDescriptor& method) {
  methods_.emplace(
      absl::StrCat("/", method.service()->full_name(), "/", method.name()),
      &method);
  if (!method.options().HasExtension(google::api::http)) {
    return absl::OkStatus();
  }
  const HttpRule& rule = method.options().GetExtension(google::api::http);
  KITH_RETURN_IF_ERROR(AddRule(method, rule));
  for (const HttpRule& more : rule.additional_bindings()) {
    KITH_RETURN_IF_ERROR(AddRule(method, more));
  }
  return absl::OkStatus();
}

absl::Status Routes::AddRule(const MethodDescriptor& method,
                             const HttpRule& rule) {
  RestRoute route;
  route.method = &method;
  std::tie(route.http_method, route.pattern) = PatternOf(rule);
  if (route.http_method.empty()) {
    return absl::InvalidArgumentError(
        "want one of get, put, post, delete and patch");
  }
  KITH_ASSIGN_OR_RETURN(const PathTemplate path,
                        PathTemplate::Parse(route.pattern));
  KITH_RETURN_IF_ERROR(CheckVariables(*method.input_type(), path));
  KITH_RETURN_IF_ERROR(SetBodies(rule, route));
  KITH_RETURN_IF_ERROR(SetShortNames(route));
  const auto other =
      trie_.Add(route.http_method, path, static_cast<int>(rest_.size()));
  if (other.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        route.http_method, " ", route.pattern, " and ", rest_[*other].pattern,
        " of ", rest_[*other].method->name(), " take the same requests"));
  }
  rest_.push_back(std::move(route));
  return absl::OkStatus();
}

const MethodDescriptor* Routes::FindMethod(absl::string_view path) const {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : found->second;
}

bool Routes::IsRpcPath(absl::string_view path) const {
  absl::ConsumePrefix(&path, "/");
  return services_.contains(path.substr(0, path.find('/')));
}

absl::StatusOr<Routes::RestMatch> Routes::FindRest(
    absl::string_view http_method, absl::string_view path) const {
  KITH_ASSIGN_OR_RETURN(RouteTrie::Match found, trie_.Find(http_method, path));
  return RestMatch{.route = found.route < 0 ? nullptr : &rest_[found.route],
                   .variables = std::move(found.variables),
                   .allowed = std::move(found.allowed)};
}

}  // namespace kith::edge
