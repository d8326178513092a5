#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_REFS_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_REFS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// The tables `contact_refs`, which thread of a contact a message or a
// conversation is in, and `thread_refs`, the thread of the first contact that
// took part in it: several may.

// (source, reference), as the columns hold them.
using RefKey = std::pair<std::string, std::string>;

// Returns the key of a message that the interaction names, and that of its
// conversation. A Message-ID is the same whoever reports it; other ids are told
// apart by the source.
RefKey MessageRef(const v1::Interaction& interaction,
                  const std::string& message_id);
RefKey ConversationRef(const v1::Interaction& interaction);

// Where a reference leads to.
struct RefTarget {
  base::Uuid contact_id;
  base::Uuid thread_id;
};
using RefTargets = std::map<RefKey, RefTarget>;

// Returns those that are known of the references that an interaction makes and
// of its own ids: where they lead for its contact; or, if that is nowhere, for
// the first contact. At most four statements; none if it has no reference.
absl::StatusOr<RefTargets> ReadRefs(const mysql::Tx& tx,
                                    const v1::Interaction& interaction);

// Returns where those of the references lead that are known of the contact.
absl::StatusOr<RefTargets> ReadContactRefs(const mysql::Tx& tx,
                                           const base::Uuid& contact_id,
                                           const std::vector<RefKey>& keys);

// Makes those of the references that lead to the contact's thread `from` lead
// to its thread `to`, for the contact and for others.
absl::Status MoveRefs(const mysql::Tx& tx, const std::vector<RefKey>& keys,
                      const base::Uuid& contact_id, const base::Uuid& from,
                      const base::Uuid& to);

// Gives references from one thread to a thread of another contact, for which
// they lead there then, unless they lead to a thread of it already. `leaving`
// lead there for others as well, if they led to `from`, and for the contact of
// `from` to nothing; `staying` lead it where they did.
absl::Status ReassignRefs(const mysql::Tx& tx,
                          const std::vector<RefKey>& leaving,
                          const std::vector<RefKey>& staying,
                          const RefTarget& from, const RefTarget& to);

// Makes the interaction's message lead to the thread, unless it leads to one of
// the contact already, and its conversation to it, whatever it led to. `known`
// is what ReadRefs returned. ABORTED, so that Transact runs the transaction
// again, if another one that also found the contact without a summary added one
// of them first.
absl::Status WriteRefs(const mysql::Tx& tx, const v1::Interaction& interaction,
                       const RefTargets& known, const RefTarget& target);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_REFS_H_
