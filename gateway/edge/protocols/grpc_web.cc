#include "gateway/edge/protocols/grpc_web.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/envelope.h"
#include "gateway/edge/protocols/content_coding.h"
#include "gateway/edge/protocols/messages.h"

namespace kith::edge {
namespace {

using google::protobuf::MethodDescriptor;

constexpr char kGrpcWeb[] = "application/grpc-web";
constexpr char kGrpcWebText[] = "application/grpc-web-text";
constexpr char kDetails[] = "grpc-status-details-bin";

// What a media type says of the messages.
struct Format {
  bool is_text = false;
  bool is_json = false;
};

// None if the type is of another format.
std::optional<Format> ParseFormat(absl::string_view media_type) {
  Format format;
  if (!absl::ConsumePrefix(&media_type, kGrpcWeb)) return std::nullopt;
  format.is_text = absl::ConsumePrefix(&media_type, "-text");
  format.is_json = media_type == "+json";
  if (media_type.empty() || media_type == "+proto" || format.is_json) {
    return format;
  }
  return std::nullopt;
}

// "grpc-message" as doc/PROTOCOL-HTTP2.md wants it.
std::string PercentEncoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (c >= 0x20 && c <= 0x7e && c != '%') {
      encoded.push_back(c);
    } else {
      absl::StrAppend(&encoded,
                      absl::StrFormat("%%%02X", static_cast<uint8_t>(c)));
    }
  }
  return encoded;
}

// The last frame. Its names are in lower case, as in HTTP/2.
std::string TrailersFrame(const RpcResult& result) {
  std::string text =
      absl::StrCat("grpc-status: ", result.status.code(), "\r\n");
  if (!result.status.message().empty()) {
    absl::StrAppend(&text,
                    "grpc-message: ", PercentEncoded(result.status.message()),
                    "\r\n");
  }
  Headers trailers = ReplyHeaders(result.trailing, "");
  if (!result.status.details().empty()) {
    trailers.emplace_back(
        kDetails, absl::Base64Escape(result.status.SerializeAsString()));
  }
  for (const auto& [name, value] : trailers) {
    absl::StrAppend(&text, name, ": ", value, "\r\n");
  }
  return Frame(kTrailersFlag, text);
}

class GrpcWebWriter final : public StreamWriter {
 public:
  // `method` is null if no message is written.
  GrpcWebWriter(std::string content_type, Format format,
                const MethodDescriptor* method, const JsonCodec& json)
      : content_type_(std::move(content_type)),
        format_(format),
        method_(method),
        json_(json) {}

  Reply Head(const Headers& leading) const override {
    Reply reply = {.headers = {{"content-type", content_type_},
                               {"grpc-accept-encoding", kContentCodings}}};
    AddReplyHeaders(leading, "", reply.headers);
    return reply;
  }

  absl::StatusOr<std::string> Message(const std::string& bytes) const override {
    KITH_ASSIGN_OR_RETURN(
        const std::string text,
        ResponseText(bytes, format_.is_json, *method_, json_));
    return Encoded(Frame(0, text));
  }

  std::string End(const RpcResult& result) const override {
    return Encoded(TrailersFrame(result));
  }

 private:
  // Each frame with a padding of its own: it is sent at once.
  std::string Encoded(const std::string& frame) const {
    return format_.is_text ? absl::Base64Escape(frame) : frame;
  }

  const std::string content_type_;
  const Format format_;
  const MethodDescriptor* const method_;
  const JsonCodec& json_;
};

Reply Answer(const StreamWriter& writer, const RpcResult& result) {
  RpcResult ended = result;
  std::string message;
  if (result.status.code() == 0) {
    if (auto text = writer.Message(result.message); text.ok()) {
      message = *std::move(text);
    } else {
      ended.status = status::ToProto(text.status());
    }
  }
  Reply reply = writer.Whole(ended);
  reply.body.insert(0, message);
  return reply;
}

Reply MethodNotAllowed(absl::string_view media_type) {
  Reply reply = GrpcWeb::ErrorReply(
      absl::UnimplementedError("gRPC-Web takes POST"), 405, media_type);
  reply.headers.emplace_back("allow", "POST");
  return reply;
}

}  // namespace

bool GrpcWeb::Takes(absl::string_view media_type) {
  return absl::StartsWith(media_type, kGrpcWeb);
}

Reply GrpcWeb::ErrorReply(const absl::Status& error, int http_status,
                          absl::string_view media_type) {
  const bool is_text = absl::StartsWith(media_type, kGrpcWebText);
  const std::string frame = TrailersFrame({.status = status::ToProto(error)});
  return {.status = http_status,
          .headers = {{"content-type", is_text ? kGrpcWebText : kGrpcWeb}},
          .body = is_text ? absl::Base64Escape(frame) : frame};
}

Reading GrpcWeb::Read(const Request& request,
                      const MethodDescriptor* method) const {
  const Headers& headers = request.head.headers;
  const std::string type = MediaType(FindHeader(headers, "content-type"));
  const std::optional<Format> format = ParseFormat(type);
  if (!format.has_value()) {
    return ErrorReply(
        absl::UnimplementedError(
            "the type must be application/grpc-web or application/"
            "grpc-web-text, with +proto or +json or neither"),
        415, type);
  }
  if (request.head.method != "POST") return MethodNotAllowed(type);
  if (method == nullptr) {
    return ErrorReply(absl::UnimplementedError("no such method"), 404, type);
  }
  RpcCall call;
  call.method = method;
  call.route = PathOf(*method);
  const auto writer =
      std::make_shared<GrpcWebWriter>(type, *format, method, json_);
  if (const absl::Status status =
          Fill(request, format->is_text, format->is_json, call);
      !status.ok()) {
    return writer->Whole({.status = status::ToProto(status)});
  }
  if (method->server_streaming()) {
    call.writer = writer;
  } else {
    call.write = [writer](const RpcResult& result) {
      return Answer(*writer, result);
    };
  }
  return call;
}

absl::Status GrpcWeb::Fill(const Request& request, bool is_text, bool is_json,
                           RpcCall& call) const {
  const MethodDescriptor& method = *call.method;
  const Headers& headers = request.head.headers;
  if (method.client_streaming()) {
    return absl::UnimplementedError("gRPC-Web has no streams of requests");
  }
  KITH_ASSIGN_OR_RETURN(call.timeout, GrpcTimeout(headers));
  KITH_ASSIGN_OR_RETURN(call.metadata, RequestMetadata(headers));
  std::string body = request.body;
  if (is_text) {
    KITH_ASSIGN_OR_RETURN(body, DecodeBase64Pieces(request.body));
  }
  KITH_ASSIGN_OR_RETURN(
      call.messages, RequestsIn(body,
                                {.coding = FindHeader(headers, "grpc-encoding"),
                                 .is_json = is_json,
                                 .most = message_bytes_},
                                method, json_));
  return absl::OkStatus();
}

}  // namespace kith::edge
