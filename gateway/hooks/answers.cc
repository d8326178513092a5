#include "gateway/hooks/answers.h"

#include <algorithm>
#include <map>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "gateway/hooks/reading/expression.h"

namespace kith::gateway {
namespace {

using config::v1::AnswerRule;
using config::v1::RedirectRule;

constexpr size_t kMostAddressBytes = 2'000;
constexpr int kSeeOther = 303;
constexpr int kNoContent = 204;

// All that RFC 3986 allows in an address, but what stands before a host.
bool IsAddressCharacter(char c) {
  return absl::ascii_isalnum(c) ||
         absl::string_view("-._~:/?#[]!$&'()*+,;=%").find(c) !=
             absl::string_view::npos;
}

std::string WithReceipt(absl::string_view text, absl::string_view receipt) {
  return absl::StrReplaceAll(text, {{"{receipt}", receipt}});
}

// Adds parameters to the query of an address, before its fragment.
std::string WithParameters(const std::string& address, const RedirectRule& rule,
                           absl::string_view receipt) {
  // In the order of their names, as a map has none.
  const std::map<std::string, std::string> parameters(rule.parameters().begin(),
                                                      rule.parameters().end());
  const size_t fragment = std::min(address.find('#'), address.size());
  std::string result = address.substr(0, fragment);
  char between = absl::StrContains(result, '?') ? '&' : '?';
  for (const auto& [name, value] : parameters) {
    absl::StrAppend(&result, std::string(1, between), QueryText(name), "=",
                    QueryText(WithReceipt(value, receipt)));
    between = '&';
  }
  return result + address.substr(fragment);
}

std::string AddressOf(const RedirectRule& rule, const Json* root) {
  if (root != nullptr) {
    const auto address =
        Evaluate(rule.address(), {.root = *root, .item = (*root)["body"]});
    if (address.ok() && IsAllowedAddress(*address, rule.hosts())) {
      return *address;
    }
  }
  return rule.otherwise();
}

}  // namespace

v1::HookAnswer MakeAnswer(const AnswerRule& rule, const Json* root,
                          absl::string_view receipt) {
  v1::HookAnswer answer;
  if (rule.has_redirect()) {
    const std::string address = AddressOf(rule.redirect(), root);
    if (!address.empty()) {
      answer.set_status(kSeeOther);
      answer.set_location(WithParameters(address, rule.redirect(), receipt));
      return answer;
    }
  }
  answer.set_body(WithReceipt(rule.body(), receipt));
  answer.set_content_type(rule.content_type());
  const bool is_unset = rule.status() == 0;
  answer.set_status(is_unset && rule.body().empty() ? kNoContent
                    : is_unset                      ? 200
                                                    : rule.status());
  return answer;
}

bool IsAllowedAddress(
    absl::string_view address,
    const google::protobuf::RepeatedPtrField<std::string>& hosts) {
  if (address.size() > kMostAddressBytes ||
      !std::all_of(address.begin(), address.end(), IsAddressCharacter) ||
      !absl::ConsumePrefix(&address, "https://")) {
    return false;
  }
  const absl::string_view host =
      address.substr(0, std::min(address.find_first_of("/?#"), address.size()));
  return absl::c_any_of(hosts, [&](const std::string& allowed) {
    return absl::EqualsIgnoreCase(host, allowed);
  });
}

std::string QueryText(absl::string_view text) {
  std::string result;
  for (const char c : text) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' ||
        c == '~') {
      result += c;
    } else {
      absl::StrAppendFormat(&result, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return result;
}

}  // namespace kith::gateway
