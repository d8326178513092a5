#ifndef KITH_INTERACTIONS_SVC_ACTIONS_ACTION_DUE_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_ACTION_DUE_H_

#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"
#include "kith/internal/v1/actions.pb.h"

namespace kith::interactions {

// When an action is due and how it ranks, by the rules of the tenant. Pure
// functions.

// Sets when the action is due, and what follows from that.
void SetDue(const config::v1::Tenant& tenant, absl::Time due,
            absl::Duration head_start, internal::v1::StoredAction& stored);

// Sets from when on others than the assignee are given the action.
void ShareAfterPatience(const config::v1::Tenant& tenant,
                        internal::v1::StoredAction& stored);

// Sets what follows from the causes of a CALL_BACK or FIRST_CONTACT.
void FollowCauses(const config::v1::Tenant& tenant,
                  internal::v1::StoredAction& stored);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_ACTION_DUE_H_
