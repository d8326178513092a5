#include "gateway/edge/routes/path_template.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/target.h"

namespace kith::edge {
namespace {

using Segment = PathTemplate::Segment;

bool IsFieldPath(absl::string_view text) {
  return !text.empty() && !absl::EndsWith(text, ".") &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '_' || c == '.';
         });
}

bool IsLiteral(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '.' ||
           c == '~' || c == '$';
  });
}

// Reads one template from its start to its end.
class TemplateReader {
 public:
  explicit TemplateReader(absl::string_view text) : text_(text), rest_(text) {}

  absl::StatusOr<PathTemplate> Read() {
    do {
      if (!absl::ConsumePrefix(&rest_, "/")) return Fault(R"(want a "/")");
      KITH_RETURN_IF_ERROR(absl::StartsWith(rest_, "{")
                               ? ReadVariable()
                               : AddSegment(Take("/:{}")));
    } while (absl::StartsWith(rest_, "/"));
    if (absl::ConsumePrefix(&rest_, ":")) {
      result_.verb = std::string(rest_);
      if (!IsLiteral(rest_)) return Fault(R"(no verb behind the ":")");
      rest_ = "";
    }
    if (!rest_.empty()) return Fault(absl::StrCat("\"", rest_, "\" is left"));
    return std::move(result_);
  }

 private:
  absl::Status Fault(absl::string_view problem) const {
    return absl::InvalidArgumentError(
        absl::StrCat("path template \"", text_, "\": ", problem));
  }

  // Takes what comes before the first of `ends`.
  absl::string_view Take(absl::string_view ends) {
    const size_t size = std::min(rest_.find_first_of(ends), rest_.size());
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  absl::Status AddSegment(absl::string_view text) {
    if (!result_.segments.empty() &&
        result_.segments.back().kind == Segment::Kind::kRest) {
      return Fault(R"("**" must be the last segment)");
    }
    if (text == "*") {
      result_.segments.push_back({Segment::Kind::kOne, ""});
    } else if (text == "**") {
      result_.segments.push_back({Segment::Kind::kRest, ""});
    } else if (IsLiteral(text)) {
      result_.segments.push_back({Segment::Kind::kLiteral, std::string(text)});
    } else {
      return Fault(absl::StrCat("\"", text, "\" is no segment"));
    }
    return absl::OkStatus();
  }

  absl::Status ReadVariable() {
    rest_.remove_prefix(1);
    const std::string field(Take("=}"));
    if (!IsFieldPath(field)) return Fault("a variable without a field");
    for (const auto& variable : result_.variables) {
      if (variable.field == field) return Fault("binds a field twice");
    }
    absl::string_view pattern = "*";
    if (absl::ConsumePrefix(&rest_, "=")) pattern = Take("}");
    if (!absl::ConsumePrefix(&rest_, "}")) return Fault(R"(a "{" without "}")");
    const size_t begin = result_.segments.size();
    for (const absl::string_view part : absl::StrSplit(pattern, '/')) {
      KITH_RETURN_IF_ERROR(AddSegment(part));
    }
    result_.variables.push_back(
        {field, begin, result_.segments.size(),
         result_.segments.back().kind == Segment::Kind::kRest});
    return absl::OkStatus();
  }

  const absl::string_view text_;
  absl::string_view rest_;
  PathTemplate result_;
};

}  // namespace

absl::StatusOr<PathTemplate> PathTemplate::Parse(absl::string_view text) {
  return TemplateReader(text).Read();
}

absl::StatusOr<PathSegments> PathSegments::Split(absl::string_view path) {
  PathSegments segments;
  absl::ConsumePrefix(&path, "/");
  for (const absl::string_view part : absl::StrSplit(path, '/')) {
    KITH_ASSIGN_OR_RETURN(std::string text, PercentDecode(part));
    segments.raw.emplace_back(part);
    segments.text.push_back(std::move(text));
  }
  return segments;
}

}  // namespace kith::edge
