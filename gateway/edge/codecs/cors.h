#ifndef KITH_GATEWAY_EDGE_CODECS_CORS_H_
#define KITH_GATEWAY_EDGE_CODECS_CORS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/codecs/metadata.h"

namespace kith::edge {

// Which web pages of other origins may call (fetch.spec.whatwg.org, "CORS
// protocol"). Thread-safe.
class Cors {
 public:
  // `origins` as browsers send them, such as "https://app.example.com". Pages
  // of all other origins are refused by the browser, as replies to them have no
  // Access-Control-Allow-Origin.
  explicit Cors(const std::vector<std::string>& origins)
      : origins_(origins.begin(), origins.end()) {}

  // Returns true if a request with these headers asks whether a page may make
  // another request.
  static bool IsPreflight(absl::string_view method, const Headers& request);

  // Returns the headers of the reply to a preflight, whose status is 204,
  // beside those that AddHeaders adds to every reply.
  Headers Preflight(const Headers& request) const;

  // Adds to a reply what lets a page of an allowed origin read it.
  void AddHeaders(const Headers& request, Headers& reply) const;

 private:
  // The origin of the request if it is allowed, else "".
  absl::string_view AllowedOrigin(const Headers& request) const;

  const absl::flat_hash_set<std::string> origins_;
};

// Returns true if `text` is an origin: "https://app.example.com:8443".
bool IsOrigin(absl::string_view text);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_CORS_H_
