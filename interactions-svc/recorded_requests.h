#ifndef KITH_INTERACTIONS_SVC_RECORDED_REQUESTS_H_
#define KITH_INTERACTIONS_SVC_RECORDED_REQUESTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/tx.h"
#include "interactions-svc/record_decision.h"
#include "interactions-svc/record_item.h"

namespace kith::interactions {

// What was recorded before for the external ids and request ids of a batch: the
// rows of `interaction_keys` and `requests` that concern the batch, read in a
// few statements, and the rows that the batch adds. Lives for one run of a
// transaction, or one look-up. Not thread-safe.
class RecordedRequests {
 public:
  // All arguments must outlive the object.
  RecordedRequests(const mysql::Tx& tx, absl::Span<const RecordItem> items)
      : tx_(tx), items_(items) {}

  // Reads what Decide needs. Takes no locks: the unique keys detect races. Call
  // it again after waiting for a lock if a refusal may depend on it.
  absl::Status Read();

  // Reads the external ids again. Call it after waiting for a lock.
  absl::Status ReadKeys();

  // Returns what to do with one of the items, by what was read and added so
  // far. INVALID_ARGUMENT and ALREADY_EXISTS as RecordInteraction documents
  // them.
  absl::StatusOr<Decision> Decide(const RecordItem& item) const;

  // Returns null if the item's external id is new or empty.
  const StoredKey* FindKey(const RecordItem& item) const;

  // Stores that `interaction` was recorded for the item. ABORTED, so that
  // Transact runs the transaction again, if another transaction did so first.
  absl::Status Add(const RecordItem& item, const v1::Interaction& interaction);

  // Stores that `interaction` replaces the one with the item's external id.
  // ABORTED if another transaction used the item's request_id first.
  absl::Status Correct(const RecordItem& item,
                       const v1::Interaction& interaction);

 private:
  // (source, external_id), as the columns hold them.
  using ExternalId = std::pair<std::string, std::string>;
  static ExternalId ExternalIdOf(const RecordItem& item);

  absl::Status ReadKeysOf(const std::string& source,
                          const std::vector<std::string>& external_ids);
  absl::Status ReadRequests();
  absl::Status AddRequest(const RecordItem& item,
                          const v1::Interaction& interaction);

  const mysql::Tx& tx_;
  const absl::Span<const RecordItem> items_;
  absl::flat_hash_map<ExternalId, StoredKey> keys_;
  absl::flat_hash_map<std::string, mysql::LoggedRequest> requests_;
};

// Has the interaction's external id, if it has one, lead to its contact, which
// it was moved to. The transaction must have locked the contact's summary, and
// that of the contact that had it.
absl::Status MoveRecording(const mysql::Tx& tx,
                           const v1::Interaction& interaction);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_RECORDED_REQUESTS_H_
