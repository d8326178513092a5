#include "gateway/hooks/reading/document.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/status_macros.h"

namespace kith::gateway {
namespace {

constexpr absl::string_view kPathRoots[] = {
    "body", "item", "query", "header", "setting", "received_time", "sha256"};

// One step of a path: to a field, to an item by its place, or to the first item
// whose field has a value.
struct PathStep {
  std::string name = {};
  std::optional<int> place = std::nullopt;
  std::optional<std::string> wanted = std::nullopt;
};

absl::Status PathError(absl::string_view path, absl::string_view want) {
  return absl::InvalidArgumentError(
      absl::StrCat("path \"", path, "\", want ", want));
}

// Reads a path from its start to its end.
class PathReader {
 public:
  explicit PathReader(absl::string_view path) : path_(path) {}

  absl::StatusOr<std::vector<PathStep>> Read() {
    std::vector<PathStep> steps;
    steps.push_back({.name = ReadName(".[")});
    while (place_ < path_.size()) {
      const char border = path_[place_++];
      if (border == '.') {
        steps.push_back({.name = ReadName(".[")});
        if (steps.back().name.empty()) {
          return PathError(path_, "a name behind each \".\"");
        }
        continue;
      }
      KITH_ASSIGN_OR_RETURN(PathStep step, ReadBrackets());
      steps.push_back(std::move(step));
    }
    if (!absl::c_linear_search(kPathRoots, steps.front().name)) {
      return PathError(path_, absl::StrCat("one that begins with ",
                                           absl::StrJoin(kPathRoots, ", ")));
    }
    return steps;
  }

 private:
  // Reads up to one of the borders. What is behind a backslash is none.
  std::string ReadName(absl::string_view borders) {
    std::string name;
    while (place_ < path_.size() &&
           borders.find(path_[place_]) == absl::string_view::npos) {
      if (path_[place_] == '\\' && place_ + 1 < path_.size()) ++place_;
      name += path_[place_++];
    }
    return name;
  }

  absl::StatusOr<PathStep> ReadBrackets() {
    PathStep step = {.name = ReadName("=]")};
    if (place_ < path_.size() && path_[place_] == '=') {
      ++place_;
      step.wanted = ReadName("]");
    } else if (int place = -1;
               absl::SimpleAtoi(step.name, &place) && place >= 0) {
      step.place = place;
    }
    const bool ends_well =
        place_ + 1 == path_.size() ||
        (place_ + 1 < path_.size() &&
         (path_[place_ + 1] == '.' || path_[place_ + 1] == '['));
    if (place_ >= path_.size() || !ends_well || step.name.empty() ||
        (!step.place.has_value() && !step.wanted.has_value())) {
      return PathError(path_, "[NUMBER] or [NAME=VALUE]");
    }
    ++place_;
    return step;
  }

  const absl::string_view path_;
  size_t place_ = 0;
};

const Json* MemberOf(const Json& value, const std::string& name) {
  if (!value.is_object()) return nullptr;
  const auto it = value.find(name);
  return it == value.end() ? nullptr : &*it;
}

bool HasField(const Json& value, const PathStep& step) {
  const Json* const field = MemberOf(value, step.name);
  return field != nullptr && field->is_string() &&
         absl::EqualsIgnoreCase(field->get_ref<const std::string&>(),
                                *step.wanted);
}

const Json* Follow(const PathStep& step, const Json& value) {
  if (step.wanted.has_value()) {
    if (!value.is_array()) return nullptr;
    const auto it =
        std::find_if(value.begin(), value.end(),
                     [&](const Json& each) { return HasField(each, step); });
    return it == value.end() ? nullptr : &*it;
  }
  if (step.place.has_value()) {
    const auto place = static_cast<size_t>(*step.place);
    if (!value.is_array() || place >= value.size()) return nullptr;
    return &value[place];
  }
  return MemberOf(value, step.name);
}

std::string ScalarText(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  // A number or a boolean, as JSON writes it.
  return value.dump();
}

}  // namespace

absl::StatusOr<const Json*> FindAt(absl::string_view path,
                                   const HookScope& scope) {
  KITH_ASSIGN_OR_RETURN(const std::vector<PathStep> steps,
                        PathReader(path).Read());
  const Json* value = steps.front().name == "item"
                          ? &scope.item
                          : MemberOf(scope.root, steps.front().name);
  for (size_t i = 1; i < steps.size() && value != nullptr; ++i) {
    value = Follow(steps[i], *value);
  }
  return value;
}

absl::Status CheckPath(absl::string_view path) {
  return PathReader(path).Read().status();
}

std::string NameUnder(absl::string_view path,
                      absl::Span<const absl::string_view> roots) {
  const auto steps = PathReader(path).Read();
  if (!steps.ok() || steps->size() < 2 ||
      !absl::c_linear_search(roots, steps->front().name)) {
    return "";
  }
  return (*steps)[1].name;
}

absl::StatusOr<std::string> TextOf(const Json* value) {
  if (value == nullptr) return "";
  if (value->is_object()) {
    return absl::InvalidArgumentError("is an object, want a text");
  }
  if (!value->is_array()) return ScalarText(*value);
  std::vector<std::string> texts;
  for (const Json& each : *value) {
    if (each.is_structured()) {
      return absl::InvalidArgumentError(
          "is a list of objects or lists, want a text");
    }
    texts.push_back(ScalarText(each));
  }
  return absl::StrJoin(texts, ", ");
}

}  // namespace kith::gateway
