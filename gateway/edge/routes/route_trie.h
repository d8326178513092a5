#ifndef KITH_GATEWAY_EDGE_ROUTES_ROUTE_TRIE_H_
#define KITH_GATEWAY_EDGE_ROUTES_ROUTE_TRIE_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/routes/path_template.h"

namespace kith::edge {

// Finds the route of a request by HTTP method and path. A literal goes before
// "*", and that before "**", so that no order of routes matters. Not
// thread-safe while routes are added; const functions are.
class RouteTrie {
 public:
  struct Match {
    // The number that the route was added with; -1 if there is none.
    int route = -1;
    // Fields and what the path has for them, decoded. In a variable of several
    // segments, "%2F" stays encoded.
    std::vector<std::pair<std::string, std::string>> variables;
    // Of a path that has routes, but none for this HTTP method: theirs.
    std::set<std::string> allowed;
  };

  // Returns nullopt, or the route that was added before with this method and
  // takes the same paths; then nothing is added.
  std::optional<int> Add(absl::string_view method, const PathTemplate& path,
                         int route);

  // Returns the route of a path as it was sent. INVALID_ARGUMENT if the path is
  // malformed.
  absl::StatusOr<Match> Find(absl::string_view method,
                             absl::string_view path) const;

 private:
  struct Leaf {
    int route = -1;
    std::vector<PathTemplate::Variable> variables;
  };
  struct Node {
    absl::flat_hash_map<std::string, std::unique_ptr<Node>> literals;
    std::unique_ptr<Node> one;
    std::unique_ptr<Node> rest;
    // By verb, then by HTTP method.
    std::map<std::string, std::map<std::string, Leaf>> leaves;
  };
  // One search; see the .cc file.
  class Search;

  Node root_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_ROUTES_ROUTE_TRIE_H_
