#ifndef KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_STORE_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "interactions-svc/journal/entry_row.h"
#include "kith/interactions/v1/journal.pb.h"

namespace kith::interactions {

// Returns the entry as it is answered, without its body.
v1::Entry ShowEntry(const EntryRow& row);

// Writes and reads single entries of the journal. Takes validated requests;
// returns the errors of the RPC of the same name. Stateless.
class JournalStore {
 public:
  absl::StatusOr<v1::RecordEntryResponse> Record(
      const mysql::Tx& tx, const v1::RecordEntryRequest& request) const;

  absl::StatusOr<v1::LeaseEntriesResponse> Lease(
      const mysql::Tx& tx, const v1::LeaseEntriesRequest& request) const;

  absl::StatusOr<v1::Entry> Settle(const mysql::Tx& tx,
                                   const v1::SettleEntryRequest& request) const;

  absl::StatusOr<v1::Entry> Get(const mysql::Tx& tx,
                                const v1::GetEntryRequest& request) const;

  // `request.agent` is the person for whom the request is made.
  absl::StatusOr<v1::Entry> Discard(
      const mysql::Tx& tx, const v1::DiscardEntryRequest& request) const;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_STORE_H_
