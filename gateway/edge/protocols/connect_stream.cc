#include "gateway/edge/protocols/connect_stream.h"

#include <utility>

#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/envelope.h"
#include "gateway/edge/codecs/error_body.h"
#include "gateway/edge/codecs/gzip.h"
#include "gateway/edge/codecs/timeouts.h"
#include "gateway/edge/protocols/connect_unary.h"
#include "gateway/edge/protocols/content_coding.h"
#include "gateway/edge/protocols/messages.h"

namespace kith::edge {
namespace {

using google::protobuf::MethodDescriptor;

constexpr char kStreamJson[] = "application/connect+json";
constexpr char kStreamProto[] = "application/connect+proto";

class ConnectWriter final : public StreamWriter {
 public:
  ConnectWriter(const MethodDescriptor& method, const JsonCodec& json,
                bool is_json, bool takes_gzip)
      : method_(method),
        json_(json),
        is_json_(is_json),
        takes_gzip_(takes_gzip) {}

  Reply Head(const Headers& leading) const override {
    Reply reply = {
        .headers = {{"content-type", is_json_ ? kStreamJson : kStreamProto},
                    {"connect-accept-encoding", kContentCodings}}};
    if (takes_gzip_) {
      reply.headers.emplace_back("connect-content-encoding", "gzip");
    }
    AddReplyHeaders(leading, "", reply.headers);
    return reply;
  }

  absl::StatusOr<std::string> Message(const std::string& bytes) const override {
    KITH_ASSIGN_OR_RETURN(const std::string text,
                          ResponseText(bytes, is_json_, method_, json_));
    const bool pack = takes_gzip_ && text.size() >= kLeastGzipBytes;
    return pack ? Frame(kCompressedFlag, Gzip(text)) : Frame(0, text);
  }

  std::string End(const RpcResult& result) const override {
    return Frame(
        kEndStreamFlag,
        ConnectEndBody(result.status, ReplyHeaders(result.trailing, "")));
  }

 private:
  const MethodDescriptor& method_;
  const JsonCodec& json_;
  const bool is_json_;
  const bool takes_gzip_;
};

}  // namespace

bool ConnectStream::Takes(absl::string_view media_type) {
  return media_type == kStreamJson || media_type == kStreamProto;
}

Reply ConnectStream::ErrorReply(const absl::Status& error,
                                absl::string_view media_type) {
  return {.headers = {{"content-type", std::string(media_type)},
                      {"connect-accept-encoding", kContentCodings}},
          .body = Frame(kEndStreamFlag,
                        ConnectEndBody(status::ToProto(error), {}))};
}

Reading ConnectStream::Read(const Request& request,
                            const MethodDescriptor& method) const {
  const Headers& headers = request.head.headers;
  if (IsUnary(method)) return ConnectUnary::UnsupportedType(method);
  const std::string type = MediaType(FindHeader(headers, "content-type"));
  const FrameFormat format = {
      .coding = FindHeader(headers, "connect-content-encoding"),
      .is_json = type == kStreamJson,
      .most = message_bytes_};
  RpcCall call;
  call.writer = std::make_shared<ConnectWriter>(
      method, json_, format.is_json,
      AcceptsGzip(FindHeader(headers, "connect-accept-encoding")));
  const auto fill = [&]() -> absl::Status {
    KITH_RETURN_IF_ERROR(CheckConnectVersion(headers));
    KITH_ASSIGN_OR_RETURN(call.timeout, ConnectTimeout(headers));
    KITH_ASSIGN_OR_RETURN(call.metadata, RequestMetadata(headers));
    KITH_ASSIGN_OR_RETURN(call.messages,
                          RequestsIn(request.body, format, method, json_));
    return absl::OkStatus();
  };
  if (const absl::Status status = fill(); !status.ok()) {
    return ErrorReply(status, type);
  }
  call.method = &method;
  call.route = PathOf(method);
  return call;
}

}  // namespace kith::edge
