#include "contacts-svc/contact_store.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/api/etag.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/canonical_lock.h"
#include "contacts-svc/groups/group_errors.h"
#include "contacts-svc/groups/group_reader.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/members/contact_changes.h"
#include "contacts-svc/members/contact_fields.h"
#include "contacts-svc/members/contact_table.h"
#include "contacts-svc/members/form_fields.h"
#include "contacts-svc/suggestions/match_finder.h"
#include "contacts-svc/suggestions/touch_suggestions.h"
#include "google/protobuf/field_mask.pb.h"
#include "kith/config/v1/config.pb.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using google::protobuf::FieldMask;
using mysql::Tx;

absl::StatusOr<std::optional<ContactRow>> Select(const Tx& tx, const Uuid& id) {
  std::optional<ContactRow> contact;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kSelectContact, {tx.tenant_id(), id.bytes()},
                       [&](const mysql::Row& row) { contact = FromRow(row); }));
  return contact;
}

// Writes a locked row, and tells the feed what has become of `before`.
absl::Status WriteWithChange(const Tx& tx, const v1::Contact& before,
                             ContactRow& row) {
  KITH_RETURN_IF_ERROR(WriteContact(tx, row));
  return AddWrittenChange(tx, before, row);
}

absl::Status ContactIdTakenError() {
  return absl::AlreadyExistsError(
      "contact_id: another request has made a contact with this id");
}

// By what a repeat of a Create is known. A key without a request_id knows none.
struct CreateKeys {
  // The caller's request_id.
  mysql::IdempotencyKey by_request;
  // The contact's id, if the caller proposes it, or nothing else.
  mysql::IdempotencyKey by_contact;
};

CreateKeys KeysOf(const v1::CreateContactRequest& request, const Uuid& id) {
  CreateKeys keys;
  keys.by_request = {.request_id = request.request_id(),
                     .method = "CreateContact",
                     .fingerprint = base::Fingerprint(request)};
  if (request.contact_id().empty() && !request.request_id().empty()) {
    return keys;
  }
  v1::CreateContactRequest body = request;
  body.clear_request_id();
  body.set_contact_id(id.ToString());
  keys.by_contact = {// '=' cannot occur in a caller's request_id.
                     .request_id = absl::StrCat("contact=", id.ToString()),
                     .method = "CreateContact",
                     .fingerprint = base::Fingerprint(body)};
  return keys;
}

// The contact that a Create has made before. Under the contact's own id,
// another body is another request's.
absl::StatusOr<std::optional<Uuid>> FindCreated(const Tx& tx,
                                                const CreateKeys& keys) {
  KITH_ASSIGN_OR_RETURN(std::optional<std::string> known,
                        mysql::FindRequest(tx, keys.by_request));
  if (!known.has_value()) {
    const auto by_contact = mysql::FindRequest(tx, keys.by_contact);
    if (absl::IsInvalidArgument(by_contact.status())) {
      return ContactIdTakenError();
    }
    KITH_ASSIGN_OR_RETURN(known, by_contact);
  }
  if (!known.has_value()) return std::nullopt;
  return Uuid::FromBytes(*known);
}

absl::Status AddCreated(const Tx& tx, const CreateKeys& keys, const Uuid& id) {
  KITH_RETURN_IF_ERROR(mysql::AddRequest(tx, keys.by_request, id.bytes()));
  return mysql::AddRequest(tx, keys.by_contact, id.bytes());
}

// Writes the canonical contact of a request with contact_id and etag, where
// `change` says that it changed it. Repeatable: the second time nothing
// changes.
template <typename Request, typename ChangeContact>
absl::StatusOr<v1::Contact> Change(const Tx& tx, const Request& request,
                                   ChangeContact change) {
  const Uuid id = *Uuid::Parse(request.contact_id());
  ContactRow row;
  KITH_RETURN_IF_ERROR(
      WithLockedGroups(tx, {id}, [&](LockedGroups& groups) -> absl::Status {
        row = groups.Of(id);
        const v1::Contact before = row.contact;
        if (!change(row.contact)) return absl::OkStatus();
        KITH_RETURN_IF_ERROR(api::CheckEtag("etag", "contact", request.etag(),
                                            Etag(groups.Of(id))));
        return WriteWithChange(tx, before, row);
      }));
  return ReadContact(tx, id, row);
}

bool IsReported(const Tx& tx) {
  return !base::IsByForm(tx.context.principal->assurance);
}

// Makes the contact of an Ensure; false where it is there already.
absl::StatusOr<bool> Make(const Tx& tx, const v1::EnsureContactRequest& request,
                          v1::Contact& made) {
  ContactRow row =
      NewContact(*Uuid::Parse(request.contact_id()), request.contact(), tx.now);
  ApplyEnsure(request, tx.now, row.contact);
  if (!IsReported(tx)) SetFormFields(row.contact);
  row.contact.set_stand_in(request.stand_in());
  const absl::Status inserted = mysql::Transact(tx, [&]() -> absl::Status {
    KITH_RETURN_IF_ERROR(InsertContact(tx, row));
    KITH_RETURN_IF_ERROR(AddCreatedChange(tx, row));
    return FindMatches(tx, v1::Contact(), row);
  });
  if (mysql::IsDuplicateKey(inserted)) return false;
  KITH_RETURN_IF_ERROR(inserted);
  made = ShowAlone(row);
  return true;
}

