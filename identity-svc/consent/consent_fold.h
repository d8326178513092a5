#ifndef KITH_IDENTITY_SVC_CONSENT_CONSENT_FOLD_H_
#define KITH_IDENTITY_SVC_CONSENT_CONSENT_FOLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "identity-svc/consent/permission.h"
#include "kith/identity/v1/consent.pb.h"
#include "kith/internal/v1/consent.pb.h"

namespace kith::identity {

// Most scopes, purposes and topics of one contact that are told apart. Beyond
// it, a refusal of a topic is one of all topics.
inline constexpr int kMaxConsentEntries = 1'000;

// Returns true for a confirmation by the person, which alone lifts what was
// refused: see Consent. `record` has its assurance.
bool IsConfirmation(const v1::Consent& record);

// Returns the time of the customer's word, which is never after the time of
// recording. A confirmation is not newer than its proof.
int64_t SaidMicros(const v1::Consent& record);

// Returns true if `states` has no place for the record: a GRANTED or PENDING
// one of a scope, purpose or topic that is new. There is always one for a
// refusal.
bool IsFull(const internal::v1::ConsentStates& states,
            const v1::Consent& record);

// Adds a record to the states of its contact. It is the newest record: its
// recorded_time is after states.recorded_micros, and it has its id.
void AddToStates(const v1::Consent& record,
                 internal::v1::ConsentStates& states);

// Has what was said of one value be said of another: the value has got another
// key. Where both have words for a purpose and topic, those of `to` stay, and
// the later refusal.
void RenameValue(const std::string& from, const std::string& to,
                 internal::v1::ConsentStates& states);

// Adds what one contact has said of a value to what another has: the value was
// never the first one's. Of two words of a kind the one that was said later
// counts, and the refusal that was recorded later. No confirmation is copied,
// as it would lift what the other contact has refused, nor a refusal that one
// has lifted as a whole. Returns the words that were added. Beyond the limit of
// entries only refusals are.
std::vector<internal::v1::ConsentWord> CopyValue(
    const std::string& identity_key, const internal::v1::ConsentStates& from,
    internal::v1::ConsentStates& to);

// Adds the suppressions in `from`, of a value's former key, to those in `to`:
// of each the later refusal.
void JoinSuppressions(const Suppressions& from, Suppressions& to);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_CONSENT_FOLD_H_
