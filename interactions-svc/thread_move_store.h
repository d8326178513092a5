#ifndef KITH_INTERACTIONS_SVC_THREAD_MOVE_STORE_H_
#define KITH_INTERACTIONS_SVC_THREAD_MOVE_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/thread.pb.h"

namespace kith::interactions {

// Splits and joins threads, and takes that back. Each is one transaction under
// the lock of the contact's summary. Takes validated requests; returns the
// errors of the RPC of the same name. Stateless.
class ThreadMoveStore {
 public:
  absl::StatusOr<v1::SplitThreadResponse> Split(
      const mysql::Tx& tx, const v1::SplitThreadRequest& request) const;

  absl::StatusOr<v1::JoinThreadsResponse> Join(
      const mysql::Tx& tx, const v1::JoinThreadsRequest& request) const;

  absl::StatusOr<v1::UndoThreadChangeResponse> Undo(
      const mysql::Tx& tx, const v1::UndoThreadChangeRequest& request) const;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREAD_MOVE_STORE_H_
