#ifndef KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_LIST_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_LIST_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/journal.pb.h"

namespace kith::interactions {

// Returns a page of entries. Takes a validated request; returns the errors of
// ListEntries. Reads at most 500 entries, however many there are. A filter by
// state reads the entries of this state alone, one by time those of this time;
// the other conditions are looked at in what is read.
absl::StatusOr<v1::ListEntriesResponse> ListJournal(
    const mysql::Tx& tx, const v1::ListEntriesRequest& request);

// Makes entries RECEIVED again, an entry a transaction. Takes a validated
// request; returns the errors of ReplayEntries. May be ended anywhere, and
// called again with the same request.
absl::StatusOr<v1::ReplayEntriesResponse> ReplayJournal(
    const mysql::Tx& tx, const v1::ReplayEntriesRequest& request);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_LIST_H_
