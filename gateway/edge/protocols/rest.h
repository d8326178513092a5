#ifndef KITH_GATEWAY_EDGE_PROTOCOLS_REST_H_
#define KITH_GATEWAY_EDGE_PROTOCOLS_REST_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/codecs/target.h"
#include "gateway/edge/protocols/rpc_call.h"
#include "gateway/edge/routes/rest_message.h"
#include "gateway/edge/routes/routes.h"

namespace kith::edge {

// Calls of methods by their google.api.http annotations, with JSON bodies and
// errors as AIP-193 has them. A call takes a grpc-timeout. Thread-safe.
class Rest {
 public:
  // A body has at most `message_bytes` when it is decoded. The references must
  // outlive the object, as must the routes of the matches.
  Rest(const JsonCodec& json, google::protobuf::MessageFactory& factory,
       size_t message_bytes)
      : json_(json), messages_(json, factory), message_bytes_(message_bytes) {}

  // Reads a request whose path and HTTP method have this match of the routes.
  Reading Read(const Request& request, const Target& target,
               const absl::StatusOr<Routes::RestMatch>& match) const;

  // Returns the reply for an error; `http_status` 0 is that of its code.
  Reply ErrorReply(const absl::Status& error, int http_status = 0) const;

 private:
  // The reply if no route takes the request.
  Reply NoRoute(const Routes::RestMatch& match) const;

  // The body without its coding; the reply if it is not to be read.
  std::variant<Reply, std::string> ReadBody(const Request& request) const;

  Reply Write(const RpcResult& result, const RestRoute& route, bool gzip) const;

  const JsonCodec& json_;
  const RestMessages messages_;
  const size_t message_bytes_;
};

// Returns the reply for an error as AIP-193 has it; `http_status` 0 is that of
// its code.
Reply RestError(const google::rpc::Status& error, int http_status,
                const JsonCodec& json);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PROTOCOLS_REST_H_
