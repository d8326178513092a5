#include "gateway/hooks/reading/expression_validation.h"

#include "absl/time/time.h"
#include "gateway/hooks/reading/document.h"
#include "gateway/hooks/reading/expression.h"

namespace kith::gateway {
namespace {

using config::v1::Condition;
using config::v1::Expression;
using config::v1::TextStep;
using config::v1::TimeFormat;
using google::protobuf::RepeatedPtrField;

constexpr int kMostConditions = 20;
constexpr int kMostConditionTexts = 100;
constexpr int kMostSteps = 10;
constexpr int kMostOthers = 10;
constexpr int kMostMapTexts = 500;
constexpr int kMostCharacters = 50'000;

}  // namespace

void ConnectorFaults::CheckCount(absl::string_view place, int count, int least,
                                 int most) {
  if (count >= least && count <= most) return;
  Add(place, count, " of them, want ", least, " to ", most);
}

void ConnectorFaults::CheckExpression(const std::string& place,
                                      const Expression& expression) {
  CheckValue(place, expression);
  CheckCount(place + ".steps", expression.steps_size(), 0, kMostSteps);
  for (int i = 0; i < expression.steps_size(); ++i) {
    CheckStep(absl::StrCat(place, ".steps[", i, "]"), expression.steps(i));
  }
  CheckCount(place + ".otherwise", expression.otherwise_size(), 0, kMostOthers);
  for (int i = 0; i < expression.otherwise_size(); ++i) {
    const std::string other = absl::StrCat(place, ".otherwise[", i, "]");
    if (!expression.otherwise(i).otherwise().empty()) {
      Add(other, "has `otherwise` of its own, want them in one list");
      continue;
    }
    CheckExpression(other, expression.otherwise(i));
  }
}

void ConnectorFaults::CheckConditions(
    const std::string& place, const RepeatedPtrField<Condition>& conditions) {
  CheckCount(place, conditions.size(), 0, kMostConditions);
  for (int i = 0; i < conditions.size(); ++i) {
    const std::string each = absl::StrCat(place, "[", i, "]");
    CheckExpression(each + ".value", conditions[i].value());
    CheckCount(each + ".in", conditions[i].in_size(), 0, kMostConditionTexts);
  }
}

void ConnectorFaults::CheckValue(const std::string& place,
                                 const Expression& expression) {
  const auto check_path = [&](absl::string_view path) {
    const absl::Status fault = CheckPath(path);
    if (!fault.ok()) Add(place, fault.message());
  };
  switch (expression.value_case()) {
    case Expression::kPath:
      check_path(expression.path());
      break;
    case Expression::kTemplate: {
      const auto parts = PartsOfTemplate(expression.template_());
      if (!parts.ok()) {
        Add(place, parts.status().message());
        break;
      }
      for (const TemplatePart& part : *parts) {
        if (part.is_path) check_path(part.text);
      }
      break;
    }
    case Expression::kConstant:
      if (expression.constant().empty()) {
        Add(place, "constant is empty, want a text");
      }
      break;
    case Expression::VALUE_NOT_SET:
      Add(place, "has no value, want a path, a constant or a template");
      break;
  }
}

void ConnectorFaults::CheckStep(const std::string& place,
                                const TextStep& step) {
  switch (step.step_case()) {
    case TextStep::kTextCase:
      if (step.text_case() != config::v1::TEXT_CASE_LOWER &&
          step.text_case() != config::v1::TEXT_CASE_UPPER) {
        Add(place, "text_case, want LOWER or UPPER");
      }
      break;
    case TextStep::kMap:
      CheckCount(place + ".map.texts",
                 static_cast<int>(step.map().texts().size()),
                 step.map().has_otherwise() ? 0 : 1, kMostMapTexts);
      break;
    case TextStep::kTime:
      CheckTime(place + ".time", step.time());
      break;
    case TextStep::kAtMost:
      if (step.at_most() < 1 || step.at_most() > kMostCharacters) {
        Add(place, "at_most ", step.at_most(), ", want 1 to ", kMostCharacters);
      }
      break;
    case TextStep::kStripPrefix:
    case TextStep::kBefore:
    case TextStep::kAfter:
    case TextStep::kMailHeader:
      if (step.strip_prefix().empty() && step.before().empty() &&
          step.after().empty() && step.mail_header().empty()) {
        Add(place, "is empty, want a text");
      }
      break;
    case TextStep::STEP_NOT_SET:
      Add(place, "is not set, want a step");
      break;
  }
}

void ConnectorFaults::CheckTime(const std::string& place,
                                const TimeFormat& time) {
  absl::TimeZone zone;
  if (!time.zone().empty() && !absl::LoadTimeZone(time.zone(), &zone)) {
    Add(place, "zone \"", time.zone(), "\" is not known here");
  }
  const bool has_name =
      time.named() != config::v1::NAMED_TIME_FORMAT_UNSPECIFIED &&
      config::v1::NamedTimeFormat_IsValid(time.named());
  if (!has_name && time.pattern().empty()) {
    Add(place, "has no form, want `named` or `pattern`");
  }
}

}  // namespace kith::gateway
