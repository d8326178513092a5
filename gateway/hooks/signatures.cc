#include "gateway/hooks/signatures.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/sha256.h"
#include "gateway/hooks/reading/form.h"
#include "gateway/hooks/reading/reading.h"

namespace kith::gateway {
namespace {

using config::v1::HookSignature;
using config::v1::SignatureScheme;

constexpr size_t kMostSecrets = 8;
constexpr size_t kLeastSecretBytes = 8;
constexpr size_t kMostSecretBytes = 1'000;
constexpr int kTolerance = 300;
constexpr size_t kSha1Bytes = 20;

// Signatures of one request that are compared, so that no sender has the
// gateway compare without end.
constexpr int kMostSignatures = 16;

constexpr absl::string_view kProofHeaders[] = {
    "authorization",        "cookie",
    "proxy-authorization",  "signature",
    "stripe-signature",     "webhook-signature",
    "x-chatwoot-signature", "x-hub-signature",
    "x-hub-signature-256",  "x-twilio-signature"};

bool IsSameText(absl::string_view given, absl::string_view wanted) {
  // Its length is no secret.
  return given.size() == wanted.size() &&
         CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

std::string HmacSha1(absl::string_view key, absl::string_view data) {
  std::string digest(kSha1Bytes, '\0');
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(),
       reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

std::string HexHmac(absl::string_view secret, absl::string_view data) {
  return absl::BytesToHexString(base::HmacSha256(secret, data));
}

std::string Base64(absl::string_view bytes) {
  return absl::Base64Escape(bytes);
}

// True if one of `given` is what one of the secrets makes.
template <typename Sign>
bool AnySigns(const SignatureKeys& keys, const std::vector<std::string>& given,
              const Sign& sign) {
  bool good = false;
  for (const std::string& secret : keys.secrets) {
    const std::string wanted = sign(secret);
    // To the end also after a good one.
    for (const std::string& each : given) good |= IsSameText(each, wanted);
  }
  return good;
}

v1::HookVerdict VerdictOf(bool good) {
  return good ? v1::HOOK_VERDICT_SIGNED : v1::HOOK_VERDICT_FORGED;
}

// The verdict of a signature over a time in seconds since 1970.
v1::HookVerdict VerdictAt(const HookSignature& rule, bool good,
                          absl::string_view timestamp, absl::Time now) {
  int64_t seconds = 0;
  if (!good || !absl::SimpleAtoi(timestamp, &seconds)) {
    return v1::HOOK_VERDICT_FORGED;
  }
  const absl::Duration most = absl::Seconds(
      rule.has_tolerance_seconds() ? rule.tolerance_seconds() : kTolerance);
  const absl::Duration age = now - absl::FromUnixSeconds(seconds);
  return age <= most && age >= -most ? v1::HOOK_VERDICT_SIGNED
                                     : v1::HOOK_VERDICT_STALE;
}

// The values behind `prefix` in a list, such as "v1,".
std::vector<std::string> Signatures(absl::string_view list, char between,
                                    absl::string_view prefix) {
  std::vector<std::string> values;
  for (absl::string_view each : absl::StrSplit(list, between)) {
    each = absl::StripAsciiWhitespace(each);
    if (values.size() < kMostSignatures && absl::ConsumePrefix(&each, prefix)) {
      values.emplace_back(each);
    }
  }
  return values;
}

v1::HookVerdict CheckStandard(const HookSignature& rule,
                              const SignatureKeys& keys,
                              const v1::HookRequest& request, absl::Time now) {
  const absl::string_view time = HeaderOf(request, "webhook-timestamp");
  const std::string text = absl::StrCat(HeaderOf(request, "webhook-id"), ".",
                                        time, ".", request.body());
  const bool good = AnySigns(
      keys, Signatures(HeaderOf(request, "webhook-signature"), ' ', "v1,"),
      [&](const std::string& secret) {
        return Base64(base::HmacSha256(secret, text));
      });
  return VerdictAt(rule, good && !HeaderOf(request, "webhook-id").empty(), time,
                   now);
}

v1::HookVerdict CheckStripe(const HookSignature& rule,
                            const SignatureKeys& keys,
                            const v1::HookRequest& request, absl::Time now) {
  const absl::string_view header = HeaderOf(request, "stripe-signature");
  const std::vector<std::string> times = Signatures(header, ',', "t=");
  if (times.size() != 1) return v1::HOOK_VERDICT_FORGED;
  const std::string text = absl::StrCat(times[0], ".", request.body());
  const bool good = AnySigns(
      keys, Signatures(header, ',', "v1="),
      [&](const std::string& secret) { return HexHmac(secret, text); });
  return VerdictAt(rule, good, times[0], now);
}

v1::HookVerdict CheckGithub(const SignatureKeys& keys,
                            const v1::HookRequest& request) {
  const auto given =
      Signatures(HeaderOf(request, "x-hub-signature-256"), ',', "sha256=");
  return VerdictOf(AnySigns(keys, given, [&](const std::string& secret) {
    return HexHmac(secret, request.body());
  }));
}

v1::HookVerdict CheckEspo(const SignatureKeys& keys,
                          const v1::HookRequest& request) {
  std::string header;
  if (!absl::Base64Unescape(HeaderOf(request, "signature"), &header)) {
    return v1::HOOK_VERDICT_FORGED;
  }
  const size_t colon = header.find(':');
  if (colon == std::string::npos) return v1::HOOK_VERDICT_FORGED;
  return VerdictOf(AnySigns(keys, {header.substr(colon + 1)},
                            [&](const std::string& secret) {
                              return HexHmac(secret, request.body());
                            }));
}

v1::HookVerdict CheckChatwoot(const HookSignature& rule,
                              const SignatureKeys& keys,
                              const v1::HookRequest& request, absl::Time now) {
  const absl::string_view time = HeaderOf(request, "x-chatwoot-timestamp");
  const std::string text = absl::StrCat(time, ".", request.body());
  const bool good = AnySigns(
      keys,
      Signatures(HeaderOf(request, "x-chatwoot-signature"), ',', "sha256="),
      [&](const std::string& secret) { return HexHmac(secret, text); });
  return VerdictAt(rule, good, time, now);
}

// The public address with the default port, or without: which of the two was
// signed depends on how the address was typed.
std::vector<std::string> PublicAddresses(const SignatureKeys& keys,
                                         const v1::HookRequest& request) {
  const bool secure = absl::StartsWith(keys.public_url, "https://");
  const absl::string_view port = secure ? ":443" : ":80";
  const absl::string_view host = absl::StripSuffix(keys.public_url, port);
  std::vector<std::string> addresses = {absl::StrCat(host, request.target())};
  const size_t scheme = host.find("://");
  if (scheme != absl::string_view::npos &&
      host.find(':', scheme + 1) == absl::string_view::npos) {
    addresses.push_back(absl::StrCat(host, port, request.target()));
  }
  return addresses;
}

// The parameters of a form as Twilio signs them: each name in its order with
// each of its values in theirs, once.
std::string SortedParameters(const v1::HookRequest& request) {
  std::map<std::string, std::set<std::string>> values;
  for (const auto& [name, value] : ReadUrlEncoded(request.body())) {
    values[name].insert(value);
  }
  std::string text;
  for (const auto& [name, all] : values) {
    for (const std::string& value : all) absl::StrAppend(&text, name, value);
  }
  return text;
}

v1::HookVerdict CheckTwilio(const SignatureKeys& keys,
                            const v1::HookRequest& request) {
  const std::vector<std::string> given = {
      std::string(HeaderOf(request, "x-twilio-signature"))};
  // A body that is no form is signed by its hash in the address.
  std::string parameters;
  bool has_body = true;
  const size_t mark = request.target().find("bodySHA256=");
  if (mark != std::string::npos) {
    const std::string hash =
        request.target().substr(mark + 11, 2 * base::Sha256("").size());
    has_body = IsSameText(absl::AsciiStrToLower(hash),
                          absl::BytesToHexString(base::Sha256(request.body())));
  } else if (request.method() != "GET") {
    parameters = SortedParameters(request);
  }
  bool good = false;
  for (const std::string& address : PublicAddresses(keys, request)) {
    good |= AnySigns(keys, given, [&](const std::string& secret) {
      return Base64(HmacSha1(secret, absl::StrCat(address, parameters)));
    });
  }
  return VerdictOf(good && has_body);
}

// A secret is compared by its digest: the time then tells nothing of it.
v1::HookVerdict CheckGiven(const SignatureKeys& keys, absl::string_view given) {
  return VerdictOf(
      AnySigns(keys, {base::Sha256(given)},
               [](const std::string& secret) { return base::Sha256(secret); }));
}

v1::HookVerdict CheckBasic(const SignatureKeys& keys,
                           const v1::HookRequest& request) {
  absl::string_view header = HeaderOf(request, "authorization");
  std::string given;
  if (!absl::StartsWithIgnoreCase(header, "basic ") ||
      !absl::Base64Unescape(absl::StripAsciiWhitespace(header.substr(6)),
                            &given)) {
    return v1::HOOK_VERDICT_FORGED;
  }
  return CheckGiven(keys, given);
}

v1::HookVerdict CheckToken(const HookSignature& rule, const SignatureKeys& keys,
                           const v1::HookRequest& request) {
  absl::string_view name = rule.token_path();
  if (absl::ConsumePrefix(&name, "header.")) {
    return CheckGiven(keys, HeaderOf(request, name));
  }
  name = absl::StripPrefix(name, "query.");
  const size_t mark = request.target().find('?');
  if (mark == std::string::npos) return v1::HOOK_VERDICT_FORGED;
  for (const auto& [key, value] :
       ReadUrlEncoded(absl::string_view(request.target()).substr(mark + 1))) {
    if (key == name) return CheckGiven(keys, value);
  }
  return v1::HOOK_VERDICT_FORGED;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseSecrets(SignatureScheme scheme,
                                                      absl::string_view text) {
  std::vector<std::string> secrets;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    std::string secret(line);
    if (scheme == config::v1::SIGNATURE_SCHEME_STANDARD_WEBHOOKS &&
        !absl::Base64Unescape(absl::StripPrefix(line, "whsec_"), &secret)) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": want whsec_ and base64"));
    }
    if (secret.size() < kLeastSecretBytes || secret.size() > kMostSecretBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", secret.size(), " bytes, want ",
                       kLeastSecretBytes, " to ", kMostSecretBytes));
    }
    secrets.push_back(std::move(secret));
  }
  if (secrets.empty() || secrets.size() > kMostSecrets) {
    return absl::InvalidArgumentError(
        absl::StrCat(secrets.size(), " secrets, want 1 to ", kMostSecrets));
  }
  return secrets;
}

