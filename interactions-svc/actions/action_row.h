#ifndef KITH_INTERACTIONS_SVC_ACTIONS_ACTION_ROW_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_ACTION_ROW_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"
#include "interactions-svc/actions/contact_actions.h"
#include "kith/internal/v1/actions.pb.h"

namespace kith::interactions {

// The tables `actions`, `ended_actions` and `action_queue`, and what
// `interactions` has for actions.

// Most open actions of a contact. What there is but one of has room besides: a
// CALL_BACK, a FIRST_CONTACT, and the REVIEW that there are too many.
constexpr int64_t kMaxOpenActions = 500;

// As many REVIEWs more may be opened, so that what fills up a contact does not
// hide what a person must look at.
constexpr int64_t kMoreOpenReviews = 100;

// Returns the open actions of each contact that has some. One statement for
// each 500 contacts.
absl::StatusOr<std::map<base::Uuid, OpenActions>> ReadOpenActions(
    const mysql::Tx& tx, absl::Span<const base::Uuid> contact_ids);

// Returns those of these actions of the contact that have ended.
absl::StatusOr<std::vector<internal::v1::StoredAction>> ReadEndedActions(
    const mysql::Tx& tx, const base::Uuid& contact_id,
    absl::Span<const base::Uuid> action_ids);

// An ended action and where it is in the list of its contact.
struct EndedAction {
  base::Uuid contact_id = {};
  int64_t ended_micros = 0;
  base::Uuid action_id = {};
  internal::v1::StoredAction stored = {};
};

// Returns at most `limit` ended actions of each contact before this place, the
// last ended first.
absl::StatusOr<std::vector<EndedAction>> ListEndedActions(
    const mysql::Tx& tx, absl::Span<const base::Uuid> contact_ids,
    int64_t before_micros, const base::Uuid& before_id, int32_t limit);

absl::Status InsertAction(const mysql::Tx& tx, const base::Uuid& contact_id,
                          const internal::v1::StoredAction& stored);
absl::Status UpdateAction(const mysql::Tx& tx, const base::Uuid& contact_id,
                          const internal::v1::StoredAction& stored);

// Deletes the open action, if it is `stored` in the table, and inserts the
// ended one.
absl::Status EndAction(const mysql::Tx& tx, const base::Uuid& contact_id,
                       bool is_stored,
                       const internal::v1::StoredAction& stored);

// Makes the contact's places in the table `after`, which are `before` there.
absl::Status MovePlaces(const mysql::Tx& tx, const base::Uuid& contact_id,
                        const QueuePlaces& before, const QueuePlaces& after);

// A contact's place that a queue begins with.
struct WaitingContact {
  base::Uuid contact_id = {};
  QueueState state = QueueState::kReady;
  int64_t rank_micros = 0;
  // Index of the queue in the request.
  size_t queue = 0;
};

// Where to read a queue: the places with this state and a rank of at least
// `least` and at most `most`; of contacts after `after`, which only makes sense
// where the two are the same.
struct QueueRange {
  std::string queue;
  QueueState state = QueueState::kReady;
  int64_t least = 0;
  int64_t most = 0;
  base::Uuid after = {};
};

// Returns the ranges in which contacts wait at `now`: kHeadRanges for each
// queue, in the order of the queues.
inline constexpr size_t kHeadRanges = 2;
std::vector<QueueRange> HeadsOf(absl::Span<const std::string> queues,
                                absl::Time now);

// Returns the first `limit` places of each range, by rank. One index seek each,
// 16 a statement.
absl::StatusOr<std::vector<WaitingContact>> ReadQueues(
    const mysql::Tx& tx, absl::Span<const QueueRange> ranges, int32_t limit);

// Returns what occurred with the contact at `from_micros` or later, the oldest
// first, at most the first 500.
absl::StatusOr<std::vector<v1::Interaction>> ReadHistory(
    const mysql::Tx& tx, const base::Uuid& contact_id, int64_t from_micros);

extern const mysql::Statement kInsertPlace;
extern const mysql::Statement kDeletePlace;

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_ACTION_ROW_H_
