#ifndef KITH_COMMON_AUTH_ISSUERS_H_
#define KITH_COMMON_AUTH_ISSUERS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/jwt/jwk_set.h"
#include "common/auth/tenants.h"
#include "common/base/request_context.h"
#include "kith/config/v1/config.pb.h"

namespace kith::auth {

// The keys of issuers, by the jwks_file in which they are.
using JwkSets = std::map<std::string, std::shared_ptr<const jwt::JwkSet>>;

// The issuers whose tokens are accepted, and who calls with a token. Immutable,
// so thread-safe. Counts each token that is refused by its reason
// (kith_tokens_refused_total) and logs it; neither log nor metric has anything
// of its content.
class Issuers {
 public:
  // None: no token is accepted.
  Issuers() = default;

  // Makes them of a file whose jwks_file are all among `sets`. INVALID_ARGUMENT
  // with all faults at once; see issuer_validation.
  static absl::StatusOr<Issuers> Make(const config::v1::IssuersFile& file,
                                      const Tenants& tenants,
                                      const JwkSets& sets);

  // Reads an --issuers_file and the JWKS files that it names. If one of these
  // is bad, but `last` has good keys of it, those stay in force; the log,
  // kith_jwks_reload_failures_total and kith_file_refused tell that. Otherwise
  // errors as base::ReadTextProto, JwkSet::Parse with the path, or Make.
  static absl::StatusOr<Issuers> Load(const std::string& issuers_file,
                                      const Tenants& tenants,
                                      const Issuers& last);

  // Returns the paths of the JWKS files that an issuers file names. None if it
  // cannot be read.
  static std::vector<std::string> JwksFiles(const std::string& issuers_file);

  bool empty() const { return by_name_.empty(); }

  // Returns true if an issuer has this id.
  bool Has(absl::string_view id) const;

  // Returns who calls with a token. UNAUTHENTICATED with the reason, which
  // callers must not see, if it is not valid at `now`.
  absl::StatusOr<std::shared_ptr<const base::Principal>> Authenticate(
      absl::string_view token, absl::Time now) const;

 private:
  // An issuer, and what of it is looked up for each token.
  struct Trusted;

  // As Authenticate. Notes the issuer in `id` if the token names one.
  absl::StatusOr<std::shared_ptr<const base::Principal>> Read(
      absl::string_view token, absl::Time now, std::string& id) const;

  // By the claim `iss`.
  absl::flat_hash_map<std::string, std::shared_ptr<const Trusted>> by_name_;
  JwkSets sets_;
};

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_ISSUERS_H_
