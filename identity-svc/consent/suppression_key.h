#ifndef KITH_IDENTITY_SVC_CONSENT_SUPPRESSION_KEY_H_
#define KITH_IDENTITY_SVC_CONSENT_SUPPRESSION_KEY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::identity {

// Owns the secret by which suppressed channel values are known again and cannot
// be read. Without the secret nobody can tell, by trying phone numbers, whose
// they are. It never changes: by another one no suppression is found any more.
// Immutable, so thread-safe.
class SuppressionKey {
 public:
  // Reads the secret from a file. NOT_FOUND and the like as base::ReadSecret;
  // INVALID_ARGUMENT if it has fewer than 32 characters.
  static absl::StatusOr<SuppressionKey> Load(const std::string& file);

  // For tests, and for work that reads no suppression.
  explicit SuppressionKey(absl::string_view secret)
      : secret_(std::make_shared<const std::string>(secret)) {}

  // Returns the 32 bytes by which the tenant's table `suppressions` knows a
  // value. `identity_key` is in hexadecimal.
  std::string Hash(uint64_t tenant_id, absl::string_view identity_key) const;

  // The same for many values, in order, at half of the cost.
  std::vector<std::string> Hashes(
      uint64_t tenant_id, const std::vector<std::string>& identity_keys) const;

 private:
  std::string TenantSecret(uint64_t tenant_id) const;

  std::shared_ptr<const std::string> secret_;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_SUPPRESSION_KEY_H_
