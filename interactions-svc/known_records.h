#ifndef KITH_INTERACTIONS_SVC_KNOWN_RECORDS_H_
#define KITH_INTERACTIONS_SVC_KNOWN_RECORDS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/session.h"
#include "interactions-svc/decision.h"
#include "interactions-svc/record_item.h"

namespace kith::interactions {

// What was recorded before under the external ids and request ids of a batch:
// the rows of `interaction_keys` and `requests` that concern it, read in a few
// statements, and those that it adds. Lives within one run of a transaction,
// or one look-up. Not thread-safe.
class KnownRecords {
 public:
  // All outlive it.
  KnownRecords(mysql::Session& session, uint64_t tenant_id,
               absl::Span<const RecordItem> items)
      : session_(session), tenant_id_(tenant_id), items_(items) {}

  // Reads what Decide needs. Locks nothing: the unique keys decide.
  absl::Status Read();

  // Reads the external ids again, for one who has waited for a lock since.
  absl::Status ReadKeys();

  // What to do with one of the items, by what was read and added so far.
  // INVALID_ARGUMENT and ALREADY_EXISTS as RecordInteraction documents them.
  absl::StatusOr<Decision> Decide(const RecordItem& item) const;

  // Null where the item's external id is new, or has none.
  const StoredKey* FindKey(const RecordItem& item) const;

  // Notes that `interaction` was recorded for the item. ABORTED where another
  // transaction was faster: Transact runs this one again.
  absl::Status Add(const RecordItem& item, const v1::Interaction& interaction,
                   absl::Time now);

  // Notes that `interaction` took the place of what the item's external id
  // stood for. ABORTED likewise.
  absl::Status Correct(const RecordItem& item,
                       const v1::Interaction& interaction, absl::Time now);

 private:
  // (source, external_id).
  using ExternalId = std::pair<std::string, std::string>;
  static ExternalId ExternalIdOf(const RecordItem& item);

  absl::Status ReadKeysOf(const std::string& source,
                          const std::vector<absl::string_view>& external_ids);
  absl::Status ReadRequests();
  absl::Status AddRequest(const RecordItem& item,
                          const v1::Interaction& interaction, absl::Time now);

  mysql::Session& session_;
  const uint64_t tenant_id_;
  const absl::Span<const RecordItem> items_;
  absl::flat_hash_map<ExternalId, StoredKey> keys_;
  absl::flat_hash_map<std::string, StoredRequest> requests_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_KNOWN_RECORDS_H_
