#ifndef KITH_GATEWAY_EDGE_ROUTES_PATH_TEMPLATE_H_
#define KITH_GATEWAY_EDGE_ROUTES_PATH_TEMPLATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::edge {

// A path of a google.api.http annotation (google/api/http.proto has the
// syntax):
// "/v1/{name=shelves/*/books/*}:archive".
struct PathTemplate {
  struct Segment {
    enum class Kind {
      kLiteral,
      // "*": one segment that is not empty.
      kOne,
      // "**", the last one: one segment or more.
      kRest,
    };
    Kind kind = Kind::kLiteral;
    // Of a literal, decoded.
    std::string text;
  };

  // A field of the request, bound to the segments from `begin` to `end`.
  struct Variable {
    std::string field;
    size_t begin = 0;
    size_t end = 0;
    // The last of them is a "**".
    bool to_end = false;
  };

  std::vector<Segment> segments;
  std::vector<Variable> variables;
  // What follows the last ":", or "".
  std::string verb;

  // INVALID_ARGUMENT if `text` is no template, binds a field twice, or has a
  // "**" that is not last.
  static absl::StatusOr<PathTemplate> Parse(absl::string_view text);
};

// The path of a request, cut at each "/".
struct PathSegments {
  // As sent, each still encoded.
  std::vector<std::string> raw;
  // Decoded.
  std::vector<std::string> text;

  // INVALID_ARGUMENT if a segment is malformed.
  static absl::StatusOr<PathSegments> Split(absl::string_view path);
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_ROUTES_PATH_TEMPLATE_H_