bool HasAttribution(const ContactRow& row) {
  return row.contact.attribution().ByteSizeLong() > 0;
}

// Applies an Ensure to a row, without writing it. Sets `filled` to the fields
// that were filled; returns true if anything changed.
bool ApplyToRow(const Tx& tx, const v1::EnsureContactRequest& request,
                ContactRow& row, FieldMask& filled) {
  if (row.contact.stand_in() || request.stand_in()) return false;
  const bool was_attributed = HasAttribution(row);
  const bool changed = ApplyEnsure(request, tx.now, row.contact);
  filled.Clear();
  if (IsReported(tx)) {
    filled = FillFields(request.contact(), tx.now, row);
  } else if (!was_attributed && HasAttribution(row)) {
    AddFormField("attribution", row.contact);
  }
  return changed || filled.paths_size() > 0;
}

absl::Status WriteEnsured(const Tx& tx, const v1::Contact& before,
                          ContactRow& row) {
  KITH_RETURN_IF_ERROR(WriteWithChange(tx, before, row));
  return FindMatches(tx, before, row);
}

// Returns an Ensure of the locked group without what its caller may not change:
// what anybody may say, such as a public form, replaces no attribution. A group
// shows the earliest of its members.
absl::StatusOr<v1::EnsureContactRequest> AllowedOf(
    const Tx& tx, const v1::EnsureContactRequest& request,
    const ContactRow& canonical) {
  v1::EnsureContactRequest allowed = request;
  if (IsReported(tx) || !request.contact().has_attribution()) return allowed;
  KITH_ASSIGN_OR_RETURN(const std::vector<Uuid> members,
                        SelectMembers(tx, canonical));
  KITH_ASSIGN_OR_RETURN(const std::vector<ContactRow> rows,
                        SelectRows(tx, members));
  if (std::any_of(rows.begin(), rows.end(), HasAttribution)) {
    allowed.mutable_contact()->clear_attribution();
  }
  return allowed;
}

// Writes to the very member that the request names, so that what it says stays
// with that member if the member leaves the group.
absl::Status ApplyToMember(const Tx& tx,
                           const v1::EnsureContactRequest& request,
                           ContactRow& canonical, FieldMask& filled) {
  const Uuid id = *Uuid::Parse(request.contact_id());
  return WithLockedGroups(tx, {id}, [&](LockedGroups& groups) -> absl::Status {
    canonical = groups.Of(id);
    KITH_ASSIGN_OR_RETURN(const v1::EnsureContactRequest allowed,
                          AllowedOf(tx, request, canonical));
    const v1::Contact before = canonical.contact;
    if (canonical.id == id) {
      if (!ApplyToRow(tx, allowed, canonical, filled)) return absl::OkStatus();
      return WriteEnsured(tx, before, canonical);
    }
    KITH_ASSIGN_OR_RETURN(std::optional<ContactRow> member, Select(tx, id));
    const v1::Contact own = member->contact;
    if (!ApplyToRow(tx, allowed, *member, filled)) return absl::OkStatus();
    KITH_RETURN_IF_ERROR(WriteEnsured(tx, own, *member));
    return TouchGroup(tx, canonical);
  });
}

// Makes the contact of an Ensure, or applies the request to it.
absl::Status MakeOrApply(const Tx& tx, const v1::EnsureContactRequest& request,
                         v1::EnsureContactResponse& response) {
  const Uuid id = *Uuid::Parse(request.contact_id());
  // Most contacts are there already and stay as they are: no transaction.
  KITH_ASSIGN_OR_RETURN(std::optional<ContactRow> stored, Select(tx, id));
  if (!stored.has_value()) {
    KITH_ASSIGN_OR_RETURN(const bool made,
                          Make(tx, request, *response.mutable_contact()));
    response.set_created(made);
    if (made) return absl::OkStatus();
  }
  ContactRow row;
  if (stored.has_value()) row = *stored;
  FieldMask filled;
  if (!stored.has_value() || ApplyToRow(tx, request, *stored, filled)) {
    KITH_RETURN_IF_ERROR(ApplyToMember(tx, request, row, filled));
  }
  if (filled.paths_size() > 0) *response.mutable_filled_fields() = filled;
  KITH_ASSIGN_OR_RETURN(*response.mutable_contact(), ReadContact(tx, id, row));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Contact> ContactStore::Create(
    const Tx& tx, const v1::CreateContactRequest& request) const {
  const Uuid id =
      Uuid::Parse(request.contact_id()).value_or(Uuid::Make(tx.now));
  const CreateKeys keys = KeysOf(request, id);
  v1::Contact contact;
  std::optional<Uuid> made_before;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(auto known, FindCreated(tx, keys));
    if (!known.has_value()) {
      v1::Contact fields = request.contact();
      MakeLeadIfNamed(fields);
      const ContactRow row = NewContact(id, fields, tx.now);
      absl::Status inserted = InsertContact(tx, row);
      if (inserted.ok()) {
        KITH_RETURN_IF_ERROR(AddCreatedChange(tx, row));
        contact = ShowAlone(row);
        KITH_RETURN_IF_ERROR(FindMatches(tx, v1::Contact(), row));
        return AddCreated(tx, keys, id);
      }
      if (!mysql::IsDuplicateKey(inserted)) return inserted;
      // Perhaps by a copy of this very request.
      KITH_ASSIGN_OR_RETURN(known, FindCreated(tx, keys));
      if (!known.has_value()) return ContactIdTakenError();
    }
    made_before = known;
    return absl::OkStatus();
  }));
  if (made_before.has_value()) {
    return ReadContact(tx, *made_before);
  }
  return contact;
}

