#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_TOUCH_SUGGESTIONS_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_TOUCH_SUGGESTIONS_H_

#include "absl/status/status.h"
#include "common/mysql/tx.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Opens a suggestion between the contact of an Ensure and each of its
// companions, with the conditions of EnsureContactRequest.companions.
// The contact must exist. Call it outside of a transaction.
//
// It first looks without a lock. If all is written already, as after a repeat,
// it does nothing more. Otherwise it looks again, and writes, under the locks
// of the groups of the contact and of all companions that get a suggestion:
// each writer of a suggestion holds at least one of the two groups, so nobody
// else writes the same pair, and the limits on open suggestions are exact.
absl::Status AddTouchSuggestions(const mysql::Tx& tx,
                                 const v1::EnsureContactRequest& request);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_TOUCH_SUGGESTIONS_H_
