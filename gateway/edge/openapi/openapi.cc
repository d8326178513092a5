#include "gateway/edge/openapi/openapi.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gateway/edge/openapi/operation.h"
#include "gateway/edge/openapi/parameters.h"
#include "gateway/edge/openapi/schemas.h"
#include "gateway/edge/openapi/session_operations.h"
#include "gateway/edge/session/sessions.h"
#include "kith/common/v1/common.pb.h"

namespace kith::edge {
namespace {

using google::protobuf::ServiceDescriptor;
using Json = Schemas::Json;

constexpr char kIntroduction[] =
    "Every call carries `authorization: Bearer <key>`. Bodies are proto3 JSON: "
    "fields that have their default are left out of replies, 64-bit integers "
    "are strings, and a request may name fields in `lowerCamelCase` or in "
    "`snake_case`. Each reply has its trace in `x-trace-id`.\n\n"
    "Every method is there by [Connect](https://connectrpc.com) as well: "
    "`POST /<service>/<method>` with the request as body.";

// Collects the operations, each under its path.
class Paths {
 public:
  // The path that stands for all of the same shape, which `path` becomes.
  Json& At(OpenApiPath& path) {
    const auto [known, is_new] = by_shape_.try_emplace(path.shape);
    if (is_new) {
      known->second.text = path.text;
      for (const auto& parameter : path.parameters) {
        known->second.names.push_back(parameter.name);
      }
    }
    path.Rename(known->second.names);
    return paths_[known->second.text];
  }

  Json Take() { return std::move(paths_); }

 private:
  struct Known {
    std::string text;
    std::vector<std::string> names;
  };
  std::map<std::string, Known> by_shape_;
  Json paths_ = Json::object();
};

// What the comments of methods refer to: the conventions of all of our APIs.
std::string Conventions(const Comments& comments) {
  return comments.OfPackage(*common::v1::MethodError::descriptor()->file());
}

Json Tag(const ServiceDescriptor& service, const Comments& comments) {
  Json tag = {{"name", service.full_name()}};
  Describe(comments.Of(service), tag);
  return tag;
}

Json Info(const std::vector<const ServiceDescriptor*>& services,
          const Comments& comments) {
  std::string text;
  for (const ServiceDescriptor* const service : services) {
    absl::StrAppend(&text, comments.OfPackage(*service->file()), "\n\n");
  }
  absl::StrAppend(&text, kIntroduction, "\n\n## Conventions\n\n",
                  Conventions(comments));
  absl::StripAsciiWhitespace(&text);
  return {{"title", "Kith"}, {"version", "v1"}, {"description", text}};
}

Json SecuritySchemes() {
  return {{kSecurityScheme,
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description",
             "An API key, `kith_<id>_<secret>`, or the token (JWT) of an "
             "issuer. Each operation names the scope that it needs."}}}};
}

}  // namespace

std::string OpenApiDocument(const Routes& routes, const Comments& comments,
                            bool has_sessions) {
  Schemas schemas(comments);
  Operations operations(comments, schemas);
  Paths paths;
  std::vector<const ServiceDescriptor*> services;
  Json tags = Json::array();
  for (const RestRoute& route : routes.rest()) {
    if (route.method->client_streaming()) continue;
    const ServiceDescriptor& service = *route.method->service();
    if (services.empty() || services.back() != &service) {
      services.push_back(&service);
      tags.push_back(Tag(service, comments));
    }
    OpenApiPath path = OpenApiPath::Of(route);
    Json& item = paths.At(path);
    item[absl::AsciiStrToLower(route.http_method)] =
        operations.Make(route, path);
  }
  Json all = paths.Take();
  if (has_sessions) {
    tags.push_back(SessionTag());
    all[Sessions::kPath] = SessionOperations();
  }
  const Json document = {{"openapi", "3.1.0"},
                         {"info", Info(services, comments)},
                         {"servers", Json::array({{{"url", "/"}}})},
                         {"tags", std::move(tags)},
                         {"paths", std::move(all)},
                         {"components",
                          {{"schemas", operations.Components()},
                           {"securitySchemes", SecuritySchemes()}}}};
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace kith::edge
