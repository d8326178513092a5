#include "gateway/hooks/admission.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/request_context.h"
#include "common/base/sha256.h"
#include "gateway/hooks/reading/expression.h"
#include "gateway/hooks/reading/reading.h"

namespace kith::gateway {
namespace {

constexpr int kRepeatSeconds = 10;
constexpr size_t kMostKeyText = 150;
constexpr char kContentType[] = "content-type";

bool TakesMethod(const config::v1::Connector& config,
                 const std::string& method) {
  return config.methods().empty()
             ? method == "POST"
             : absl::c_linear_search(config.methods(), method);
}

absl::Status CheckForm(const config::v1::Connector& config,
                       const v1::HookRequest& request) {
  if (!TakesMethod(config, request.method())) {
    return absl::UnimplementedError("the connector takes no such method");
  }
  if (request.body().size() > kMostHookBytes ||
      request.target().size() > kMostHookTargetBytes ||
      request.headers_size() > kMostHookHeaders) {
    return absl::OutOfRangeError(
        absl::StrCat("the request is too large, want at most ", kMostHookBytes,
                     " bytes of body, ", kMostHookTargetBytes,
                     " of target and ", kMostHookHeaders, " headers"));
  }
  return CheckBodyType(config.body(), request);
}

absl::Status StatusOfVerdict(v1::HookVerdict verdict) {
  switch (verdict) {
    case v1::HOOK_VERDICT_UNSIGNED:
    case v1::HOOK_VERDICT_SIGNED:
      return absl::OkStatus();
    case v1::HOOK_VERDICT_STALE:
      return absl::UnauthenticatedError(
          "the time of the signature is too far from now");
    default:
      return absl::UnauthenticatedError(
          "the signature is missing or wrong; it is checked over the public "
          "address and the body, byte for byte");
  }
}

std::string HexDigest(absl::string_view text) {
  return absl::BytesToHexString(base::Sha256(text));
}

// Of what makes two requests without an id the same.
std::string ContentDigest(const v1::HookRequest& request) {
  return HexDigest(absl::StrCat(request.method(), " ", request.target(), "\n",
                                request.body()));
}

// The id that the sender gives; empty if it gives none, or if nobody can read
// it. What cannot be read is for the journal, with its reason.
std::string IdOf(const LoadedConnector& connector,
                 const v1::HookRequest& request, absl::Time now) {
  if (!connector.config.has_idempotency_key()) return "";
  const auto root = ReadHook(connector.config, request, now);
  if (!root.ok()) return "";
  return Evaluate(
             connector.config.idempotency_key(),
             {.root = *root, .item = (*root)["body"], .zone = connector.zone})
      .value_or("");
}

void SetKey(const LoadedConnector& connector, const v1::HookRequest& request,
            absl::Time now, HookAdmission& admission) {
  const std::string id = IdOf(connector, request, now);
  if (id.empty()) {
    const config::v1::Connector& config = connector.config;
    admission.idempotency_key =
        absl::StrCat("content:", ContentDigest(request));
    admission.repeat_window = absl::Seconds(
        config.has_repeat_seconds() ? config.repeat_seconds() : kRepeatSeconds);
    return;
  }
  if (base::IsByForm(connector.source.assurance)) {
    admission.idempotency_key = absl::StrCat(
        "id:", HexDigest(absl::StrCat(id, "\n", ContentDigest(request))));
    return;
  }
  admission.idempotency_key =
      absl::StrCat("id:", id.size() <= kMostKeyText ? id : HexDigest(id));
}

// A target without the secret that one of its parameters may be.
std::string WithoutToken(const std::string& target,
                         absl::string_view token_path) {
  const size_t mark = target.find('?');
  if (mark == std::string::npos ||
      !absl::ConsumePrefix(&token_path, "query.")) {
    return target;
  }
  std::vector<absl::string_view> kept;
  for (const absl::string_view parameter :
       absl::StrSplit(absl::string_view(target).substr(mark + 1), '&')) {
    if (parameter.substr(0, parameter.find('=')) != token_path) {
      kept.push_back(parameter);
    }
  }
  return absl::StrCat(target.substr(0, mark + 1), absl::StrJoin(kept, "&"));
}

v1::HookRequest KeptOf(const LoadedConnector& connector,
                       const v1::HookRequest& request) {
  const config::v1::HookSignature& signature = connector.config.signature();
  v1::HookRequest kept;
  kept.set_method(request.method());
  kept.set_target(WithoutToken(request.target(), signature.token_path()));
  kept.set_body(request.body());
  for (const v1::HookHeader& header : request.headers()) {
    if ((header.name() == kContentType ||
         connector.named_headers.count(header.name()) > 0) &&
        !IsProof(signature, header.name())) {
      *kept.add_headers() = header;
    }
  }
  return kept;
}

}  // namespace

HookAdmission AdmitHook(const LoadedConnector& connector,
                        const v1::HookRequest& request, absl::Time now) {
  HookAdmission admission;
  admission.status = CheckForm(connector.config, request);
  if (!admission.status.ok()) return admission;
  admission.verdict = CheckSignature(connector.config.signature(),
                                     connector.keys, request, now);
  admission.status = StatusOfVerdict(admission.verdict);
  if (!admission.status.ok()) return admission;
  SetKey(connector, request, now, admission);
  admission.kept = KeptOf(connector, request);
  return admission;
}

}  // namespace kith::gateway
