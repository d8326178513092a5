#ifndef KITH_INTERACTIONS_SVC_RECORDING_H_
#define KITH_INTERACTIONS_SVC_RECORDING_H_

#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/tx.h"
#include "interactions-svc/activity/locked_contacts.h"
#include "interactions-svc/record_item.h"
#include "interactions-svc/recorded_requests.h"
#include "kith/interactions/v1/contact_facts.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// What one run of a transaction records: a batch of requests. One without new
// content takes no locks and writes nothing. Not thread-safe.
class Recording {
 public:
  using Result = absl::StatusOr<v1::RecordInteractionResponse>;

  // All arguments must outlive the object.
  Recording(const mysql::Tx& tx, absl::Span<const RecordItem> items,
            LockedContacts& contacts)
      : tx_(tx), items_(items), known_(tx, items), contacts_(contacts) {}

  // Locks the contacts that the batch changes, and `others`. The first call.
  absl::Status Lock(std::set<base::Uuid> others = {});

  // Returns a result for each item, in order; an item sees the effects of those
  // before it. Fails as a whole if the database does. `contacts` is not written
  // yet.
  absl::StatusOr<std::vector<Result>> Run();

 private:
  // Processes one item. If only this item fails, `result` has its error.
  absl::Status CarryOut(const RecordItem& item, Result& result);

  // Returns the frequency caps that one more marketing touch, the item, of the
  // contact's group would exceed.
  absl::StatusOr<std::vector<v1::ReachedCap>> ReachedBy(
      const RecordItem& item, const base::Uuid& contact_id) const;

  // Returns true if the correction of an item is advertising beyond a cap.
  absl::StatusOr<bool> ExceedsCap(const RecordItem& item,
                                  const v1::Interaction& old,
                                  const v1::Interaction& corrected) const;

  // Records a new item, or refuses it in `result`.
  absl::Status RecordIfAllowed(const RecordItem& item, Result& result);

  absl::Status Record(const RecordItem& item, bool exceeds_cap,
                      v1::Interaction& interaction);
  absl::Status Correct(const RecordItem& item, const Location& stored,
                       v1::Interaction& interaction);

  const mysql::Tx& tx_;
  const absl::Span<const RecordItem> items_;
  RecordedRequests known_;
  LockedContacts& contacts_;
};

// Returns the stored interaction that answers a request. ABORTED if a
// correction has just moved it; read the location again then.
absl::StatusOr<v1::Interaction> ReadStored(const mysql::Tx& tx,
                                           const Location& location);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_RECORDING_H_
