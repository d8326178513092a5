#ifndef KITH_IDENTITY_SVC_TOUCH_VALUE_H_
#define KITH_IDENTITY_SVC_TOUCH_VALUE_H_

#include <string>
#include <vector>

#include "common/base/uuid.h"
#include "identity-svc/claim_plan.h"
#include "identity-svc/holding.h"
#include "identity-svc/values/value_reading.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The state of one value while its touch is planned.
struct TouchValue {
  const Reading& reading;
  const Holdings& holdings;
  // Whom the event belongs to by this value; null where nobody holds it.
  const Holding* holder = nullptr;
  // See WritableIdentitiesOf.
  bool counts = false;
  // The holder's holding, which the claim ends; null if it ends none.
  const Holding* ends = nullptr;
  // The holding that an earlier claim like this one has ended; null if none.
  const Holding* ended_before = nullptr;
  // The browser of a guest, who may be the touch's contact.
  bool is_guests = false;
  bool is_quarantined = false;
  // The contact has got as many of the channel within the day as it may.
  bool is_beyond_limit = false;

  const std::string& key() const { return reading.identity.identity_key(); }
  bool HeldBy(const base::Uuid& contact) const {
    return holder != nullptr && holder->contact_id == contact;
  }
  // Several people shared it at the time of the event.
  bool is_shared() const { return holder != nullptr && IsShared(*holder); }
};

// Whether the value is a browser.
bool IsBrowser(const TouchValue& value);

// Returns the values of the claim, with what is stored of them.
std::vector<TouchValue> ValuesOf(const TouchClaim& claim,
                                 const StoredValues& stored);

// Returns what the claim does to the value of a touch of `contact`.
v1::ClaimOutcome OutcomeOf(const TouchValue& value, const base::Uuid& contact);

// Returns what the claim says of the value if it changes nothing, as the touch
// is not of its only_contact.
v1::ClaimOutcome OutcomeForOther(const TouchValue& value);

// Returns the answer for the value. `holding` is how it is held after the
// claim; null if nobody holds it.
v1::ClaimedValue AnswerOf(const TouchClaim& claim, const TouchValue& value,
                          const StoredValues& stored, const Holding* holding,
                          v1::ClaimOutcome outcome);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_TOUCH_VALUE_H_
