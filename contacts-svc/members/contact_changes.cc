#include "contacts-svc/members/contact_changes.h"

#include <cstdint>
#include <utility>

#include "common/feed/outbox.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::contacts {

changes::v1::Change ChangeOf(const ContactRow& row, uint64_t version) {
  changes::v1::Change change;
  change.set_owner(row.id.ToString());
  change.set_owner_version(version);
  return change;
}

absl::Status AddCreatedChange(const mysql::Tx& tx, const ContactRow& contact) {
  changes::v1::Change change = ChangeOf(contact, contact.version);
  change.mutable_contact_created()->set_kind(contact.contact.kind());
  change.mutable_contact_created()->set_stage(contact.contact.stage());
  return feed::AddChanges(tx, {std::move(change)});
}

absl::Status AddWrittenChange(const mysql::Tx& tx, const v1::Contact& before,
                              const ContactRow& contact) {
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
  return feed::AddChanges(tx, {std::move(change)});
}

}  // namespace kith::contacts
