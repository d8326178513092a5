#include "contacts-svc/members/contact_table.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Param;

// The fields that have no column of their own.
std::string Details(const v1::Contact& contact) {
  v1::Contact details;
  *details.mutable_stage_times() = contact.stage_times();
  *details.mutable_roles() = contact.roles();
  *details.mutable_attributes() = contact.attributes();
  *details.mutable_labels() = contact.labels();
  if (contact.has_attribution()) {
    *details.mutable_attribution() = contact.attribution();
  }
  if (contact.has_form_fields()) {
    *details.mutable_form_fields() = contact.form_fields();
  }
  details.set_stand_in(contact.stand_in());
  return details.SerializeAsString();
}

std::string IdBytes(const std::string& id) {
  const auto uuid = Uuid::Parse(id);
  return uuid.has_value() ? std::string(uuid->bytes()) : std::string();
}

Param OrNull(const std::string& text) {
  return text.empty() ? Param(nullptr) : Param(text);
}

// FromRow reads these columns by position.
const std::string kSelectColumns =
    "SELECT contact_id, canonical_id, kind, stage, display_name, given_name, "
    "family_name, owner, account_id, details, version, create_micros, "
    "update_micros, delete_micros, set_fields, group_size, group_edges, "
    "edge_order FROM contacts ";

}  // namespace

const mysql::Statement kSelectContact(kSelectColumns +
                                      "WHERE tenant_id = ? AND contact_id = ?");

const mysql::Statement kLockContact(
    kSelectColumns + "WHERE tenant_id = ? AND contact_id = ? FOR UPDATE");

const mysql::Statement kSelectContacts(
    kSelectColumns + "WHERE tenant_id = ? AND contact_id IN (:list)");

const mysql::Statement kListContacts(
    kSelectColumns +
        "WHERE tenant_id = ? AND contact_id > ? ORDER BY contact_id LIMIT ?",
    mysql::Mark::kList);

const mysql::Statement kInsertContact(
    "INSERT INTO contacts (tenant_id, contact_id, canonical_id, kind, stage, "
    "display_name, given_name, family_name, owner, account_id, details, "
    "version, create_micros, update_micros, set_fields, group_size, "
    "group_edges, edge_order) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kUpdateContact(
    "UPDATE contacts SET kind = ?, stage = ?, display_name = ?, "
    "given_name = ?, family_name = ?, owner = ?, account_id = ?, "
    "details = ?, version = ?, "
    "update_micros = ?, delete_micros = ?, set_fields = ? "
    "WHERE tenant_id = ? AND contact_id = ?");

ContactRow FromRow(const mysql::Row& row) {
  ContactRow read;
  v1::Contact& contact = read.contact;
  contact.ParseFromString(row.Bytes(9));
  read.id = Uuid::FromBytes(row.Bytes(0));
  read.canonical_id = Uuid::FromBytes(row.Bytes(1));
  contact.set_contact_id(read.id.ToString());
  contact.set_canonical_id(read.canonical_id.ToString());
  contact.add_member_ids(contact.contact_id());
  contact.set_kind(static_cast<v1::ContactKind>(row.Int(2)));
  contact.set_stage(static_cast<v1::Stage>(row.Int(3)));
  contact.set_display_name(row.Bytes(4));
  contact.set_given_name(row.Bytes(5));
  contact.set_family_name(row.Bytes(6));
  contact.set_owner(row.Bytes(7));
  if (!row.IsNull(8)) {
    contact.set_account_id(Uuid::FromBytes(row.Bytes(8)).ToString());
  }
  read.version = row.Unsigned(10);
  *contact.mutable_create_time() = base::ToProto(row.Int(11));
  *contact.mutable_update_time() = base::ToProto(row.Int(12));
  if (!row.IsNull(13)) {
    *contact.mutable_delete_time() = base::ToProto(row.Int(13));
  }
  read.set_fields = row.Unsigned(14);
  read.group_size = row.Int(15);
  read.group_edges = row.Int(16);
  read.edge_order = row.Int(17);
  return read;
}

absl::Status InsertContact(const mysql::Tx& tx, const ContactRow& row) {
  const v1::Contact& contact = row.contact;
  const std::string account_id = IdBytes(contact.account_id());
  const std::string details = Details(contact);
  return tx.session
      .Execute(kInsertContact,
               {tx.tenant_id(), row.id.bytes(), row.canonical_id.bytes(),
                contact.kind(), contact.stage(), contact.display_name(),
                contact.given_name(), contact.family_name(), contact.owner(),
                OrNull(account_id), details, row.version,
                base::ToMicros(contact.create_time()),
                base::ToMicros(contact.update_time()), row.set_fields,
                row.group_size, row.group_edges, row.edge_order})
      .status();
}

absl::Status WriteContact(const mysql::Tx& tx, ContactRow& row) {
  v1::Contact& contact = row.contact;
  *contact.mutable_update_time() = base::ToProto(tx.now);
  ++row.version;
  const std::string account_id = IdBytes(contact.account_id());
  const std::string details = Details(contact);
  return tx.session
      .Execute(kUpdateContact,
               {contact.kind(), contact.stage(), contact.display_name(),
                contact.given_name(), contact.family_name(), contact.owner(),
                OrNull(account_id), details, row.version,
                base::ToMicros(contact.update_time()),
                contact.has_delete_time()
                    ? Param(base::ToMicros(contact.delete_time()))
                    : Param(nullptr),
                row.set_fields, tx.tenant_id(), row.id.bytes()})
      .status();
}

}  // namespace kith::contacts
