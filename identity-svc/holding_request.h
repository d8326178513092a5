#ifndef KITH_IDENTITY_SVC_HOLDING_REQUEST_H_
#define KITH_IDENTITY_SVC_HOLDING_REQUEST_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/mysql/request_log.h"
#include "common/mysql/tx.h"
#include "identity-svc/claim_plan.h"
#include "identity-svc/holding.h"
#include "identity-svc/holding_plan.h"
#include "identity-svc/values/value_reading.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// What the requests that change the holding of one value have in common.

// Returns what is stored of a value.
absl::StatusOr<StoredValue> SelectValue(const mysql::Tx& tx,
                                        const std::string& key);

// Returns the identity as it is shown with the holding.
v1::Identity Shown(v1::Identity identity, const Holding& holding);

// Returns the value with the newest of its holdings that `matches`. NOT_FOUND
// if there is none.
absl::StatusOr<v1::Identity> WithHolding(
    const mysql::Tx& tx, const std::string& key,
    absl::FunctionRef<bool(const Holding&)> matches);

// Does the work of a request, unless it was done before; returns what tells its
// result from others. The value's row is locked, so that of two copies of the
// request the second sees what the first has done.
absl::StatusOr<std::string> Once(
    const mysql::Tx& tx, const mysql::IdempotencyKey& request,
    absl::FunctionRef<absl::StatusOr<std::string>()> work);

// Returns INVALID_ARGUMENT if the value is refused as an identity.
absl::StatusOr<Reading> ReadIdentity(const mysql::Tx& tx,
                                     const v1::ChannelValue& value);

// Returns the ids of a customer: the contact that a request names, and its
// group. None where it only asks for what it has done before.
template <typename Ids>
CustomerIds IdsOf(const std::string& contact_id, const Ids& member_ids) {
  CustomerIds ids;
  if (!contact_id.empty()) ids.insert(*base::Uuid::Parse(contact_id));
  for (const std::string& id : member_ids) ids.insert(*base::Uuid::Parse(id));
  return ids;
}

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_HOLDING_REQUEST_H_
