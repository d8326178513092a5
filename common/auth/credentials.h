#ifndef KITH_COMMON_AUTH_CREDENTIALS_H_
#define KITH_COMMON_AUTH_CREDENTIALS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/auth/issuers.h"
#include "common/auth/tenants.h"
#include "common/base/request_context.h"
#include "kith/config/v1/config.pb.h"
#include "prometheus/gauge.h"

namespace kith::auth {

// The files that say who may call. `issuers` may be empty: then no token is
// accepted.
struct KeyFiles {
  std::string keys;
  std::string tenants;
  std::string issuers = {};
};

// The API keys that are accepted, and the issuers whose tokens are. Immutable,
// so thread-safe. Sets the metric kith_api_key_last_use_timestamp_seconds of
// each key when the key is used, so that operators can see if a key may be
// removed.
class KeyRing {
 public:
  // Makes a key ring. INVALID_ARGUMENT with all faults at once: a malformed id
  // or digest, an id used twice, also by an issuer, an unknown tenant, no
  // assurance, a scope that is not <area>.<right>, a limit out of bounds.
  static absl::StatusOr<KeyRing> Make(const config::v1::KeysFile& file,
                                      const Tenants& tenants,
                                      Issuers issuers = {});

  // Reads the files and makes a key ring. If a file cannot be read or parsed:
  // the error of base::ReadTextProto, with the file's path. If the content is
  // wrong: INVALID_ARGUMENT with all faults. For what a bad JWKS file takes
  // from `last`, see Issuers::Load.
  static absl::StatusOr<KeyRing> Load(const KeyFiles& files,
                                      const KeyRing& last = {});

  // Returns the principal that sends "Bearer kith_<id>_<secret>", or "Bearer
  // <token>" with a JWT. UNAUTHENTICATED if key or token is not valid; the
  // message gives the wanted form but not what is wrong.
  absl::StatusOr<std::shared_ptr<const base::Principal>> Authenticate(
      absl::string_view authorization) const;

  // Returns all tenants of the file, in no order, whether or not they have a
  // key.
  absl::Span<const std::shared_ptr<const config::v1::Tenant>> tenants() const {
    return tenants_;
  }

 private:
  struct Key {
    std::string secret_sha256;
    std::shared_ptr<const base::Principal> principal;
    prometheus::Gauge* last_use;
  };

  // Returns who has the API key <id>_<secret>, or null.
  std::shared_ptr<const base::Principal> FindKey(absl::string_view key) const;

  absl::flat_hash_map<std::string, Key> by_id_;
  Issuers issuers_;
  std::vector<std::shared_ptr<const config::v1::Tenant>> tenants_;
};

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_CREDENTIALS_H_
