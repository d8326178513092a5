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
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Merge edges, in `merge_edges` and its lookup `merge_causes`.

// The most edges in force in a group.
constexpr int64_t kMaxGroupEdges = 20'000;

// A row of an edge, which has one under either contact.
struct EdgeRow {
  // Under whom it stands.
  base::Uuid contact_id;
  base::Uuid edge_id;
  base::Uuid survivor;
  base::Uuid absorbed;
  int64_t order = 0;
  v1::MergeEdge edge;
};

// By the key of merge_causes.
extern const mysql::Statement kInsertCause;
extern const mysql::Statement kDeleteCause;

// The row in merge_causes of an edge in force; none where it has no cause that
// is looked up.
std::optional<mysql::LookupRow> CauseRowOf(uint64_t tenant_id,
                                           const EdgeRow& row);

// A new edge in force.
EdgeRow NewEdge(const v1::MergeRequest& request, const base::Uuid& absorbed,
                int64_t order, absl::Time now);

// Adds an edge.
absl::Status InsertEdge(mysql::Session& session, uint64_t tenant_id,
                        const EdgeRow& row);

// Takes an edge back.
absl::Status ReverseEdge(mysql::Session& session, uint64_t tenant_id,
                         const v1::MergeReversal& reversal, EdgeRow& row);

// All edges in force between the members of a group, each once.
absl::StatusOr<std::vector<EdgeRow>> SelectEdgesInForce(
    mysql::Session& session, uint64_t tenant_id,
    const std::vector<base::Uuid>& members);

// At most 500 edges at a contact, in force or not, whose order is above
// `after`, in order.
absl::StatusOr<std::vector<EdgeRow>> SelectEdgesAfter(mysql::Session& session,
                                                      uint64_t tenant_id,
                                                      const base::Uuid& contact,
                                                      int64_t after);

// At most 500 edges at contacts, of whom there are at most 500, in force or
// not, by contact and order.
absl::StatusOr<std::vector<EdgeRow>> SelectEdgesOf(
    mysql::Session& session, uint64_t tenant_id,
    const std::vector<base::Uuid>& contacts);

// An edge in force of a cause, and its survivor.
struct CausedEdge {
  base::Uuid edge_id;
  base::Uuid survivor;
};

// At most `limit` behind the edge `after`, in the order of their ids.
absl::StatusOr<std::vector<CausedEdge>> SelectCaused(
    mysql::Session& session, uint64_t tenant_id, const v1::MergeCause& cause,
    const base::Uuid& after, int32_t limit);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_MERGE_EDGE_ROW_H_
