#include "contacts-svc/contact_changes.h"

#include <cstdint>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/mysql/outbox.h"
#include "kith/changes/v1/changes.pb.h"

namespace kith::contacts {
namespace {

changes::v1::Change ChangeOf(const v1::Contact& contact) {
  changes::v1::Change change;
  change.set_owner(contact.contact_id());
  uint64_t version = 0;
  if (absl::SimpleAtoi(contact.etag(), &version)) {
    change.set_owner_version(version);
  }
  return change;
}

}  // namespace

absl::Status NoteCreated(mysql::Session& session,
                         const ops::RequestContext& context, absl::Time now,
                         const v1::Contact& contact) {
  changes::v1::Change change = ChangeOf(contact);
  change.mutable_contact_created()->set_kind(contact.kind());
  change.mutable_contact_created()->set_stage(contact.stage());
  return mysql::AddChanges(session, context, now, {std::move(change)});
}

absl::Status NoteWritten(mysql::Session& session,
                         const ops::RequestContext& context, absl::Time now,
                         const v1::Contact& before,
                         const v1::Contact& contact) {
  changes::v1::Change change = ChangeOf(contact);
  if (contact.has_delete_time() != before.has_delete_time()) {
    if (contact.has_delete_time()) {
      *change.mutable_contact_deleted()->mutable_delete_time() =
          contact.delete_time();
    } else {
      change.mutable_contact_undeleted();
    }
  } else if (contact.stage() != before.stage()) {
    change.mutable_stage_changed()->set_old_stage(before.stage());
    change.mutable_stage_changed()->set_stage(contact.stage());
  } else {
    change.mutable_contact_updated();
  }
  return mysql::AddChanges(session, context, now, {std::move(change)});
}

}  // namespace kith::contacts
