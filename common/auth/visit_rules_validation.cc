#include "common/auth/visit_rules_validation.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/protobuf/repeated_field.h"

namespace kith::auth {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

constexpr int kMostOrigins = 100;
constexpr int kMostHosts = 100;
constexpr int kMostParameters = 10;
constexpr size_t kMostOfName = 64;

bool IsLowerHost(absl::string_view text, bool with_port) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) ||
                  c == '.' || c == '-' || (with_port && c == ':');
         });
}

bool IsPageOrigin(const std::string& text) {
  absl::string_view host = text;
  return (absl::ConsumePrefix(&host, "https://") ||
          absl::ConsumePrefix(&host, "http://")) &&
         IsLowerHost(host, /*with_port=*/true);
}

bool IsPageHost(const std::string& text) {
  return IsLowerHost(text, /*with_port=*/false);
}

bool IsParameter(const std::string& text) {
  return !text.empty() && text.size() <= kMostOfName &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
         });
}

bool IsLowerHeader(absl::string_view text) {
  return text.size() <= kMostOfName &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

void CheckTexts(absl::string_view field, const Texts& texts, int most,
                bool (*is_good)(const std::string&), absl::string_view want,
                std::vector<std::string>& faults) {
  if (texts.size() > most) {
    faults.push_back(absl::StrCat("visits.", field, ": ", texts.size(),
                                  ", want at most ", most));
  }
  for (int i = 0; i < texts.size(); ++i) {
    if (is_good(texts[i])) continue;
    faults.push_back(absl::StrCat("visits.", field, "[", i, "], want ", want));
  }
}

}  // namespace

std::vector<std::string> FaultsOf(const config::v1::VisitRules& rules) {
  std::vector<std::string> faults;
  if (rules.origins().empty()) {
    faults.emplace_back("visits.origins: none, want 1 or more");
  }
  CheckTexts("origins", rules.origins(), kMostOrigins, IsPageOrigin,
             R"(one such as "https://shop.example.com")", faults);
  CheckTexts("no_last_touch_hosts", rules.no_last_touch_hosts(), kMostHosts,
             IsPageHost, R"(one such as "pay.example.com")", faults);
  CheckTexts("affiliate_parameters", rules.affiliate_parameters(),
             kMostParameters, IsParameter, "[A-Za-z0-9_.-]{1,64}", faults);
  if (!IsLowerHeader(rules.country_header())) {
    faults.emplace_back("visits.country_header, want [a-z0-9-]{0,64}");
  }
  return faults;
}

}  // namespace kith::auth
