#ifndef KITH_GATEWAY_EDGE_CODECS_ERROR_BODY_H_
#define KITH_GATEWAY_EDGE_CODECS_ERROR_BODY_H_

#include <string>

#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/codecs/metadata.h"
#include "google/rpc/status.pb.h"

namespace kith::edge {

// Returns the body of a Connect error: {"code":"not_found","message":"...",
// "details":[{"type":"google.rpc.BadRequest","value":"<base64>"}]}. Without
// message or details where there are none.
std::string ConnectErrorBody(const google::rpc::Status& error);

// Returns the last message of a Connect stream: {"error":{...},"metadata":{
// "x-rows":["3"]}}. Without an error if the code is 0, and without metadata if
// there are none. `trailers` as ReplyHeaders returns them.
std::string ConnectEndBody(const google::rpc::Status& status,
                           const Headers& trailers);

// Returns the body of a REST error as AIP-193 has it: {"error":{"code":404,
// "message":"...","status":"NOT_FOUND","details":[{"@type":"..."}]}}, whose
// code is `http_status`. Leaves out a detail whose type the codec's pool does
// not have.
std::string RestErrorBody(const google::rpc::Status& error, int http_status,
                          const JsonCodec& json);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_ERROR_BODY_H_
