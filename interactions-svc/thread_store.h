#ifndef KITH_INTERACTIONS_SVC_THREAD_STORE_H_
#define KITH_INTERACTIONS_SVC_THREAD_STORE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/threads/thread_row.h"
#include "kith/interactions/v1/thread.pb.h"

namespace kith::interactions {

// A page of the threads of several contacts.
struct ThreadPage {
  std::vector<v1::Thread> threads;

  // The place that the next page begins after; nullopt on the last page.
  std::optional<ThreadPlace> next;

  // True if the page would have more threads if the answer had more room.
  bool is_cut = false;
};

// Writes and reads threads as such; what is recorded moves them by
// LockedThreads. Takes validated requests; returns the errors of the RPC of the
// same name. Stateless.
class ThreadStore {
 public:
  absl::StatusOr<v1::Thread> Create(
      const mysql::Tx& tx, const v1::CreateThreadRequest& request) const;

  absl::StatusOr<v1::Thread> Update(
      const mysql::Tx& tx, const v1::UpdateThreadRequest& request) const;

  // Returns the thread with this id. NOT_FOUND if there is none.
  absl::StatusOr<ThreadRow> Get(const mysql::Tx& tx,
                                const base::Uuid& thread_id) const;

  // Returns at most `size` threads of the contacts in one of the states after
  // `after`, newest first, with their chains joined; as many as fit into
  // `bytes_left`, from which they are taken. From the first that does not fit,
  // a page only tells whether it would have any. One seek for each contact and
  // state, 16 a statement.
  absl::StatusOr<ThreadPage> List(const mysql::Tx& tx,
                                  absl::Span<const base::Uuid> contact_ids,
                                  absl::Span<const v1::ThreadState> states,
                                  const ThreadPlace& after, int32_t size,
                                  int64_t& bytes_left) const;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREAD_STORE_H_
