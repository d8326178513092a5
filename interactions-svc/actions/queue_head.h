#ifndef KITH_INTERACTIONS_SVC_ACTIONS_QUEUE_HEAD_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_QUEUE_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/actions/action_row.h"

namespace kith::interactions {

// Where in a queue a contact is.
struct HeadPlace {
  int64_t rank_micros = 0;
  base::Uuid contact_id = {};

  friend auto operator<=>(const HeadPlace&, const HeadPlace&) = default;
};

// Who waits in some queues, from the head on: each reading begins behind the
// one before it, and so reads as many rows, whoever is passed by. Not
// thread-safe.
class QueueHead {
 public:
  // The first queue is that of an agent, whose contacts come before all others
  // of a reading. `tx` must outlive the object.
  QueueHead(const mysql::Tx& tx, absl::Span<const std::string> queues,
            absl::Span<const base::Uuid> excluded);

  // Returns the next contacts, each once: at least `places` of each queue, as
  // far as there are so many that are not excluded; those of the agent, then
  // the others by rank. Index seeks, 16 a statement.
  absl::StatusOr<std::vector<base::Uuid>> ReadOn(size_t places);

  // True once all places have been read.
  bool is_over() const { return unread_.empty(); }

 private:
  struct Unread {
    QueueRange range;
    bool is_agents = false;
    // The last place that was read; not set before the first.
    std::optional<HeadPlace> last = {};
  };

  // Returns the places of each of `unread_`, by rank, at most `limit`.
  absl::StatusOr<std::vector<std::vector<HeadPlace>>> Read(size_t limit) const;

  const mysql::Tx& tx_;
  std::vector<Unread> unread_;
  const size_t excluded_;
  // Those that are not to be returned any more.
  absl::flat_hash_set<base::Uuid> known_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_QUEUE_HEAD_H_