absl::StatusOr<v1::Contact> ContactStore::Get(
    const Tx& tx, const v1::GetContactRequest& request) const {
  return ReadContact(tx, *Uuid::Parse(request.contact_id()));
}

absl::StatusOr<v1::BatchGetContactsResponse> ContactStore::BatchGet(
    const Tx& tx, const v1::BatchGetContactsRequest& request) const {
  std::vector<Uuid> ids;
  for (const std::string& id : request.contact_ids()) {
    ids.push_back(*Uuid::Parse(id));
  }
  KITH_ASSIGN_OR_RETURN(const std::vector<v1::Contact> found,
                        ReadContacts(tx, ids));
  absl::flat_hash_map<std::string, const v1::Contact*> by_id;
  for (const v1::Contact& contact : found) {
    by_id[contact.contact_id()] = &contact;
  }
  v1::BatchGetContactsResponse response;
  for (const std::string& id : request.contact_ids()) {
    const auto it = by_id.find(absl::AsciiStrToLower(id));
    if (it != by_id.end()) {
      *response.add_contacts() = *it->second;
    } else {
      response.add_missing_ids(id);
    }
  }
  return response;
}

absl::StatusOr<v1::EnsureContactResponse> ContactStore::Ensure(
    const Tx& tx, const v1::EnsureContactRequest& asked) const {
  v1::EnsureContactRequest request = asked;
  if (asked.stand_in()) {
    request.clear_contact();
    request.clear_at_least_stage();
    request.mutable_contact()->set_kind(v1::CONTACT_KIND_ORGANIZATION);
  }
  if (IsReported(tx)) {
    MakeLeadIfNamed(*request.mutable_contact());
  } else {
    MakeNoCustomer(request);
  }
  v1::EnsureContactResponse response;
  KITH_RETURN_IF_ERROR(MakeOrApply(tx, request, response));
  // A transaction of its own: its locks are more than those of the contact. If
  // it fails, a repeat of the request adds what is missing.
  if (!response.contact().stand_in()) {
    KITH_RETURN_IF_ERROR(AddTouchSuggestions(tx, request));
  }
  return response;
}

absl::StatusOr<v1::Contact> ContactStore::Update(
    const Tx& tx, const v1::UpdateContactRequest& request) const {
  const auto key = mysql::KeyOf(tx, request);
  if (request.contact().contact_id().empty()) {
    KITH_ASSIGN_OR_RETURN(const std::string known,
                          mysql::FindRepeated(tx, key));
    return ReadContact(tx, Uuid::FromBytes(known));
  }
  const Uuid id = *Uuid::Parse(request.contact().contact_id());
  // A repeat answers the contact that it named first.
  Uuid updated = id;
  KITH_RETURN_IF_ERROR(
      WithLockedGroups(tx, {id}, [&](LockedGroups& groups) -> absl::Status {
        ContactRow& row = groups.Of(id);
        // Looked for under the lock: of two copies the second finds the first.
        KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                              mysql::FindRequest(tx, key));
        if (known.has_value()) {
          updated = Uuid::FromBytes(*known);
          return absl::OkStatus();
        }
        if (row.contact.has_delete_time()) return ContactDeletedError(row.id);
        KITH_RETURN_IF_ERROR(api::CheckEtag(
            "contact.etag", "contact", request.contact().etag(), Etag(row)));
        const v1::Contact before = row.contact;
        ApplyMask(request, tx.now, row);
        KITH_RETURN_IF_ERROR(WriteWithChange(tx, before, row));
        KITH_RETURN_IF_ERROR(FindMatches(tx, before, row));
        return mysql::AddRequest(tx, key, id.bytes());
      }));
  return ReadContact(tx, updated);
}

absl::StatusOr<v1::Contact> ContactStore::Delete(
    const Tx& tx, const v1::DeleteContactRequest& request) const {
  return Change(tx, request, [&](v1::Contact& contact) {
    if (contact.has_delete_time()) return false;
    *contact.mutable_delete_time() = base::ToProto(tx.now);
    return true;
  });
}

absl::StatusOr<v1::Contact> ContactStore::Undelete(
    const Tx& tx, const v1::UndeleteContactRequest& request) const {
  return Change(tx, request, [](v1::Contact& contact) {
    if (!contact.has_delete_time()) return false;
    contact.clear_delete_time();
    return true;
  });
}

}  // namespace kith::contacts
