#include "gateway/hooks/mapping/suspicion.h"

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "gateway/hooks/reading/expression.h"

namespace kith::gateway {

absl::StatusOr<std::string> SuspicionOf(const config::v1::SuspectRule& rule,
                                        const HookScope& scope,
                                        absl::Time receive_time) {
  for (const std::string& path : rule.honeypots()) {
    KITH_ASSIGN_OR_RETURN(const Json* const value, FindAt(path, scope));
    const auto text = TextOf(value);
    if (!text.ok() || !text->empty()) {
      return absl::StrCat("HONEYPOT ", NameUnder(path, {"body", "item"}));
    }
  }
  if (!rule.has_shown_time()) return "";
  const auto text = Evaluate(rule.shown_time(), scope);
  absl::Time shown;
  std::string error;
  if (!text.ok() ||
      !absl::ParseTime(absl::RFC3339_full, *text, &shown, &error)) {
    return "";
  }
  const absl::Duration taken = receive_time - shown;
  if (taken >= absl::Seconds(rule.min_seconds())) return "";
  return absl::StrCat("TOO_QUICK ", absl::ToInt64Seconds(taken), " s");
}

void AddSuspicion(absl::string_view suspicion,
                  interactions::v1::Interaction& interaction) {
  if (suspicion.empty()) return;
  auto& attributes = *interaction.mutable_attributes();
  attributes["verdict"] = "SUSPECT";
  attributes["verdict_reason"] = std::string(suspicion);
}

}  // namespace kith::gateway
