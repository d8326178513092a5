#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_PARTS_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_PARTS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "common/mysql/tx.h"
#include "interactions-svc/action_store.h"
#include "interactions-svc/interaction_store.h"
#include "interactions-svc/thread_store.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::interactions {

// Parts of the answer of BatchGetActivity.

// Most bytes of the threads of all sets in one answer, beside kAnswerBytes.
constexpr int64_t kThreadBytes = 256 << 10;

// Puts the threads of a set that are not RESOLVED into its result, as many as
// fit into `bytes_left`.
absl::Status AnswerThreads(const mysql::Tx& tx, const ThreadStore& threads,
                           SetActivity activity, int64_t& bytes_left,
                           v1::BatchGetActivityResponse::Result& result);

// Puts the open actions of a set into its result.
absl::Status AnswerActions(const mysql::Tx& tx, const ActionStore& actions,
                           const ContactWorks& works,
                           v1::BatchGetActivityResponse::Result& result);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_PARTS_H_
