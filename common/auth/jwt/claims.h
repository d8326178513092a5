#ifndef KITH_COMMON_AUTH_JWT_CLAIMS_H_
#define KITH_COMMON_AUTH_JWT_CLAIMS_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kith::jwt {

// The times of an issuer may differ from ours by as much.
inline constexpr absl::Duration kLeeway = absl::Seconds(60);

// Returns when the token ends (`exp`) if it is valid at `now`, with kLeeway.
// Its times are whole numbers of seconds since the epoch, from 0 to the year
// 9999; `exp` is required, `nbf` and `iat` are checked if they are there.
// RefusedError "expired", "not_yet_valid", or "claims" if a time is missing or
// malformed.
absl::StatusOr<absl::Time> CheckTimes(const nlohmann::json& claims,
                                      absl::Time now);

// OK if the claim `aud`, a text or a list of texts, names one of `audiences`,
// else RefusedError "audience".
absl::Status CheckAudience(const nlohmann::json& claims,
                           const absl::flat_hash_set<std::string>& audiences);

// Returns a claim of 1 to 320 characters without control characters.
// RefusedError "claims" if it is anything else, or missing.
absl::StatusOr<std::string> NameClaim(const nlohmann::json& claims,
                                      const std::string& claim);

// Returns the words of a claim that is a text with spaces between them, or a
// list of texts. None if it is missing. RefusedError "claims" if it is anything
// else.
absl::StatusOr<std::vector<std::string>> WordsClaim(
    const nlohmann::json& claims, const std::string& claim);

}  // namespace kith::jwt

#endif  // KITH_COMMON_AUTH_JWT_CLAIMS_H_
