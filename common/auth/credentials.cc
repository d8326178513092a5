#include "common/auth/credentials.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/auth/credential_fields.h"
#include "common/auth/key_limiter.h"
#include "common/base/sha256.h"
#include "common/base/text_file.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"

namespace kith::auth {
namespace {

bool IsSha256Hex(absl::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

std::vector<std::string> Faults(const config::v1::ApiKey& key,
                                const Tenants& tenants) {
  const std::string name = absl::StrCat("key \"", key.id(), "\": ");
  std::vector<std::string> faults;
  if (!IsCredentialId(key.id())) {
    faults.push_back(absl::StrCat(name, "id, want [a-z0-9]{4,32}"));
  }
  if (!IsSha256Hex(key.secret_sha256())) {
    faults.push_back(
        absl::StrCat(name, "secret_sha256, want 64 lower-case hex digits"));
  }
  if (tenants.Find(key.tenant()) == nullptr) {
    faults.push_back(
        absl::StrCat(name, "no tenant has the slug \"", key.tenant(), "\""));
  }
  if (key.assurance() == config::v1::ASSURANCE_UNSPECIFIED) {
    faults.push_back(absl::StrCat(name, "assurance is not set"));
  }
  for (const std::string& scope : key.scopes()) {
    if (IsScope(scope)) continue;
    faults.push_back(absl::StrCat(name, "scope \"", scope,
                                  R"(", want one such as "contacts.read")"));
  }
  CheckLimits(key.limits(), name, faults);
  return faults;
}

}  // namespace

absl::StatusOr<KeyRing> KeyRing::Make(const config::v1::KeysFile& file,
                                      const Tenants& tenants, Issuers issuers) {
  KeyRing ring;
  ring.issuers_ = std::move(issuers);
  ring.tenants_ = tenants.All();
  std::vector<std::string> faults;
  for (const config::v1::ApiKey& key : file.keys()) {
    for (std::string& fault : Faults(key, tenants)) {
      faults.push_back(std::move(fault));
    }
    auto principal = std::make_shared<base::Principal>();
    principal->key_id = key.id();
    principal->tenant = tenants.Find(key.tenant());
    principal->scopes = {key.scopes().begin(), key.scopes().end()};
    principal->assurance = key.assurance();
    principal->limits = key.limits();
    Key entry{absl::HexStringToBytes(key.secret_sha256()), std::move(principal),
              &ops::Gauge("kith_api_key_last_use_timestamp_seconds",
                          "When an API key was last used, in Unix time; 0: not "
                          "since the start.",
                          {{"key", key.id()}})};
    if (!ring.by_id_.emplace(key.id(), std::move(entry)).second ||
        ring.issuers_.Has(key.id())) {
      faults.push_back(absl::StrCat("key \"", key.id(), "\": used twice"));
    }
  }
  if (!faults.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("keys file: ", absl::StrJoin(faults, "; ")));
  }
  return ring;
}

absl::StatusOr<KeyRing> KeyRing::Load(const KeyFiles& files,
                                      const KeyRing& last) {
  config::v1::TenantsFile tenants_proto;
  config::v1::KeysFile keys_proto;
  const absl::Status tenants_read =
      base::ReadTextProto(files.tenants, tenants_proto);
  const absl::Status keys_read = base::ReadTextProto(files.keys, keys_proto);
  if (!tenants_read.ok() && !keys_read.ok()) {
    return absl::Status(
        keys_read.code(),
        absl::StrCat(keys_read.message(), "; ", tenants_read.message()));
  }
  KITH_RETURN_IF_ERROR(tenants_read);
  KITH_RETURN_IF_ERROR(keys_read);
  KITH_ASSIGN_OR_RETURN(const Tenants tenants, Tenants::Make(tenants_proto));
  Issuers issuers;
  if (!files.issuers.empty()) {
    KITH_ASSIGN_OR_RETURN(issuers,
                          Issuers::Load(files.issuers, tenants, last.issuers_));
  }
  return Make(keys_proto, tenants, std::move(issuers));
}

std::shared_ptr<const base::Principal> KeyRing::FindKey(
    absl::string_view key) const {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(key, absl::MaxSplits('_', 1));
  const auto it = by_id_.find(parts.first);
  if (it == by_id_.end()) return nullptr;
  const std::string digest = base::Sha256(parts.second);
  const std::string& wanted = it->second.secret_sha256;
  if (digest.size() != wanted.size() ||
      CRYPTO_memcmp(digest.data(), wanted.data(), wanted.size()) != 0) {
    return nullptr;
  }
  it->second.last_use->Set(
      absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
  return it->second.principal;
}

absl::StatusOr<std::shared_ptr<const base::Principal>> KeyRing::Authenticate(
    absl::string_view authorization) const {
  std::shared_ptr<const base::Principal> principal;
  const size_t space = authorization.find(' ');
  if (space != absl::string_view::npos &&
      absl::EqualsIgnoreCase(authorization.substr(0, space), "bearer")) {
    absl::string_view token = authorization.substr(space + 1);
    // No token begins so: it would begin with a JSON object in base64url.
    if (absl::ConsumePrefix(&token, "kith_")) {
      principal = FindKey(token);
    } else if (!issuers_.empty()) {
      // It has logged the reason.
      principal = issuers_.Authenticate(token, absl::Now()).value_or(nullptr);
    }
  }
  if (principal == nullptr) {
    return absl::UnauthenticatedError(
        "want metadata \"authorization: Bearer kith_<id>_<secret>\" with a "
        "valid API key, or \"authorization: Bearer <token>\" with a valid "
        "token (JWT) of an issuer that is trusted here");
  }
  return principal;
}

}  // namespace kith::auth
