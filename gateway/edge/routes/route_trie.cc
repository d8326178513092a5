#include "gateway/edge/routes/route_trie.h"

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/target.h"

namespace kith::edge {
namespace {

using Kind = PathTemplate::Segment::Kind;

// A segment of a request, once more for a variable of several segments.
std::string KeepSlash(const std::string& raw) {
  // It could be decoded before.
  return *PercentDecode(raw, Keep::kSlash);
}

}  // namespace

// A search for one path with one verb.
class RouteTrie::Search {
 public:
  Search(absl::string_view method, absl::string_view verb,
         const PathSegments& segments, Match& match)
      : method_(method), verb_(verb), segments_(segments), match_(match) {}

  // Looks below `node`, which has taken the segments before `next`. Returns
  // true if it has found the route.
  bool Below(const Node& node, size_t next) {
    if (next == segments_.text.size()) return Take(node);
    const std::string& text = segments_.text[next];
    const auto literal = node.literals.find(text);
    if (literal != node.literals.end() && Below(*literal->second, next + 1)) {
      return true;
    }
    if (text.empty()) return false;
    if (node.one != nullptr && Below(*node.one, next + 1)) return true;
    return node.rest != nullptr && Take(*node.rest);
  }

 private:
  bool Take(const Node& node) {
    const auto methods = node.leaves.find(verb_);
    if (methods == node.leaves.end()) return false;
    for (const auto& [method, leaf] : methods->second) {
      match_.allowed.insert(method);
    }
    const auto leaf = methods->second.find(method_);
    if (leaf == methods->second.end()) return false;
    match_.route = leaf->second.route;
    for (const PathTemplate::Variable& variable : leaf->second.variables) {
      match_.variables.emplace_back(variable.field, ValueOf(variable));
    }
    return true;
  }

  std::string ValueOf(const PathTemplate::Variable& variable) const {
    const size_t end = variable.to_end ? segments_.raw.size() : variable.end;
    if (!variable.to_end && end - variable.begin == 1) {
      return segments_.text[variable.begin];
    }
    std::string value = KeepSlash(segments_.raw[variable.begin]);
    for (size_t i = variable.begin + 1; i < end; ++i) {
      absl::StrAppend(&value, "/", KeepSlash(segments_.raw[i]));
    }
    return value;
  }

  const std::string method_;
  const std::string verb_;
  const PathSegments& segments_;
  Match& match_;
};

std::optional<int> RouteTrie::Add(absl::string_view method,
                                  const PathTemplate& path, int route) {
  Node* node = &root_;
  for (const PathTemplate::Segment& segment : path.segments) {
    std::unique_ptr<Node>& next = segment.kind == Kind::kLiteral
                                      ? node->literals[segment.text]
                                  : segment.kind == Kind::kOne ? node->one
                                                               : node->rest;
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
  }
  const auto [leaf, added] = node->leaves[path.verb].emplace(
      std::string(method), Leaf{route, path.variables});
  if (added) return std::nullopt;
  return leaf->second.route;
}

absl::StatusOr<RouteTrie::Match> RouteTrie::Find(absl::string_view method,
                                                 absl::string_view path) const {
  Match match;
  const size_t colon = path.rfind(':');
  if (colon != absl::string_view::npos && colon + 1 < path.size() &&
      path.find('/', colon) == absl::string_view::npos) {
    KITH_ASSIGN_OR_RETURN(const PathSegments segments,
                          PathSegments::Split(path.substr(0, colon)));
    if (Search(method, path.substr(colon + 1), segments, match)
            .Below(root_, 0)) {
      return match;
    }
  }
  // A colon may also belong to an id.
  KITH_ASSIGN_OR_RETURN(const PathSegments segments, PathSegments::Split(path));
  Search(method, "", segments, match).Below(root_, 0);
  return match;
}

}  // namespace kith::edge
