#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_DECISION_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_DECISION_H_

#include "absl/status/status.h"
#include "common/mysql/tx.h"
#include "contacts-svc/suggestions/suggestion_row.h"
#include "kith/contacts/v1/group.pb.h"
#include "kith/contacts/v1/suggestion.pb.h"

namespace kith::contacts {

// Decides an open suggestion, whose `row` is that of the contact with the lower
// id, and stores with it the evidence that there is now. The caller holds the
// locks of both contacts' groups. Returns SUGGESTION_OUTDATED if `state` is
// CONFIRMED and there is no evidence any more.
absl::Status Decide(const mysql::Tx& tx, v1::SuggestionState state,
                    const v1::SuggestionDecision& decision, SuggestionRow row);

// Rejects the open suggestion of two contacts because a person has unmerged
// them; no-op if none is open. An UnmergeStore's NotSameObserver.
absl::Status RejectIfOpen(const mysql::Tx& tx, const base::Uuid& a,
                          const base::Uuid& b,
                          const v1::MergeReversal& reversal);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_DECISION_H_
