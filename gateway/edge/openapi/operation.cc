#include "gateway/edge/openapi/operation.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gateway/edge/codecs/code_table.h"
#include "kith/common/v1/common.pb.h"

namespace kith::edge {
namespace {

using common::v1::MethodError;
using google::protobuf::MethodDescriptor;
using Json = Schemas::Json;

constexpr char kHttpBody[] = "google.api.HttpBody";
constexpr char kErrorSchema[] = "Error";

// AIP-193; see RestErrorBody.
Json ErrorSchema() {
  const Json detail = {
      {"type", "object"},
      {"description", "A message of google/rpc/error_details.proto."},
      {"properties", {{"@type", {{"type", "string"}}}}},
      {"required", Json::array({"@type"})},
      {"additionalProperties", true}};
  const Json error = {
      {"type", "object"},
      {"properties",
       {{"code", {{"type", "integer"}, {"description", "The HTTP status."}}},
        {"message", {{"type", "string"}, {"description", "What is wrong."}}},
        {"status",
         {{"type", "string"},
          {"description", "The name of the gRPC code, such as NOT_FOUND."}}},
        {"details", {{"type", "array"}, {"items", detail}}}}},
      {"required", {"code", "message", "status"}}};
  return {{"type", "object"},
          {"description", "Every error has this body."},
          {"properties", {{"error", error}}},
          {"required", Json::array({"error"})}};
}

Json Content(const char* type, const Json& schema) {
  return {{type, {{"schema", schema}}}};
}

void AddError(const MethodError& error, std::map<int, std::string>& by_status) {
  const int code = static_cast<int>(error.code());
  absl::StrAppend(&by_status[HttpStatusOf(code)], "- `",
                  google::rpc::Code_Name(error.code()), "`",
                  error.reason().empty()
                      ? ""
                      : absl::StrCat(" with the reason `", error.reason(), "`"),
                  ": ", error.when(), ".\n");
}

// What may go wrong, as Markdown, by HTTP status.
std::map<int, std::string> ErrorsOf(const MethodDescriptor& method) {
  std::map<int, std::string> by_status;
  const auto& own = method.options();
  for (int i = 0; i < own.ExtensionSize(common::v1::errors); ++i) {
    AddError(own.GetExtension(common::v1::errors, i), by_status);
  }
  const auto& shared = method.service()->options();
  for (int i = 0; i < shared.ExtensionSize(common::v1::common_errors); ++i) {
    AddError(shared.GetExtension(common::v1::common_errors, i), by_status);
  }
  return by_status;
}

// How to watch a stream, which a page that waits for the end of a reply cannot
// show.
std::string StreamHint(const RestRoute& route, const OpenApiPath& path) {
  if (!route.method->server_streaming() || route.http_method != "GET") {
    return "";
  }
  return absl::StrCat(
      "\n\nThe reply is a stream, which `/docs` cannot show. To "
      "watch it, with the address of this server:\n\n```\ncurl --no-buffer "
      "--header 'authorization: Bearer <key>' \\\n  'http://<address>",
      path.text, "'\n```");
}

// The comment of a method, and what it asks of a key.
std::string DescriptionOf(const RestRoute& route, const OpenApiPath& path,
                          const Comments& comments) {
  const MethodDescriptor& method = *route.method;
  const auto& options = method.options();
  return absl::StrCat(
      comments.Of(method), "\n\nScope: `",
      options.GetExtension(common::v1::scope), "`. Assurance: `",
      absl::StripPrefix(config::v1::Assurance_Name(
                            options.GetExtension(common::v1::assurance)),
                        "ASSURANCE_"),
      "` or more.", StreamHint(route, path));
}

}  // namespace

Json ErrorReply(const std::string& description) {
  return {{"description", description},
          {"content", Content("application/json",
                              {{"$ref", absl::StrCat("#/components/schemas/",
                                                     kErrorSchema)}})}};
}

Json Operations::Make(const RestRoute& route, const OpenApiPath& path) {
  const MethodDescriptor& method = *route.method;
  const int number = ++counts_[method.full_name()];
  const std::string scope = method.options().GetExtension(common::v1::scope);
  Json operation = {
      {"operationId",
       number == 1 ? method.name() : absl::StrCat(method.name(), number)},
      {"tags", Json::array({method.service()->full_name()})},
      {"summary", FirstSentence(comments_.Of(method))},
      {"description", DescriptionOf(route, path, comments_)},
      {"security", Json::array({{{kSecurityScheme, Json::array({scope})}}})},
      {"parameters", ParametersOf(route, path, comments_, schemas_)}};
  if (route.body_is_request || route.body != nullptr) {
    operation["requestBody"] = RequestBody(route, path);
  }
  operation["responses"] = Responses(route);
  return operation;
}

Json Operations::RequestBody(const RestRoute& route, const OpenApiPath& path) {
  Json schema;
  if (route.body_is_request) {
    schema = schemas_.OfRest(*route.method->input_type(), BoundFields(path));
  } else {
    std::vector<FieldPath> bound;
    for (const FieldPath& field : BoundFields(path)) {
      if (field.front() == route.body && field.size() > 1) {
        bound.emplace_back(field.begin() + 1, field.end());
      }
    }
    schema = schemas_.OfRest(*route.body->message_type(), bound);
  }
  return {{"required", true}, {"content", Content("application/json", schema)}};
}

Json Operations::Responses(const RestRoute& route) {
  Json responses = {{"200", Success(route)}};
  for (const auto& [status, text] : ErrorsOf(*route.method)) {
    responses[std::to_string(status)] = ErrorReply(text);
  }
  responses["default"] = ErrorReply("Any other error.");
  return responses;
}

Json Operations::Success(const RestRoute& route) {
  const auto& type = *route.method->output_type();
  Json reply = {{"description", "Success."}};
  if (type.full_name() == kHttpBody) {
    reply["content"] = {{"*/*", Json::object()}};
    return reply;
  }
  const Json schema = route.response_body == nullptr
                          ? schemas_.OfMessage(type)
                          : schemas_.OfField(*route.response_body);
  if (!route.method->server_streaming()) {
    reply["content"] = Content("application/json", schema);
    return reply;
  }
  reply["description"] =
      "A stream: by lines, each with a message or the error that ends it; with "
      "`accept: text/event-stream` by events, of which `complete` or `error` "
      "is "
      "the last.";
  const Json line = {
      {"type", "object"},
      {"properties",
       {{"result", schema},
        {"error", {{"$ref", "#/components/schemas/Error/properties/error"}}}}}};
  reply["content"] = Content("application/x-ndjson", line);
  reply["content"].update(Content("text/event-stream", schema));
  return reply;
}

Json Operations::Components() const {
  Json components = schemas_.components();
  components[kErrorSchema] = ErrorSchema();
  return components;
}

}  // namespace kith::edge
