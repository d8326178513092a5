#include "gateway/edge/protocols/connect_unary.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/code_table.h"
#include "gateway/edge/codecs/error_body.h"
#include "gateway/edge/codecs/timeouts.h"
#include "gateway/edge/protocols/content_coding.h"
#include "gateway/edge/protocols/messages.h"
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

bool HasNoSideEffects(const MethodDescriptor& method) {
  return method.options().idempotency_level() ==
         google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
}

}  // namespace

Reply ConnectUnary::ErrorReply(const absl::Status& error, int http_status) {
  return ErrorOf(status::ToProto(error), http_status);
}

Reply ConnectUnary::UnsupportedType(const MethodDescriptor& method) {
  const bool unary = IsUnary(method);
  const absl::string_view json = unary ? kJson : "application/connect+json";
  const absl::string_view proto = unary ? kProto : "application/connect+proto";
  Reply reply =
      ErrorReply(absl::UnimplementedError(absl::StrCat(
                     "the type of the message must be ", json, " or ", proto)),
                 415);
  reply.headers.emplace_back("accept-post", absl::StrCat(json, ", ", proto));
  return reply;
}

absl::Status CheckConnectVersion(const Headers& headers) {
  const absl::string_view version =
      FindHeader(headers, "connect-protocol-version");
  if (version.empty() || version == "1") return absl::OkStatus();
  return absl::InvalidArgumentError("connect-protocol-version: want 1");
}

absl::StatusOr<std::optional<absl::Duration>> ConnectTimeout(
    const Headers& headers) {
  const absl::string_view text = FindHeader(headers, "connect-timeout-ms");
  if (text.empty()) return std::nullopt;
  return ParseConnectTimeout(text);
}

Reading ConnectUnary::Read(const Request& request, const Target& target) const {
  const MethodDescriptor* const method = routes_.FindMethod(target.path);
  if (method == nullptr) {
    return ErrorReply(absl::UnimplementedError("no such method"), 404);
  }
  if (request.head.method == "POST") return ReadPost(request, *method);
  if (!HasNoSideEffects(*method) || !IsUnary(*method)) {
    return MethodNotAllowed("POST");
  }
  if (request.head.method != "GET") return MethodNotAllowed("GET, POST");
  return ReadGet(request, target, *method);
}

Reading ConnectUnary::ReadPost(const Request& request,
                               const MethodDescriptor& method) const {
  const Headers& headers = request.head.headers;
  const std::string type = MediaType(FindHeader(headers, "content-type"));
  if (!IsUnary(method) || (type != kJson && type != kProto)) {
    return UnsupportedType(method);
  }
  if (const absl::Status status = CheckConnectVersion(headers); !status.ok()) {
    return ErrorReply(status);
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
  if (encoding != "json" && encoding != "proto") {
    return UnsupportedType(method);
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
  const auto timeout = ConnectTimeout(head.headers);
  if (!timeout.ok()) return ErrorReply(timeout.status());
  call.timeout = *timeout;
  auto metadata = RequestMetadata(head.headers);
  if (!metadata.ok()) return ErrorReply(metadata.status());
  call.method = &method;
  call.route = PathOf(method);
  call.messages = {*std::move(bytes)};
  call.metadata = *std::move(metadata);
  call.write = [this, &method, is_json = message.is_json,
                gzip = TakesGzip(head.headers)](const RpcResult& result) {
    return Write(result, method, is_json, gzip);
  };
  return call;
}

Reply ConnectUnary::Write(const RpcResult& result,
                          const MethodDescriptor& method, bool is_json,
                          bool gzip) const {
  Reply reply;
  if (result.status.code() != 0) {
    reply = ErrorOf(result.status, 0);
  } else if (auto text = ResponseText(result.message, is_json, method, json_);
             text.ok()) {
    reply = {.headers = {{"content-type", is_json ? kJson : kProto}},
             .body = *std::move(text)};
  } else {
    reply = ErrorReply(text.status());
  }
  AddReplyHeaders(result.leading, "", reply.headers);
  AddReplyHeaders(result.trailing, "trailer-", reply.headers);
  if (gzip) EncodeContent(reply);
  return reply;
}

}  // namespace kith::edge
