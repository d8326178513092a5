#ifndef KITH_IDENTITY_SVC_QUARANTINE_QUARANTINE_STORE_H_
#define KITH_IDENTITY_SVC_QUARANTINE_QUARANTINE_STORE_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "identity-svc/locked_identity.h"
#include "identity-svc/quarantine/fan_in.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Quarantines values and releases them, under the lock of the value's row in
// `identities`. quarantine/ has the rule and the rows.

// The RPCs of these names. They take validated requests.
absl::StatusOr<v1::Identity> QuarantineByPerson(
    const mysql::Tx& tx, const v1::QuarantineIdentityRequest& request);
absl::StatusOr<v1::Identity> Release(const mysql::Tx& tx,
                                     const v1::ReleaseIdentityRequest& request);

// The companions of each value of a claimed touch, by identity_key; none if the
// tenant quarantines no value by them, or nobody is in question: the holders of
// its values are one contact.
std::map<std::string, Companions> CompanionsIn(
    const mysql::Tx& tx, const v1::ClaimIdentitiesResponse& claimed);

// Returns true if companions are to be written: one statement.
absl::StatusOr<bool> HasNewCompanions(
    const mysql::Tx& tx, const std::map<std::string, Companions>& companions);

// Writes the companions of the values that are `locked`. Quarantines those that
// have too many, which `claimed` then tells, and tells the feed. Returns how
// many it has quarantined.
absl::StatusOr<int> NoteCompanions(
    const mysql::Tx& tx, std::map<std::string, LockedIdentity>& locked,
    v1::ClaimIdentitiesResponse& claimed);

// Counts quarantines that were committed, for the metrics.
void CountQuarantines(int count, bool by_person);

// Creates the metrics, so that they can be scraped from the start.
void RegisterQuarantineMetrics();

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_QUARANTINE_QUARANTINE_STORE_H_
