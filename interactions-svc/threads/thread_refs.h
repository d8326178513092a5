#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_REFS_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_REFS_H_

#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// The table `thread_refs`: which thread a message or a conversation is in.

// (source, reference), as the columns hold them.
using RefKey = std::pair<std::string, std::string>;

// Returns the key of a message, and that of the interaction's conversation.
RefKey MessageRef(const std::string& message_id);
RefKey ConversationRef(const v1::Interaction& interaction);

// Where a reference leads to.
struct RefTarget {
  base::Uuid contact_id;
  base::Uuid thread_id;
};
using RefTargets = std::map<RefKey, RefTarget>;

// Returns those that are known of the references that an interaction makes and
// of its own ids. At most two statements; none if it has no reference.
absl::StatusOr<RefTargets> ReadRefs(const mysql::Tx& tx,
                                    const v1::Interaction& interaction);

// Makes the interaction's message lead to the thread, unless it leads to one
// already, and its conversation to it, whatever it led to. `known` is what
// ReadRefs returned. ABORTED, so that Transact runs the transaction again, if
// another transaction added one of them first.
absl::Status WriteRefs(const mysql::Tx& tx, const v1::Interaction& interaction,
                       const RefTargets& known, const RefTarget& target);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_REFS_H_
