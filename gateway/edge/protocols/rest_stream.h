#ifndef KITH_GATEWAY_EDGE_PROTOCOLS_REST_STREAM_H_
#define KITH_GATEWAY_EDGE_PROTOCOLS_REST_STREAM_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/codecs/metadata.h"
#include "gateway/edge/protocols/rpc_call.h"
#include "google/protobuf/descriptor.h"

namespace kith::edge {

// The name of the field by which a stream is resumed where it has ended, in
// requests and responses.
inline constexpr char kResumeField[] = "resume_token";

// Returns true if a request wants events rather than lines: by "Accept:
// text/event-stream", as a browser's EventSource sends it.
bool WantsEvents(const Headers& request);

// Returns what writes the responses of a REST call with a stream of them.
//
// - As lines of JSON (application/x-ndjson): {"result":{...}} for each, and at
//   last {"error":{...}} as AIP-193 has it, if the call fails. Each line ends
//   with a newline.
// - As events (html.spec.whatwg.org, "Server-sent events"): the JSON of each
//   as a message, and at last an event "complete" without data, or "error" with
//   {"error":{...}}. The id of an event is the resume_token of the response, if
//   it has one, so that EventSource sends it again where it connects again.
//
// A call that fails before its first response has the status of its error.
// `json` must outlive the writer.
std::shared_ptr<const StreamWriter> MakeRestWriter(
    bool events, const google::protobuf::MethodDescriptor& method,
    const JsonCodec& json);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PROTOCOLS_REST_STREAM_H_
