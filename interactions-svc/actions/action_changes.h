#ifndef KITH_INTERACTIONS_SVC_ACTIONS_ACTION_CHANGES_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_ACTION_CHANGES_H_

#include "interactions-svc/actions/locked_actions.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::interactions {

// Sets what the feed tells of the effect, if it tells anything. A pure
// function.
bool TellEffect(const ActionEffect& effect, changes::v1::Change& change);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_ACTION_CHANGES_H_
