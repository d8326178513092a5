#include "contacts-svc/contact_changes.h"

#include <cstdint>
#include <utility>

#include "common/mysql/outbox.h"
#include "kith/changes/v1/changes.pb.h"

namespace kith::contacts {
namespace {

changes::v1::Change ChangeOf(const ContactRow& row, uint64_t version) {
  changes::v1::Change change;
  change.set_owner(row.id.ToString());
  change.set_owner_version(version);
  return change;
}

changes::v1::Edge Told(const EdgeRow& row) {
  changes::v1::Edge edge;
  edge.set_edge_id(row.edge_id.ToString());
  edge.set_survivor_id(row.survivor.ToString());
  edge.set_absorbed_id(row.absorbed.ToString());
  edge.set_edge_order(row.order);
  return edge;
}

}  // namespace

absl::Status NoteCreated(mysql::Session& session,
                         const ops::RequestContext& context, absl::Time now,
                         const ContactRow& contact) {
  changes::v1::Change change = ChangeOf(contact, contact.version);
  change.mutable_contact_created()->set_kind(contact.contact.kind());
  change.mutable_contact_created()->set_stage(contact.contact.stage());
  return mysql::AddChanges(session, context, now, {std::move(change)});
}

absl::Status NoteWritten(mysql::Session& session,
                         const ops::RequestContext& context, absl::Time now,
                         const v1::Contact& before, const ContactRow& contact) {
  changes::v1::Change change = ChangeOf(contact, contact.version);
  const v1::Contact& after = contact.contact;
  if (after.has_delete_time() != before.has_delete_time()) {
    if (after.has_delete_time()) {
      *change.mutable_contact_deleted()->mutable_delete_time() =
          after.delete_time();
    } else {
      change.mutable_contact_undeleted();
    }
  } else if (after.stage() != before.stage()) {
    change.mutable_stage_changed()->set_old_stage(before.stage());
    change.mutable_stage_changed()->set_stage(after.stage());
  } else {
    change.mutable_contact_updated();
  }
  return mysql::AddChanges(session, context, now, {std::move(change)});
}

absl::Status NoteMerged(mysql::Session& session,
                        const ops::RequestContext& context, absl::Time now,
                        const ContactRow& canonical,
                        const std::vector<EdgeRow>& edges) {
  changes::v1::Change change = ChangeOf(canonical, canonical.version);
  changes::v1::ContactsMerged& merged = *change.mutable_contacts_merged();
  for (const EdgeRow& edge : edges) *merged.add_edges() = Told(edge);
  merged.set_canonical_id(canonical.id.ToString());
  return mysql::AddChanges(session, context, now, {std::move(change)});
}

absl::Status NoteUnmerged(mysql::Session& session,
                          const ops::RequestContext& context, absl::Time now,
                          const ContactRow& canonical,
                          const std::vector<EdgeRow>& edges) {
  changes::v1::Change change = ChangeOf(canonical, canonical.version + 1);
  changes::v1::ContactsUnmerged& unmerged = *change.mutable_contacts_unmerged();
  for (const EdgeRow& edge : edges) *unmerged.add_edges() = Told(edge);
  return mysql::AddChanges(session, context, now, {std::move(change)});
}

}  // namespace kith::contacts
