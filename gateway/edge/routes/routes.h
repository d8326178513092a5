#ifndef KITH_GATEWAY_EDGE_ROUTES_ROUTES_H_
#define KITH_GATEWAY_EDGE_ROUTES_ROUTES_H_

#include <deque>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gateway/edge/routes/route_trie.h"
#include "google/api/http.pb.h"
#include "google/protobuf/descriptor.h"

namespace kith::edge {

// One way to call a method by REST.
struct RestRoute {
  const google::protobuf::MethodDescriptor* method = nullptr;
  // "GET", and the template as in the proto.
  std::string http_method;
  std::string pattern;
  // What the body is: the whole request, or a field of it; neither if there is
  // no body.
  bool body_is_request = false;
  const google::protobuf::FieldDescriptor* body = nullptr;
  // The field of the response that is the body of the reply; the whole response
  // if null.
  const google::protobuf::FieldDescriptor* response_body = nullptr;
  // Short names of query parameters, and the fields that they stand for.
  absl::flat_hash_map<std::string, std::string> short_names;
};

// How the methods of some services are called over HTTP, as their descriptors
// say. Immutable, so thread-safe.
class Routes {
 public:
  struct RestMatch {
    // Null if no route takes the request.
    const RestRoute* route = nullptr;
    // See RouteTrie::Match.
    std::vector<std::pair<std::string, std::string>> variables;
    std::set<std::string> allowed;
  };

  // FAILED_PRECONDITION with the method and the fault, if an annotation is
  // wrong or two of them are ambiguous. The descriptors must outlive the
  // routes.
  static absl::StatusOr<Routes> Make(
      absl::Span<const google::protobuf::ServiceDescriptor* const> services);

  // All ways to call a method by REST, in the order of the protos.
  const std::deque<RestRoute>& rest() const { return rest_; }

  // Returns the method with the path "/kith.gateway.v1.GatewayService/Method",
  // or null.
  const google::protobuf::MethodDescriptor* FindMethod(
      absl::string_view path) const;

  // Returns true if the path begins with the name of a service, so that only an
  // RPC protocol can be meant.
  bool IsRpcPath(absl::string_view path) const;

  // INVALID_ARGUMENT if the path is malformed.
  absl::StatusOr<RestMatch> FindRest(absl::string_view http_method,
                                     absl::string_view path) const;

 private:
  absl::Status AddMethod(const google::protobuf::MethodDescriptor& method);
  absl::Status AddRule(const google::protobuf::MethodDescriptor& method,
                       const google::api::HttpRule& rule);

  absl::flat_hash_set<std::string> services_;
  absl::flat_hash_map<std::string, const google::protobuf::MethodDescriptor*>
      methods_;
  // A deque, as the addresses of routes are handed out.
  std::deque<RestRoute> rest_;
  RouteTrie trie_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_ROUTES_ROUTES_H_
