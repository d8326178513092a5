#ifndef KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_ROW_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_ROW_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"
#include "interactions-svc/journal/entry_rules.h"
#include "kith/internal/v1/journal.pb.h"

namespace kith::interactions {

// The tables `journal`, `journal_due` and `journal_keys`.

// An entry and its id.
struct EntryRow {
  base::Uuid id = {};
  internal::v1::StoredEntry stored = {};
};

// Returns the entry, or nullopt if the tenant has none with this id. The second
// one locks its row.
absl::StatusOr<std::optional<internal::v1::StoredEntry>> ReadEntry(
    const mysql::Tx& tx, const base::Uuid& id);
absl::StatusOr<std::optional<internal::v1::StoredEntry>> LockEntry(
    const mysql::Tx& tx, const base::Uuid& id);

// Returns those of the entries that there are, in the order of `ids`.
absl::StatusOr<std::vector<EntryRow>> ReadJournalEntries(
    const mysql::Tx& tx, const std::vector<base::Uuid>& ids);

// Returns the body of an entry, as it was received. INTERNAL if it is damaged.
absl::StatusOr<std::string> ReadBody(const mysql::Tx& tx, const EntryRow& row);

// Returns at most `limit` entries whose ids are before `before`, the last
// first.
absl::StatusOr<std::vector<EntryRow>> ListEntriesBefore(
    const mysql::Tx& tx, const base::Uuid& before, int32_t limit);

// Inserts an entry with its compressed body, without its places.
absl::Status InsertEntry(const mysql::Tx& tx, const EntryRow& row,
                         absl::string_view compressed_body);
absl::Status UpdateEntry(const mysql::Tx& tx, const EntryRow& row);
absl::Status DeleteEntry(const mysql::Tx& tx, const base::Uuid& id);

// Makes the places of the entry in the table `after`, which are `before` there.
absl::Status MoveDuePlaces(const mysql::Tx& tx, const base::Uuid& id,
                           const std::set<DuePlace>& before,
                           const std::set<DuePlace>& after);

// An entry's place by which a list goes on.
struct DueEntry {
  int64_t due_micros = 0;
  base::Uuid id = {};
};

// Before and after all places.
inline DueEntry FirstDue() { return {.due_micros = 0}; }
inline DueEntry LastDue() {
  return {.due_micros = std::numeric_limits<int64_t>::max()};
}

// Returns at most `limit` places of this kind: those behind `after` that are
// due at `until_micros` or before, the first due first; or those before
// `before`, the last due first. One index seek.
absl::StatusOr<std::vector<DueEntry>> ReadDue(const mysql::Tx& tx, DueKind kind,
                                              const DueEntry& after,
                                              int64_t until_micros,
                                              int32_t limit);
absl::StatusOr<std::vector<DueEntry>> ReadDueBackwards(const mysql::Tx& tx,
                                                       DueKind kind,
                                                       const DueEntry& before,
                                                       int32_t limit);

// What a key stands for.
struct KeyedEntry {
  base::Uuid id = {};
  int64_t received_micros = 0;
};

// Returns the entry of a key, or nullopt, and locks the row of the key.
absl::StatusOr<std::optional<KeyedEntry>> LockEntryKey(
    const mysql::Tx& tx, absl::string_view source,
    absl::string_view idempotency_key);

// Makes the key stand for an entry. The first one is for a new key: ABORTED if
// another transaction has added the key since it was looked for.
absl::Status InsertEntryKey(const mysql::Tx& tx, absl::string_view source,
                            absl::string_view idempotency_key,
                            const KeyedEntry& entry);
absl::Status UpdateEntryKey(const mysql::Tx& tx, absl::string_view source,
                            absl::string_view idempotency_key,
                            const KeyedEntry& entry);

extern const mysql::Statement kInsertDue;
extern const mysql::Statement kDeleteDue;

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_ROW_H_
