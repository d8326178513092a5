#include "gateway/hooks/connector_validation.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/api/visit_source.h"
#include "common/base/request_context.h"
#include "gateway/hooks/answers.h"
#include "gateway/hooks/mapping/mapping_validation.h"
#include "gateway/hooks/mapping/touch_mapping.h"
#include "gateway/hooks/reading/document.h"
#include "gateway/hooks/reading/expression_validation.h"

namespace kith::gateway {
namespace {

using config::v1::Connector;
using config::v1::HookSignature;
using config::v1::RedirectRule;

constexpr absl::string_view kHookPrefix = "/hooks/";
constexpr size_t kMostPathBytes = 200;
constexpr int kMostRepeatSeconds = 3'600;
constexpr int kMostTolerance = 3'600;
constexpr int kMostIgnored = 20;
constexpr int kMostSettings = 50;
constexpr int kMostHosts = 100;
constexpr int kMostParameters = 10;
constexpr int kMostHoneypots = 10;
constexpr int kMostFormSeconds = 600;
constexpr double kLeastRate = 0.1;
constexpr double kMostRate = 10'000;
constexpr int kMostAnswerCharacters = 10'000;

bool IsHookPath(absl::string_view path) {
  return absl::StartsWith(path, kHookPrefix) &&
         path.size() > kHookPrefix.size() &&
         path.size() <= kHookPrefix.size() + kMostPathBytes &&
         !absl::StrContains(path, "..") &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return absl::ascii_isalnum(c) ||
                  absl::string_view("._~/-").find(c) != absl::string_view::npos;
         });
}

// Finds the faults of one connector.
class ConnectorCheck {
 public:
  explicit ConnectorCheck(const Connector& connector) : connector_(connector) {}

  std::vector<std::string> Find() {
    FindOfDoor();
    FindOfSignature(connector_.signature());
    FindOfReading();
    faults_.CheckCount("touches", connector_.touches_size(), 1,
                       kMostTouchMappings);
    for (int i = 0; i < connector_.touches_size(); ++i) {
      CheckTouch(absl::StrCat("touches[", i, "]"), connector_.touches(i),
                 connector_.assurance(), faults_);
    }
    FindOfAnswer();
    FindOfSuspicion();
    return std::move(faults_.lines());
  }

 private:
  void FindOfDoor() {
    if (!api::IsName(connector_.source(), /*digit_first=*/true)) {
      faults_.Add("source", "\"", connector_.source(),
                  "\", want [a-z0-9][a-z0-9_.-]{0,63}");
    }
    if (connector_.source() == api::kVisitSource) {
      faults_.Add("source", "\"", connector_.source(),
                  "\", want another: the gateway alone records visits");
    }
    if (!IsHookPath(connector_.path())) {
      faults_.Add("path", "\"", connector_.path(), "\", want /hooks/ and 1 to ",
                  kMostPathBytes, " characters of [A-Za-z0-9._~/-], no \"..\"");
    }
    for (const std::string& method : connector_.methods()) {
      if (method == "POST" || method == "GET") continue;
      faults_.Add("methods", "\"", method, "\", want POST or GET");
    }
    if (!config::v1::Assurance_IsValid(connector_.assurance()) ||
        connector_.assurance() == config::v1::ASSURANCE_UNSPECIFIED) {
      faults_.Add("assurance", "is not set");
    }
    const config::v1::RequestRate& rate = connector_.rate();
    if (rate.has_per_second()) {
      CheckRate("rate.per_second", rate.per_second());
    }
    if (rate.has_per_second_and_address()) {
      CheckRate("rate.per_second_and_address", rate.per_second_and_address());
    }
  }

  void CheckRate(absl::string_view field, double rate) {
    // Not a number is neither.
    if (rate >= kLeastRate && rate <= kMostRate) return;
    faults_.Add(field, rate, ", want ", kLeastRate, " to ", kMostRate);
  }

  void FindOfSignature(const HookSignature& signature) {
    const bool is_none =
        signature.scheme() == config::v1::SIGNATURE_SCHEME_NONE;
    const bool is_token =
        signature.scheme() == config::v1::SIGNATURE_SCHEME_TOKEN;
    if (!config::v1::SignatureScheme_IsValid(signature.scheme()) ||
        signature.scheme() == config::v1::SIGNATURE_SCHEME_UNSPECIFIED) {
      faults_.Add("signature.scheme", "is not set, want a scheme, or NONE");
    }
    if (is_none &&
        connector_.assurance() != config::v1::ASSURANCE_UNAUTHENTICATED) {
      faults_.Add("assurance",
                  "want UNAUTHENTICATED, as the signature is NONE: anybody can "
                  "post");
    }
    if (is_none != signature.secret_file().empty()) {
      faults_.Add("signature.secret_file",
                  is_none ? "want none, as the scheme is NONE"
                          : "is empty, want the path of a file");
    }
    if (signature.has_tolerance_seconds() &&
        (signature.tolerance_seconds() < 1 ||
         signature.tolerance_seconds() > kMostTolerance)) {
      faults_.Add("signature.tolerance_seconds", signature.tolerance_seconds(),
                  ", want 1 to ", kMostTolerance);
    }
    const bool has_place =
        absl::StartsWith(signature.token_path(), "header.") ||
        absl::StartsWith(signature.token_path(), "query.");
    if (is_token ? !has_place : !signature.token_path().empty()) {
      faults_.Add("signature.token_path", "\"", signature.token_path(),
                  "\", want header.NAME or query.NAME for TOKEN, and none for "
                  "others");
    }
  }

