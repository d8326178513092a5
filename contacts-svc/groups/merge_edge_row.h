#ifndef KITH_CONTACTS_SVC_GROUPS_MERGE_EDGE_ROW_H_
#define KITH_CONTACTS_SVC_GROUPS_MERGE_EDGE_ROW_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/lookup.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// Merge edges: the table `merge_edges` and its lookup table `merge_causes`.

// Most edges in force in one group.
constexpr int64_t kMaxGroupEdges = 20'000;

// A row of merge_edges. Each edge has two rows, one for each of its contacts.
struct EdgeRow {
  // The contact whose row this is: the survivor or the absorbed contact.
  base::Uuid contact_id;
  base::Uuid edge_id;
  base::Uuid survivor;
  base::Uuid absorbed;
  int64_t order = 0;
  v1::MergeEdge edge;
};

// Insert and delete a row of merge_causes. Bound: the columns of its key.
extern const mysql::Statement kInsertCause;
extern const mysql::Statement kDeleteCause;

// Returns the row that an edge in force has in merge_causes; nullopt if its
// cause has no value and so is not looked up.
std::optional<mysql::LookupRow> CauseRowOf(uint64_t tenant_id,
                                           const EdgeRow& row);

// Returns a new edge in force, with a new id. Writes nothing.
EdgeRow NewEdge(const v1::MergeContactsRequest& request,
                const base::Uuid& absorbed, int64_t order, absl::Time now);

// Inserts both rows of an edge, and its row in merge_causes.
absl::Status InsertEdge(const mysql::Tx& tx, const EdgeRow& row);

// Marks both rows of an edge as reversed, also in `row`, and deletes its row in
// merge_causes.
absl::Status ReverseEdge(const mysql::Tx& tx, const v1::MergeReversal& reversal,
                         EdgeRow& row);

// Returns all edges in force between the members of a group, each once.
// `members` must be all of them.
absl::StatusOr<std::vector<EdgeRow>> SelectEdgesInForce(
    const mysql::Tx& tx, const std::vector<base::Uuid>& members);

// Returns at most 500 edges of a contact, in force or reversed, whose order is
// greater than `after`, by rising order.
absl::StatusOr<std::vector<EdgeRow>> SelectEdgesAfter(const mysql::Tx& tx,
                                                      const base::Uuid& contact,
                                                      int64_t after);

// Returns at most 500 edges of at most 500 contacts, in force or reversed, by
// contact id and order.
absl::StatusOr<std::vector<EdgeRow>> SelectEdgesOf(
    const mysql::Tx& tx, const std::vector<base::Uuid>& contacts);

// An edge in force that has the cause asked for, and its survivor.
struct CausedEdge {
  base::Uuid edge_id;
  base::Uuid survivor;
};

// Returns at most `limit` edges in force with this cause whose id is greater
// than `after`, in id order.
absl::StatusOr<std::vector<CausedEdge>> SelectCaused(
    const mysql::Tx& tx, const v1::MergeCause& cause, const base::Uuid& after,
    int32_t limit);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_MERGE_EDGE_ROW_H_
