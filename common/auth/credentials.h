#ifndef KITH_COMMON_AUTH_CREDENTIALS_H_
#define KITH_COMMON_AUTH_CREDENTIALS_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/tenants.h"
#include "common/base/request_context.h"
#include "kith/config/v1/config.pb.h"
#include "prometheus/gauge.h"

namespace kith::auth {

// The API keys that are accepted. Immutable. The metric
// kith_api_key_last_use_timestamp_seconds tells of each when it was last used,
// so that a key can be taken out of use without surprises.
class KeyRing {
 public:
  // INVALID_ARGUMENT with all faults at once: a malformed id or digest, an id
  // used twice, a tenant that is not there, no assurance, a scope that is no
  // <area>.<right>, a limit out of bounds.
  static absl::StatusOr<KeyRing> Make(const config::v1::KeysFile& file,
                                      const Tenants& tenants);

  // Reads both files; NOT_FOUND or INVALID_ARGUMENT with the file's name.
  static absl::StatusOr<KeyRing> Load(const std::string& keys_file,
                                      const std::string& tenants_file);

  // Who sends "Bearer kith_<id>_<secret>". UNAUTHENTICATED, saying what is
  // wanted but not what was wrong with the key.
  absl::StatusOr<std::shared_ptr<const base::Principal>> Authenticate(
      absl::string_view authorization) const;

 private:
  struct Key {
    std::string secret_sha256;
    std::shared_ptr<const base::Principal> principal;
    prometheus::Gauge* last_use;
  };
  absl::flat_hash_map<std::string, Key> by_id_;
};

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_CREDENTIALS_H_
