#include "gateway/edge/protocols/connect_unary.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/ops/log.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/code_table.h"
#include "gateway/edge/codecs/error_body.h"
#include "gateway/edge/codecs/timeouts.h"
#include "gateway/edge/protocols/content_coding.h"
#include "google/protobuf/descriptor.pb.h"

namespace kith::edge {
namespace {

using google::protobuf::MethodDescriptor;

constexpr char kJson[] = "application/json";
constexpr char kProto[] = "application/proto";

Reply ErrorOf(const google::rpc::Status& error, int http_status) {
  Reply reply = {
      .status = http_status != 0 ? http_status : HttpStatusOf(error.code()),
      .headers = {{"content-type", kJson}},
      .body = ConnectErrorBody(error)};
  AddErrorHeaders(error, reply);
  return reply;
}

Reply MethodNotAllowed(const char* allowed) {
  Reply reply = ConnectUnary::ErrorReply(
      absl::UnimplementedError(absl::StrCat("the method takes ", allowed)),
      405);
  reply.headers.emplace_back("allow", allowed);
  return reply;
}

Reply UnsupportedType() {
  Reply reply = ConnectUnary::ErrorReply(
      absl::UnimplementedError(
          "the type of the message must be application/json or "
          "application/proto"),
      415);
  reply.headers.emplace_back("accept-post", absl::StrCat(kJson, ", ", kProto));
  return reply;
}

bool HasNoSideEffects(const MethodDescriptor& method) {
  return method.options().idempotency_level() ==
         google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
}

bool IsUnary(const MethodDescriptor& method) {
  return !method.client_streaming() && !method.server_streaming();
}

}  // namespace

Reply ConnectUnary::ErrorReply(const absl::Status& error, int http_status) {
  return ErrorOf(status::ToProto(error), http_status);
}

Reading ConnectUnary::Read(const Request& request, const Target& target) const {
  const MethodDescriptor* const method = routes_.FindMethod(target.path);
  if (method == nullptr) {
    return ErrorReply(absl::UnimplementedError("no such method"), 404);
  }
  if (request.head.method == "POST") return ReadPost(request, *method);
  if (!HasNoSideEffects(*method)) return MethodNotAllowed("POST");
  if (request.head.method != "GET") return MethodNotAllowed("GET, POST");
  return ReadGet(request, target, *method);
}

Reading ConnectUnary::ReadPost(const Request& request,
                               const MethodDescriptor& method) const {
  const Headers& headers = request.head.headers;
  const std::string type = MediaType(FindHeader(headers, "content-type"));
  if (!IsUnary(method) || (type != kJson && type != kProto)) {
    return UnsupportedType();
  }
  const absl::string_view version =
      FindHeader(headers, "connect-protocol-version");
  if (!version.empty() && version != "1") {
    return ErrorReply(
        absl::InvalidArgumentError("connect-protocol-version: want 1"));
  }
  return MakeCall(
      request.head, method,
      {.bytes = request.body,
       .is_json = type == kJson,
       .coding = std::string(FindHeader(headers, "content-encoding"))});
}

Reading ConnectUnary::ReadGet(const Request& request, const Target& target,
                              const MethodDescriptor& method) const {
  const Query& query = target.query;
  const absl::string_view encoding = FindParameter(query, "encoding");
  if (!IsUnary(method) || (encoding != "json" && encoding != "proto")) {
    return UnsupportedType();
  }
  const absl::string_view version = FindParameter(query, "connect");
  if (!version.empty() && version != "v1") {
    return ErrorReply(absl::InvalidArgumentError("connect: want v1"));
  }
  Message message = {
      .bytes = std::string(FindParameter(query, "message")),
      .is_json = encoding == "json",
      .coding = std::string(FindParameter(query, "compression"))};
  if (FindParameter(query, "base64") == "1") {
    const std::string text = std::move(message.bytes);
    if (!absl::WebSafeBase64Unescape(text, &message.bytes)) {
      return ErrorReply(
          absl::InvalidArgumentError("message: no URL-safe base64"));
    }
  }
  return MakeCall(request.head, method, std::move(message));
}

Reading ConnectUnary::MakeCall(const RequestHead& head,
                               const MethodDescriptor& method,
                               Message message) const {
  auto bytes =
      DecodeContent(message.coding, std::move(message.bytes), message_bytes_);
  if (!bytes.ok()) {
    Reply reply = ErrorReply(bytes.status());
    if (absl::IsUnimplemented(bytes.status())) {
      reply.headers.emplace_back("accept-encoding", kContentCodings);
    }
    return reply;
  }
  if (message.is_json) bytes = json_.ToBytes(*method.input_type(), *bytes);
  if (!bytes.ok()) return ErrorReply(bytes.status());
  RpcCall call;
  const absl::string_view timeout =
      FindHeader(head.headers, "connect-timeout-ms");
  if (!timeout.empty()) {
    const auto parsed = ParseConnectTimeout(timeout);
    if (!parsed.ok()) return ErrorReply(parsed.status());
    call.timeout = *parsed;
  }
  auto metadata = RequestMetadata(head.headers);
  if (!metadata.ok()) return ErrorReply(metadata.status());
  call.method = &method;
  call.route =
      absl::StrCat("/", method.service()->full_name(), "/", method.name());
  call.message = *std::move(bytes);
  call.metadata = *std::move(metadata);
  call.write = [this, &method, is_json = message.is_json,
                request = head.headers](const RpcResult& result) {
    return Write(result, method, is_json, request);
  };
  return call;
}

Reply ConnectUnary::Write(const RpcResult& result,
                          const MethodDescriptor& method, bool is_json,
                          const Headers& request) const {
  Reply reply;
  if (result.status.code() != 0) {
    reply = ErrorOf(result.status, 0);
  } else if (!is_json) {
    reply = {200, {{"content-type", kProto}}, result.message};
  } else if (auto json = json_.ToJson(*method.output_type(), result.message);
             json.ok()) {
    reply = {200, {{"content-type", kJson}}, *std::move(json)};
  } else {
    ops::Log(
        ops::Severity::kError, "a response has no JSON",
        {{"method", method.full_name()}, {"error", json.status().message()}});
    reply = ErrorReply(json.status());
  }
  for (auto& header : ReplyHeaders(result.leading, "")) {
    reply.headers.push_back(std::move(header));
  }
  for (auto& header : ReplyHeaders(result.trailing, "trailer-")) {
    reply.headers.push_back(std::move(header));
  }
  EncodeContent(request, reply);
  return reply;
}

}  // namespace kith::edge
