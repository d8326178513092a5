#include "identity-svc/consent/suppression_key.h"

#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/text_file.h"
#include "common/status/status_macros.h"

namespace kith::identity {
namespace {

constexpr size_t kLeastCharacters = 32;

}  // namespace

absl::StatusOr<SuppressionKey> SuppressionKey::Load(const std::string& file) {
  if (file.empty()) return absl::InvalidArgumentError("not given");
  KITH_ASSIGN_OR_RETURN(const std::string secret, base::ReadSecret(file));
  if (secret.size() < kLeastCharacters) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": ", secret.size(), " characters, want ",
                     kLeastCharacters, " or more"));
  }
  return SuppressionKey(secret);
}

std::string SuppressionKey::Hash(uint64_t tenant_id,
                                 absl::string_view identity_key) const {
  return base::HmacSha256(TenantSecret(tenant_id), identity_key);
}

std::vector<std::string> SuppressionKey::Hashes(
    uint64_t tenant_id, const std::vector<std::string>& identity_keys) const {
  const std::string secret = TenantSecret(tenant_id);
  std::vector<std::string> hashes;
  for (const std::string& key : identity_keys) {
    hashes.push_back(base::HmacSha256(secret, key));
  }
  return hashes;
}

std::string SuppressionKey::TenantSecret(uint64_t tenant_id) const {
  return base::HmacSha256(*secret_, absl::StrCat("suppression/", tenant_id));
}

}  // namespace kith::identity
