#ifndef KITH_IDENTITY_SVC_IDENTITY_CANDIDATES_H_
#define KITH_IDENTITY_SVC_IDENTITY_CANDIDATES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Who else may be the same customer as the holder of a value.

// By the identity_key of the value: the other holders.
using CandidatesByKey = std::multimap<std::string, v1::IdentityCandidate>;

// Returns the candidates of identities with their holders (contact_id): who now
// holds the phone number that differs in the one variant digit, and the
// FormerHolders. Quarantined values suggest nobody. Runs no statement if no
// value has a variant, else two for each 500 identities, and two more if a
// variant is an alias; and one if a holding has a start, since somebody may
// have held the value before. A shared value has none.
absl::StatusOr<CandidatesByKey> FindCandidates(
    const mysql::Tx& tx, const std::vector<v1::Identity>& identities);

// Adds the candidates of the values that the touch's contact holds.
absl::Status AddCandidates(const mysql::Tx& tx,
                           v1::ClaimIdentitiesResponse& claimed);

// Adds those of the value that was linked or verified.
absl::Status AddCandidates(const mysql::Tx& tx,
                           v1::LinkIdentityResponse& linked);
absl::Status AddCandidates(const mysql::Tx& tx,
                           v1::VerifyHoldingResponse& verified);

// Adds those of the values that one contact holds. The pointers are not null.
absl::Status AddCandidates(
    const mysql::Tx& tx,
    const std::vector<v1::ResolveIdentityResponse*>& resolved);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_CANDIDATES_H_
