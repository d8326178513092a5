#ifndef KITH_GATEWAY_EDGE_ROUTES_REST_MESSAGE_H_
#define KITH_GATEWAY_EDGE_ROUTES_REST_MESSAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/codecs/target.h"
#include "gateway/edge/routes/routes.h"
#include "google/protobuf/message.h"

namespace kith::edge {

// Between REST calls and the messages of their methods. Thread-safe.
class RestMessages {
 public:
  // A body and its type.
  struct Content {
    std::string type;
    std::string bytes;
  };

  // `factory` makes messages of the types of the routes. Both arguments must
  // outlive the object.
  RestMessages(const JsonCodec& json, google::protobuf::MessageFactory& factory)
      : json_(json), factory_(factory) {}

  // Returns the request of a REST call as bytes: the body, then the variables
  // of the path, then the query. Fields of the query are named by their path
  // in the request, as in the proto or in JSON, or by a short name of the
  // method; a repeated field may be given several times.
  //
  // A PATCH of a field gets its update mask, if the request has one and the
  // query does not set it, from the names in the body, except for the etag and
  // for what the path has.
  //
  // INVALID_ARGUMENT if the body is not JSON of its type, or there is one where
  // the route has none, or another value for a field of the path; if a
  // parameter is unknown, does not fit its type, is given twice with different
  // values, or is bound by path or body.
  absl::StatusOr<std::string> Request(const Routes::RestMatch& match,
                                      const Query& query,
                                      absl::string_view body) const;

  // Returns the body of the reply for a response as bytes: JSON, or what a
  // google.api.HttpBody holds. INTERNAL if the response cannot be written.
  absl::StatusOr<Content> Reply(const RestRoute& route,
                                const std::string& response) const;

 private:
  absl::Status AddBody(const RestRoute& route, absl::string_view body,
                       google::protobuf::Message& request) const;

  const JsonCodec& json_;
  google::protobuf::MessageFactory& factory_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_ROUTES_REST_MESSAGE_H_
