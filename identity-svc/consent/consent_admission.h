#ifndef KITH_IDENTITY_SVC_CONSENT_CONSENT_ADMISSION_H_
#define KITH_IDENTITY_SVC_CONSENT_CONSENT_ADMISSION_H_

#include "absl/status/status.h"
#include "identity-svc/consent/permission.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::identity {

// Returns PERMISSION_DENIED for what a caller of the record's assurance may not
// say: a public form may only ask (PENDING), and a confirmation takes a
// VERIFIED key.
absl::Status CheckCaller(const v1::Consent& record);

// Returns FAILED_PRECONDITION, with the reason CONSENT_REFUSED, for a grant
// that a refusal stops: only the person lifts a refusal. `facts` are those with
// the record.
absl::Status CheckNotRefused(const v1::Consent& record,
                             const ConsentFacts& facts);

// Returns FAILED_PRECONDITION for a record of a value that the customer does
// not hold, or did not when it was said; `is_held` is true for what somebody
// confirms of a value that he or she shares. A refusal is taken all the same.
absl::Status CheckHeld(const v1::Consent& record, bool is_held);

// Adds a record to the suppressions of a value that it covers, if it is a
// refusal or a confirmation. Returns the one that it has added or changed, or
// null.
const Suppression* AddToSuppressions(const v1::Consent& record,
                                     Suppressions& suppressions);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_CONSENT_ADMISSION_H_
