#include "gateway/hooks/reading/expression.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "gateway/hooks/reading/text_steps.h"

namespace kith::gateway {
namespace {

using config::v1::Condition;
using config::v1::Expression;

absl::Status AtSource(absl::string_view source, const absl::Status& fault) {
  return absl::InvalidArgumentError(
      absl::StrCat(source, ": ", fault.message()));
}

absl::StatusOr<std::string> TextAt(const std::string& path,
                                   const HookScope& scope) {
  KITH_ASSIGN_OR_RETURN(const Json* const value, FindAt(path, scope));
  auto text = TextOf(value);
  if (!text.ok()) return AtSource(path, text.status());
  return text;
}

// A template with its values.
struct FilledTemplate {
  std::string text = {};
  bool has_value = false;
  bool lacks_value = false;
};

absl::StatusOr<FilledTemplate> Fill(const std::string& pattern,
                                    const HookScope& scope) {
  KITH_ASSIGN_OR_RETURN(const std::vector<TemplatePart> parts,
                        PartsOfTemplate(pattern));
  FilledTemplate filled;
  for (const TemplatePart& part : parts) {
    if (!part.is_path) {
      filled.text += part.text;
      continue;
    }
    KITH_ASSIGN_OR_RETURN(const std::string value, TextAt(part.text, scope));
    (value.empty() ? filled.lacks_value : filled.has_value) = true;
    filled.text += value;
  }
  return filled;
}

absl::StatusOr<std::string> TextOfTemplate(const std::string& pattern,
                                           const HookScope& scope) {
  KITH_ASSIGN_OR_RETURN(const FilledTemplate filled, Fill(pattern, scope));
  if (!filled.has_value) return "";
  // Where a value between two spaces is missing.
  std::string joined;
  for (const char c : filled.text) {
    if (c == ' ' && absl::EndsWith(joined, " ")) continue;
    joined += c;
  }
  return std::string(absl::StripAsciiWhitespace(joined));
}

absl::StatusOr<std::string> KeyOfTemplate(const std::string& pattern,
                                          const HookScope& scope) {
  KITH_ASSIGN_OR_RETURN(FilledTemplate filled, Fill(pattern, scope));
  return filled.lacks_value ? "" : std::move(filled.text);
}

absl::StatusOr<std::string> BeforeSteps(const Expression& expression,
                                        const HookScope& scope) {
  switch (expression.value_case()) {
    case Expression::kPath:
      return TextAt(expression.path(), scope);
    case Expression::kConstant:
      return expression.constant();
    case Expression::kTemplate:
      return TextOfTemplate(expression.template_(), scope);
    case Expression::kKeyTemplate:
      return KeyOfTemplate(expression.key_template(), scope);
    case Expression::VALUE_NOT_SET:
      break;
  }
  return "";
}

}  // namespace

const std::string& SourceOf(const Expression& expression) {
  switch (expression.value_case()) {
    case Expression::kPath:
      return expression.path();
    case Expression::kConstant:
      return expression.constant();
    case Expression::kKeyTemplate:
      return expression.key_template();
    default:
      return expression.template_();
  }
}

absl::StatusOr<std::vector<std::string>> PathsOf(const Expression& expression) {
  if (expression.has_path()) {
    return std::vector<std::string>{expression.path()};
  }
  std::vector<std::string> paths;
  if (expression.has_constant()) return paths;
  KITH_ASSIGN_OR_RETURN(std::vector<TemplatePart> parts,
                        PartsOfTemplate(SourceOf(expression)));
  for (TemplatePart& part : parts) {
    if (part.is_path) paths.push_back(std::move(part.text));
  }
  return paths;
}

absl::StatusOr<std::string> Evaluate(const Expression& expression,
                                     const HookScope& scope) {
  KITH_ASSIGN_OR_RETURN(std::string text, BeforeSteps(expression, scope));
  for (const config::v1::TextStep& step : expression.steps()) {
    if (text.empty()) break;
    auto next = ApplyStep(step, text, scope.zone);
    if (!next.ok()) return AtSource(SourceOf(expression), next.status());
    text = *std::move(next);
  }
  for (const Expression& other : expression.otherwise()) {
    if (!text.empty()) break;
    KITH_ASSIGN_OR_RETURN(text, Evaluate(other, scope));
  }
  return text;
}

absl::StatusOr<bool> Holds(const Condition& condition, const HookScope& scope) {
  KITH_ASSIGN_OR_RETURN(const std::string text,
                        Evaluate(condition.value(), scope));
  const bool is_any = condition.in().empty() && condition.starts_with().empty();
  const bool is_in =
      absl::c_any_of(condition.in(), [&](const std::string& each) {
        return absl::EqualsIgnoreCase(text, each);
      });
  const bool starts = !condition.starts_with().empty() &&
                      absl::StartsWith(text, condition.starts_with());
  const bool holds = is_any ? !text.empty() : is_in || starts;
  return holds != condition.negated();
}

absl::StatusOr<bool> AllHold(
    const google::protobuf::RepeatedPtrField<Condition>& conditions,
    const HookScope& scope) {
  for (const Condition& condition : conditions) {
    KITH_ASSIGN_OR_RETURN(const bool holds, Holds(condition, scope));
    if (!holds) return false;
  }
  return true;
}

absl::StatusOr<std::vector<TemplatePart>> PartsOfTemplate(
    absl::string_view text) {
  std::vector<TemplatePart> parts;
  while (!text.empty()) {
    if (absl::StartsWith(text, "{{")) {
      parts.push_back({.is_path = false, .text = "{"});
      text.remove_prefix(2);
    } else if (text.front() == '{') {
      const size_t end = text.find('}');
      if (end == absl::string_view::npos) {
        return absl::InvalidArgumentError(
            R"(template, want a "}" for each "{")");
      }
      parts.push_back(
          {.is_path = true, .text = std::string(text.substr(1, end - 1))});
      text.remove_prefix(end + 1);
    } else {
      const size_t end = std::min(text.find('{'), text.size());
      parts.push_back(
          {.is_path = false, .text = std::string(text.substr(0, end))});
      text.remove_prefix(end);
    }
  }
  return parts;
}

}  // namespace kith::gateway
