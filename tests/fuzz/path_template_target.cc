// Path templates and the trie of them (gateway/edge/routes). The input is
// lines: templates, and a path as the last one.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gateway/edge/routes/path_template.h"
#include "gateway/edge/routes/route_trie.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

using edge::PathTemplate;
using Kind = PathTemplate::Segment::Kind;

constexpr size_t kMostTemplates = 8;

std::string TextOf(const PathTemplate::Segment& segment) {
  switch (segment.kind) {
    case Kind::kOne:
      return "*";
    case Kind::kRest:
      return "**";
    default:
      return segment.text;
  }
}

// Writes a template from its parts, all variables with their pattern.
std::string Written(const PathTemplate& path) {
  std::string text;
  for (size_t i = 0; i < path.segments.size();) {
    const auto variable =
        std::find_if(path.variables.begin(), path.variables.end(),
                     [&](const auto& other) { return other.begin == i; });
    if (variable == path.variables.end()) {
      absl::StrAppend(&text, "/", TextOf(path.segments[i++]));
      continue;
    }
    std::vector<std::string> parts;
    while (i < variable->end) parts.push_back(TextOf(path.segments[i++]));
    absl::StrAppend(&text, "/{", variable->field, "=",
                    absl::StrJoin(parts, "/"), "}");
  }
  return path.verb.empty() ? text : absl::StrCat(text, ":", path.verb);
}

void CheckTemplate(const PathTemplate& path) {
  Require(!path.segments.empty(), "a template has a segment");
  for (size_t i = 0; i + 1 < path.segments.size(); ++i) {
    Require(path.segments[i].kind != Kind::kRest, "** is the last");
  }
  size_t end = 0;
  for (const auto& variable : path.variables) {
    Require(variable.begin >= end && variable.begin < variable.end &&
                variable.end <= path.segments.size(),
            "variables follow each other");
    end = variable.end;
  }
  const std::string text = Written(path);
  const auto again = PathTemplate::Parse(text);
  Require(again.ok() && Written(*again) == text,
          "a template that is written anew is the same");
}

// By the rules alone, without a trie: what of a path a template takes; nothing
// if it does not take the path.
std::optional<edge::PathSegments> Taken(const PathTemplate& path,
                                        absl::string_view raw) {
  if (!path.verb.empty() &&
      !absl::ConsumeSuffix(&raw, absl::StrCat(":", path.verb))) {
    return std::nullopt;
  }
  const auto segments = edge::PathSegments::Split(raw);
  if (!segments.ok()) return std::nullopt;
  const bool rest = path.segments.back().kind == Kind::kRest;
  const size_t size = segments->text.size();
  if (rest ? size < path.segments.size() : size != path.segments.size()) {
    return std::nullopt;
  }
  for (size_t i = 0; i < path.segments.size(); ++i) {
    const auto& segment = path.segments[i];
    if (segment.kind == Kind::kLiteral ? segments->text[i] != segment.text
                                       : segments->text[i].empty()) {
      return std::nullopt;
    }
  }
  return *segments;
}

bool AreSame(const edge::RouteTrie::Match& one,
             const edge::RouteTrie::Match& other) {
  return one.route == other.route && one.variables == other.variables &&
         one.allowed == other.allowed;
}

// Compares what the trie finds with all templates one by one. The template of
// a route is that with its number; there are no two that take the same paths.
void CheckFind(const std::vector<PathTemplate>& templates,
               const edge::RouteTrie& trie, absl::string_view path) {
  const auto match = trie.Find("GET", path);
  if (!match.ok()) {
    Require(absl::IsInvalidArgument(match.status()), "one code for faults");
    return;
  }
  const bool any = std::any_of(
      templates.begin(), templates.end(),
      [&](const auto& other) { return Taken(other, path).has_value(); });
  Require((match->route >= 0) == any, "a path that has a template is found");
  const auto post = trie.Find("POST", path);
  Require(post.ok() && post->route == -1 && post->allowed.empty() == !any,
          "a path without a route of the method names those of others");
  if (!any) return;
  const PathTemplate& found = templates[match->route];
  const auto taken = Taken(found, path);
  Require(taken.has_value(), "the template takes the path");
  Require(match->variables.size() == found.variables.size(),
          "each variable has a value");
  for (size_t i = 0; i < found.variables.size(); ++i) {
    const auto& variable = found.variables[i];
    const std::string& value = match->variables[i].second;
    Require(!value.empty(), "no value is empty");
    const bool single = variable.end - variable.begin == 1 && !variable.to_end;
    Require(!single || value == taken->text[variable.begin],
            "a value is what the path has in its place");
  }
}

}  // namespace

void FuzzPathTemplate(absl::string_view input) {
  std::vector<absl::string_view> lines = absl::StrSplit(input, '\n');
  const absl::string_view path = lines.back();
  lines.pop_back();
  lines.resize(std::min(lines.size(), kMostTemplates));
  std::vector<PathTemplate> templates;
  edge::RouteTrie trie;
  for (const absl::string_view line : lines) {
    auto parsed = PathTemplate::Parse(line);
    if (!parsed.ok()) continue;
    CheckTemplate(*parsed);
    const int route = static_cast<int>(templates.size());
    const auto other = trie.Add("GET", *parsed, route);
    if (!other.has_value()) templates.push_back(*std::move(parsed));
  }
  edge::RouteTrie reversed;
  for (size_t i = templates.size(); i-- > 0;) {
    Require(!reversed.Add("GET", templates[i], static_cast<int>(i)).has_value(),
            "what is ambiguous does not depend on the order");
  }
  const auto one = trie.Find("GET", path);
  const auto other = reversed.Find("GET", path);
  Require(one.ok() == other.ok() && (!one.ok() || AreSame(*one, *other)),
          "the order of templates does not matter");
  if (absl::StartsWith(path, "/")) CheckFind(templates, trie, path);
}

}  // namespace kith::fuzz
