#ifndef KITH_IDENTITY_SVC_REREAD_REREAD_PLAN_H_
#define KITH_IDENTITY_SVC_REREAD_REREAD_PLAN_H_

#include <string>

#include "absl/strings/string_view.h"
#include "identity-svc/claim_plan.h"
#include "identity-svc/holding.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {

// The rules that decide what becomes of an identity that was stored under older
// reading rules. Pure functions.

// What today's rules make of a stored identity.
enum class Rereading {
  // The same identity.
  kUnchanged,
  // Another one, which nobody has ever held: it moves there with all holdings.
  kMoves,
  // Another one, which the same contact holds, or which was held before: the
  // open holding goes on there.
  kJoins,
  // Another one, which another contact holds. A person decides; nothing is
  // changed.
  kCollides,
  // Another one, which somebody has held. Of this one there is only the past,
  // which stays.
  kPast,
  // None: today's rules refuse the value. Its open holding ends.
  kRefused,
};

// Returns "unchanged", "moves" and so on.
absl::string_view Name(Rereading rereading);

// Reads the value of a stored identity again.
Reading ReadAgain(const v1::Identity& identity,
                  const config::v1::Tenant& tenant);

// Returns the key of the reading if it is another than the identity's, and the
// value is not refused; else "".
std::string OtherKey(const v1::Identity& identity, const Reading& today);

// `there` are the holdings of OtherKey.
Rereading PlanRereading(const StoredValue& stored, const Reading& today,
                        const Holdings& there);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_REREAD_REREAD_PLAN_H_
