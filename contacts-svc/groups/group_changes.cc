#include "contacts-svc/groups/group_changes.h"

#include <utility>

#include "common/feed/outbox.h"
#include "contacts-svc/members/contact_changes.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::contacts {
namespace {

changes::v1::Edge ToChange(const EdgeRow& row) {
  changes::v1::Edge edge;
  edge.set_edge_id(row.edge_id.ToString());
  edge.set_survivor_id(row.survivor.ToString());
  edge.set_absorbed_id(row.absorbed.ToString());
  edge.set_edge_order(row.order);
  return edge;
}

}  // namespace

absl::Status AddMergedChange(const mysql::Tx& tx, const ContactRow& canonical,
                             const std::vector<EdgeRow>& edges) {
  changes::v1::Change change = ChangeOf(canonical, canonical.version);
  changes::v1::ContactsMerged& merged = *change.mutable_contacts_merged();
  for (const EdgeRow& edge : edges) *merged.add_edges() = ToChange(edge);
  merged.set_canonical_id(canonical.id.ToString());
  return feed::AddChanges(tx, {std::move(change)});
}

absl::Status AddUnmergedChange(const mysql::Tx& tx, const ContactRow& canonical,
                               const std::vector<EdgeRow>& edges) {
  changes::v1::Change change = ChangeOf(canonical, canonical.version + 1);
  changes::v1::ContactsUnmerged& unmerged = *change.mutable_contacts_unmerged();
  for (const EdgeRow& edge : edges) *unmerged.add_edges() = ToChange(edge);
  return feed::AddChanges(tx, {std::move(change)});
}

}  // namespace kith::contacts
