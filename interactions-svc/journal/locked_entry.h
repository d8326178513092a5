#ifndef KITH_INTERACTIONS_SVC_JOURNAL_LOCKED_ENTRY_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_LOCKED_ENTRY_H_

#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/journal/entry_row.h"
#include "interactions-svc/journal/entry_rules.h"
#include "kith/internal/v1/journal.pb.h"

namespace kith::interactions {

// An entry whose row a transaction has locked. All that changes an entry goes
// through this class, so that its places in `journal_due` always agree with it.
// For one run of one transaction.
class LockedEntry {
 public:
  // Locks the entry. Returns nullopt if the tenant has none with this id. `tx`
  // must outlive the object.
  static absl::StatusOr<std::optional<LockedEntry>> Lock(const mysql::Tx& tx,
                                                         const base::Uuid& id);

  internal::v1::StoredEntry& stored() { return row_.stored; }
  const EntryRow& row() const { return row_; }

  // Writes the entry and its places, if they have changed.
  absl::Status Write();

  // Deletes the entry and its places.
  absl::Status Delete();

 private:
  LockedEntry(const mysql::Tx& tx, EntryRow row);

  const mysql::Tx& tx_;
  EntryRow row_;
  // As they are in the tables.
  std::string details_;
  std::set<DuePlace> places_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_LOCKED_ENTRY_H_