v1::HookVerdict CheckSignature(const HookSignature& rule,
                               const SignatureKeys& keys,
                               const v1::HookRequest& request, absl::Time now) {
  switch (rule.scheme()) {
    case config::v1::SIGNATURE_SCHEME_NONE:
      return v1::HOOK_VERDICT_UNSIGNED;
    case config::v1::SIGNATURE_SCHEME_STANDARD_WEBHOOKS:
      return CheckStandard(rule, keys, request, now);
    case config::v1::SIGNATURE_SCHEME_STRIPE:
      return CheckStripe(rule, keys, request, now);
    case config::v1::SIGNATURE_SCHEME_GITHUB:
      return CheckGithub(keys, request);
    case config::v1::SIGNATURE_SCHEME_TWILIO:
      return CheckTwilio(keys, request);
    case config::v1::SIGNATURE_SCHEME_ESPOCRM:
      return CheckEspo(keys, request);
    case config::v1::SIGNATURE_SCHEME_CHATWOOT:
      return CheckChatwoot(rule, keys, request, now);
    case config::v1::SIGNATURE_SCHEME_BASIC:
      return CheckBasic(keys, request);
    case config::v1::SIGNATURE_SCHEME_TOKEN:
      return CheckToken(rule, keys, request);
    default:
      return v1::HOOK_VERDICT_FORGED;
  }
}

bool IsProof(const HookSignature& rule, absl::string_view header) {
  return absl::c_linear_search(kProofHeaders, header) ||
         rule.token_path() == absl::StrCat("header.", header);
}

}  // namespace kith::gateway