  void FindOfReading() {
    if (!config::v1::HookBody_IsValid(connector_.body()) ||
        connector_.body() == config::v1::HOOK_BODY_UNSPECIFIED) {
      faults_.Add("body", "is not set, want HOOK_BODY_FORM or HOOK_BODY_JSON");
    }
    if (!connector_.each().empty()) {
      const absl::Status fault = CheckPath(connector_.each());
      if (!fault.ok()) faults_.Add("each", fault.message());
      if (base::IsByForm(connector_.assurance())) {
        faults_.Add("each",
                    "want none of an UNAUTHENTICATED connector: one request of "
                    "anybody would be 1,000");
      }
    }
    if (connector_.has_idempotency_key()) {
      faults_.CheckExpression("idempotency_key", connector_.idempotency_key());
    }
    if (connector_.repeat_seconds() < 0 ||
        connector_.repeat_seconds() > kMostRepeatSeconds) {
      faults_.Add("repeat_seconds", connector_.repeat_seconds(), ", want 0 to ",
                  kMostRepeatSeconds);
    }
    faults_.CheckCount("ignored", connector_.ignored_size(), 0, kMostIgnored);
    faults_.CheckConditions("ignored", connector_.ignored());
    faults_.CheckCount("settings",
                       static_cast<int>(connector_.settings().size()), 0,
                       kMostSettings);
  }

  void FindOfAnswer() {
    const config::v1::AnswerRule& answer = connector_.answer();
    if (answer.status() != 0 &&
        (answer.status() < 200 || answer.status() > 204)) {
      faults_.Add("answer.status", answer.status(), ", want 200 to 204");
    }
    if (answer.body().empty() != answer.content_type().empty() ||
        (answer.status() == 204 && !answer.body().empty())) {
      faults_.Add("answer.body",
                  "want a body and its content_type, or none of both, as with "
                  "the status 204");
    }
    if (!std::all_of(answer.content_type().begin(), answer.content_type().end(),
                     absl::ascii_isprint)) {
      faults_.Add("answer.content_type", "want printable characters");
    }
    if (api::Characters(answer.body()) > kMostAnswerCharacters) {
      faults_.Add("answer.body", "want at most ", kMostAnswerCharacters,
                  " characters");
    }
    if (answer.has_redirect()) FindOfRedirect(answer.redirect());
  }

  void FindOfRedirect(const RedirectRule& redirect) {
    if (redirect.has_address()) {
      faults_.CheckExpression("answer.redirect.address", redirect.address());
    }
    faults_.CheckCount("answer.redirect.hosts", redirect.hosts_size(), 0,
                       kMostHosts);
    for (const std::string& host : redirect.hosts()) {
      if (!host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
            return absl::ascii_islower(c) || absl::ascii_isdigit(c) ||
                   c == '.' || c == '-';
          })) {
        continue;
      }
      faults_.Add("answer.redirect.hosts", "\"", host,
                  R"(", want a host such as "www.example.com")");
    }
    if (!redirect.otherwise().empty() &&
        !IsAllowedAddress(redirect.otherwise(), redirect.hosts())) {
      faults_.Add("answer.redirect.otherwise", "\"", redirect.otherwise(),
                  "\", want https and one of the hosts");
    }
    faults_.CheckCount("answer.redirect.parameters",
                       static_cast<int>(redirect.parameters().size()), 0,
                       kMostParameters);
  }

  void FindOfSuspicion() {
    const config::v1::SuspectRule& suspect = connector_.suspect();
    faults_.CheckCount("suspect.honeypots", suspect.honeypots_size(), 0,
                       kMostHoneypots);
    for (const std::string& path : suspect.honeypots()) {
      const absl::Status fault = CheckPath(path);
      if (!fault.ok()) faults_.Add("suspect.honeypots", fault.message());
    }
    if (suspect.has_shown_time()) {
      faults_.CheckExpression("suspect.shown_time", suspect.shown_time());
    }
    if (suspect.min_seconds() < 0 || suspect.min_seconds() > kMostFormSeconds) {
      faults_.Add("suspect.min_seconds", suspect.min_seconds(), ", want 0 to ",
                  kMostFormSeconds);
    }
  }

  const Connector& connector_;
  ConnectorFaults faults_;
};

}  // namespace

std::vector<std::string> FaultsOf(const Connector& connector) {
  return ConnectorCheck(connector).Find();
}

}  // namespace kith::gateway
