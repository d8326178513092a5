#include "gateway/edge/openapi/session_operations.h"

#include "absl/strings/str_cat.h"
#include "gateway/edge/openapi/operation.h"

namespace kith::edge {
namespace {

using Json = Schemas::Json;

constexpr char kTag[] = "Sessions";
constexpr char kAnotherOrigin[] =
    "- `PERMISSION_DENIED`: a page of another origin has made the request.\n";

Json SessionSchema() {
  return {{"type", "object"},
          {"properties",
           {{"csrfToken",
             {{"type", "string"},
              {"description",
               "Goes into the header `x-csrf-token` of each request with the "
               "cookie, except for GET and HEAD."}}},
            {"expireTime", {{"type", "string"}, {"format", "date-time"}}}}},
          {"required", {"csrfToken", "expireTime"}}};
}

Json JsonReply(const char* description, const Json& schema) {
  return {{"description", description},
          {"content", {{"application/json", {{"schema", schema}}}}}};
}

// `id` is the operationId, `text` its first sentence and what follows that.
Json SessionOperation(const char* id, const char* summary, const char* text) {
  return {{"operationId", id},
          {"tags", Json::array({kTag})},
          {"summary", summary},
          {"description", absl::StrCat(summary, ". ", text)},
          // The cookie, or none.
          {"security", Json::array()}};
}

Json Begin() {
  Json operation = SessionOperation(
      "BeginSession", "Begins a session with the key or the token of the call",
      "The reply sets a cookie that stands for it: for 8 hours, or until the "
      "token ends if that is sooner.");
  operation["security"] = Json::array({{{kSecurityScheme, Json::array()}}});
  operation["responses"] = {
      {"200", JsonReply("Success.", SessionSchema())},
      {"400", ErrorReply("- `INVALID_ARGUMENT`: the credential is too long for "
                         "a cookie.\n")},
      {"401", ErrorReply("- `UNAUTHENTICATED`: the API key or token is missing "
                         "or invalid.\n")},
      {"403", ErrorReply(kAnotherOrigin)},
      {"default", ErrorReply("Any other error.")}};
  return operation;
}

Json Get() {
  Json operation =
      SessionOperation("GetSession", "Returns the session of the cookie",
                       "For a page that is loaded again.");
  operation["responses"] = {
      {"200", JsonReply("Success.", SessionSchema())},
      {"401", ErrorReply("- `UNAUTHENTICATED`: there is no session, or it has "
                         "ended.\n")},
      {"403", ErrorReply(kAnotherOrigin)},
      {"default", ErrorReply("Any other error.")}};
  return operation;
}

Json End() {
  Json operation =
      SessionOperation("EndSession", "Has the browser forget the cookie",
                       "Succeeds as well if there is none.");
  operation["responses"] = {
      {"200", JsonReply("Success.", {{"type", "object"}})},
      {"403", ErrorReply(kAnotherOrigin)},
      {"default", ErrorReply("Any other error.")}};
  return operation;
}

}  // namespace

Json SessionOperations() {
  return {{"get", Get()}, {"post", Begin()}, {"delete", End()}};
}

Json SessionTag() {
  return {{"name", kTag},
          {"description",
           "A cookie that stands for a key or a token, for pages of the same "
           "origin."}};
}

}  // namespace kith::edge
