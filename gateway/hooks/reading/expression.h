#ifndef KITH_GATEWAY_HOOKS_READING_EXPRESSION_H_
#define KITH_GATEWAY_HOOKS_READING_EXPRESSION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gateway/hooks/reading/document.h"
#include "google/protobuf/repeated_field.h"
#include "kith/config/v1/connectors.pb.h"

namespace kith::gateway {

// Pure functions. An INVALID_ARGUMENT says what is wrong with the request, such
// as `body.time: "noon" is no time ...`; of an expression that has passed
// FaultsOf (expression_validation.h) nothing else is.

// Returns the text of an expression; empty if there is none, or if it is unset.
absl::StatusOr<std::string> Evaluate(const config::v1::Expression& expression,
                                     const HookScope& scope);

// Returns true if a condition holds.
absl::StatusOr<bool> Holds(const config::v1::Condition& condition,
                           const HookScope& scope);

// Returns true if all of them hold, as they do if there is none.
absl::StatusOr<bool> AllHold(
    const google::protobuf::RepeatedPtrField<config::v1::Condition>& conditions,
    const HookScope& scope);

// A part of a template: a path, or a text as it is.
struct TemplatePart {
  bool is_path = false;
  std::string text = {};
};

// Returns the parts of a template. INVALID_ARGUMENT if a brace has no end.
absl::StatusOr<std::vector<TemplatePart>> PartsOfTemplate(
    absl::string_view text);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_READING_EXPRESSION_H_
