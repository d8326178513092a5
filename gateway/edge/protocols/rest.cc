#include "gateway/edge/protocols/rest.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/ops/log.h"
#include "common/status/rpc_status.h"
#include "gateway/edge/codecs/code_table.h"
#include "gateway/edge/codecs/error_body.h"
#include "gateway/edge/protocols/content_coding.h"
#include "gateway/edge/protocols/messages.h"
#include "gateway/edge/protocols/rest_stream.h"

namespace kith::edge {
namespace {

using google::protobuf::MethodDescriptor;

// Returns the query of a request for events that goes on where an earlier one
// has ended: what the browser says of that is newer than the address.
Query ResumeQuery(const Headers& headers, const MethodDescriptor& method,
                  Query query) {
  const auto* const field = method.input_type()->FindFieldByName(kResumeField);
  const absl::string_view id = FindHeader(headers, "last-event-id");
  if (field == nullptr || id.empty()) return query;
  query.erase(std::remove_if(query.begin(), query.end(),
                             [&](const auto& parameter) {
                               return parameter.first == field->name() ||
                                      parameter.first == field->json_name();
                             }),
              query.end());
  query.emplace_back(field->name(), std::string(id));
  return query;
}

}  // namespace

Reply RestError(const google::rpc::Status& error, int http_status,
                const JsonCodec& json) {
  const int status =
      http_status != 0 ? http_status : HttpStatusOf(error.code());
  Reply reply = {.status = status,
                 .headers = {{"content-type", "application/json"}},
                 .body = RestErrorBody(error, status, json)};
  AddErrorHeaders(error, reply);
  return reply;
}

Reply Rest::ErrorReply(const absl::Status& error, int http_status) const {
  return RestError(status::ToProto(error), http_status, json_);
}

Reply Rest::NoRoute(const Routes::RestMatch& match) const {
  if (match.allowed.empty()) {
    return ErrorReply(absl::NotFoundError("no method has this path"));
  }
  const std::string allowed = absl::StrJoin(match.allowed, ", ");
  Reply reply = ErrorReply(
      absl::UnimplementedError(absl::StrCat("the path takes ", allowed)), 405);
  reply.headers.emplace_back("allow", allowed);
  return reply;
}

std::variant<Reply, std::string> Rest::ReadBody(const Request& request) const {
  const Headers& headers = request.head.headers;
  if (request.body.empty()) return std::string();
  if (MediaType(FindHeader(headers, "content-type")) != "application/json") {
    return ErrorReply(
        absl::InvalidArgumentError("content-type: want application/json"), 415);
  }
  auto body = DecodeContent(FindHeader(headers, "content-encoding"),
                            request.body, message_bytes_);
  if (body.ok()) return *std::move(body);
  if (absl::IsResourceExhausted(body.status())) {
    return ErrorReply(body.status(), 413);
  }
  if (!absl::IsUnimplemented(body.status())) return ErrorReply(body.status());
  Reply reply = ErrorReply(body.status(), 415);
  reply.headers.emplace_back("accept-encoding", kContentCodings);
  return reply;
}

Reading Rest::Read(const Request& request, const Target& target,
                   const absl::StatusOr<Routes::RestMatch>& match) const {
  const Headers& headers = request.head.headers;
  if (!match.ok()) return ErrorReply(match.status());
  if (match->route == nullptr) return NoRoute(*match);
  const RestRoute& route = *match->route;
  const MethodDescriptor& method = *route.method;
  if (method.client_streaming()) {
    return ErrorReply(absl::UnimplementedError(
        "the method takes a stream; call it by gRPC or Connect"));
  }
  auto body = ReadBody(request);
  if (auto* const refused = std::get_if<Reply>(&body)) {
    return std::move(*refused);
  }
  const bool events = method.server_streaming() && WantsEvents(headers);
  const Query query =
      events ? ResumeQuery(headers, method, target.query) : target.query;
  auto message = messages_.Request(*match, query, std::get<std::string>(body));
  if (!message.ok()) return ErrorReply(message.status());
  RpcCall call;
  const auto timeout = GrpcTimeout(headers);
  if (!timeout.ok()) return ErrorReply(timeout.status());
  call.timeout = *timeout;
  auto metadata = RequestMetadata(headers);
  if (!metadata.ok()) return ErrorReply(metadata.status(), 431);
  call.method = &method;
  call.route = absl::StrCat(route.http_method, " ", route.pattern);
  call.messages = {*std::move(message)};
  call.metadata = *std::move(metadata);
  if (method.server_streaming()) {
    call.writer = MakeRestWriter(events, method, json_);
  } else {
    call.write = [this, &route,
                  gzip = TakesGzip(headers)](const RpcResult& result) {
      return Write(result, route, gzip);
    };
  }
  return call;
}

Reply Rest::Write(const RpcResult& result, const RestRoute& route,
                  bool gzip) const {
  Reply reply;
  if (result.status.code() != 0) {
    reply = RestError(result.status, /*http_status=*/0, json_);
  } else if (auto content = messages_.Reply(route, result.message);
             content.ok()) {
    reply = {200, {{"content-type", content->type}}, std::move(content->bytes)};
  } else {
    ops::Log(ops::Severity::kError, "a response has no JSON",
             {{"method", route.method->full_name()},
              {"error", content.status().message()}});
    reply = ErrorReply(content.status());
  }
  AddReplyHeaders(result.leading, "", reply.headers);
  if (gzip) EncodeContent(reply);
  return reply;
}

}  // namespace kith::edge
