#include "contacts-svc/contact_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/mysql/errors.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/ops/sha256.h"
#include "common/ops/times.h"
#include "common/status/status_macros.h"
#include "contacts-svc/contact_changes.h"
#include "contacts-svc/contact_fields.h"
#include "contacts-svc/contact_row.h"

namespace kith::contacts {
namespace {

using mysql::Session;
using ops::RequestContext;
using ops::Uuid;

absl::StatusOr<std::optional<v1::Contact>> Select(Session& session,
                                                  absl::string_view sql,
                                                  uint64_t tenant_id,
                                                  const Uuid& id) {
  std::optional<v1::Contact> contact;
  KITH_RETURN_IF_ERROR(
      session.Query(sql, {tenant_id, id.bytes()},
                    [&](const mysql::Row& row) { contact = FromRow(row); }));
  return contact;
}

absl::StatusOr<v1::Contact> MustSelect(Session& session, absl::string_view sql,
                                       uint64_t tenant_id, const Uuid& id) {
  KITH_ASSIGN_OR_RETURN(std::optional<v1::Contact> contact,
                        Select(session, sql, tenant_id, id));
  if (!contact.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("contact_id: no contact ", id.ToString()));
  }
  return *std::move(contact);
}

absl::Status CheckEtag(const std::string& given, const v1::Contact& stored) {
  if (given.empty() || given == stored.etag()) return absl::OkStatus();
  return absl::AbortedError(
      "etag: the contact was changed meanwhile; read it again, then try again");
}

absl::Status Taken() {
  return absl::AlreadyExistsError(
      "contact_id: another request has made a contact with this id");
}

// The contact that a Create has made before. Under the contact's own id,
// another body is another request's.
absl::StatusOr<std::optional<Uuid>> FindCreated(Session& session,
                                                const mysql::Request& key,
                                                bool by_own_id) {
  const auto known = mysql::FindRequest(session, key);
  if (by_own_id && absl::IsInvalidArgument(known.status())) return Taken();
  KITH_RETURN_IF_ERROR(known.status());
  if (!known->has_value()) return std::nullopt;
  return Uuid::FromBytes(**known);
}

// Writes the contact of a request with contact_id and etag, where `change` says
// that it changed it. Repeatable: the second time nothing changes.
template <typename Request, typename ChangeContact>
absl::StatusOr<v1::Contact> Change(const RequestContext& context,
                                   Session& session, const Request& request,
                                   absl::Time now, ChangeContact change) {
  const Uuid id = *Uuid::Parse(request.contact_id());
  v1::Contact contact;
  KITH_RETURN_IF_ERROR(
      mysql::Transact(session, context.deadline, [&]() -> absl::Status {
        KITH_ASSIGN_OR_RETURN(contact, MustSelect(session, kLockContact,
                                                  context.tenant_id(), id));
        const v1::Contact stored = contact;
        if (!change(contact)) return absl::OkStatus();
        KITH_RETURN_IF_ERROR(CheckEtag(request.etag(), stored));
        KITH_RETURN_IF_ERROR(Write(session, context.tenant_id(), contact, now));
        return NoteWritten(session, context, now, stored, contact);
      }));
  return contact;
}

}  // namespace

absl::StatusOr<v1::Contact> ContactStore::Create(
    const RequestContext& context, Session& session,
    const v1::CreateContactRequest& request) const {
  const absl::Time now = clock_.Now();
  const Uuid id = Uuid::Parse(request.contact_id()).value_or(Uuid::Make(now));
  // '=' cannot occur in a caller's request_id.
  const std::string own_id = absl::StrCat("contact=", id.ToString());
  const bool by_own_id = request.request_id().empty();
  const std::string fingerprint = ops::Fingerprint(request);
  const mysql::Request key{
      .tenant_id = context.tenant_id(),
      .request_id = by_own_id ? own_id : request.request_id(),
      .method = "CreateContact",
      .fingerprint = fingerprint};
  v1::Contact contact;
  KITH_RETURN_IF_ERROR(
      mysql::Transact(session, context.deadline, [&]() -> absl::Status {
        KITH_ASSIGN_OR_RETURN(auto known, FindCreated(session, key, by_own_id));
        if (!known.has_value()) {
          contact = NewContact(id, request.contact(), now);
          const absl::Status inserted =
              Insert(session, context.tenant_id(), contact);
          if (inserted.ok()) {
            KITH_RETURN_IF_ERROR(NoteCreated(session, context, now, contact));
            return mysql::AddRequest(session, key, id.bytes(), now);
          }
          if (!mysql::IsDuplicateKey(inserted)) return inserted;
          // Perhaps by a copy of this very request.
          KITH_ASSIGN_OR_RETURN(known, FindCreated(session, key, by_own_id));
          if (!known.has_value()) return Taken();
        }
        KITH_ASSIGN_OR_RETURN(contact, Get(context, session, *known));
        return absl::OkStatus();
      }));
  return contact;
}

absl::StatusOr<v1::Contact> ContactStore::Get(const RequestContext& context,
                                              Session& session,
                                              const Uuid& id) const {
  return MustSelect(session, kSelectContact, context.tenant_id(), id);
}

absl::StatusOr<std::vector<v1::Contact>> ContactStore::BatchGet(
    const RequestContext& context, Session& session,
    const std::vector<Uuid>& ids) const {
  std::vector<mysql::Param> params = {context.tenant_id()};
  for (const Uuid& id : ids) params.emplace_back(id.bytes());
  const std::string sql = mysql::WithList(kSelectContacts, ids.size(), params);
  std::vector<v1::Contact> contacts;
  KITH_RETURN_IF_ERROR(session.Query(sql, params, [&](const mysql::Row& row) {
    contacts.push_back(FromRow(row));
  }));
  return contacts;
}

absl::StatusOr<v1::EnsureContactResponse> ContactStore::Ensure(
    const RequestContext& context, Session& session,
    const v1::EnsureContactRequest& request) const {
  const uint64_t tenant_id = context.tenant_id();
  const Uuid id = *Uuid::Parse(request.contact_id());
  v1::EnsureContactResponse response;
  // Most contacts are there already and stay as they are: no transaction.
  KITH_ASSIGN_OR_RETURN(std::optional<v1::Contact> stored,
                        Select(session, kSelectContact, tenant_id, id));
  const absl::Time now = clock_.Now();
  if (stored.has_value() && !Raise(request, now, *stored)) {
    *response.mutable_contact() = *std::move(stored);
    return response;
  }
  KITH_RETURN_IF_ERROR(
      mysql::Transact(session, context.deadline, [&]() -> absl::Status {
        KITH_ASSIGN_OR_RETURN(stored,
                              Select(session, kLockContact, tenant_id, id));
        if (stored.has_value()) {
          const v1::Contact before = *stored;
          if (Raise(request, now, *stored)) {
            KITH_RETURN_IF_ERROR(Write(session, tenant_id, *stored, now));
            KITH_RETURN_IF_ERROR(
                NoteWritten(session, context, now, before, *stored));
          }
          *response.mutable_contact() = *stored;
          return absl::OkStatus();
        }
        v1::Contact contact = NewContact(id, request.contact(), now);
        Raise(request, now, contact);
        KITH_RETURN_IF_ERROR(
            mysql::RetryIfDuplicate(Insert(session, tenant_id, contact)));
        KITH_RETURN_IF_ERROR(NoteCreated(session, context, now, contact));
        response.set_created(true);
        *response.mutable_contact() = std::move(contact);
        return absl::OkStatus();
      }));
  return response;
}

absl::StatusOr<v1::Contact> ContactStore::Update(
    const RequestContext& context, Session& session,
    const v1::UpdateContactRequest& request) const {
  const absl::Time now = clock_.Now();
  const Uuid id = *Uuid::Parse(request.contact().contact_id());
  const std::string fingerprint = ops::Fingerprint(request);
  // Without a request_id of the caller, an update whose COMMIT was in doubt
  // still knows itself again.
  const std::string request_id =
      request.request_id().empty()
          ? absl::StrCat("update=", Uuid::Make(now).ToString())
          : request.request_id();
  const mysql::Request key{.tenant_id = context.tenant_id(),
                           .request_id = request_id,
                           .method = "UpdateContact",
                           .fingerprint = fingerprint};
  v1::Contact contact;
  KITH_RETURN_IF_ERROR(
      mysql::Transact(session, context.deadline, [&]() -> absl::Status {
        // Locked first, so that of two copies the second finds the first.
        KITH_ASSIGN_OR_RETURN(contact, MustSelect(session, kLockContact,
                                                  context.tenant_id(), id));
        KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                              mysql::FindRequest(session, key));
        if (known.has_value()) return absl::OkStatus();
        if (contact.has_delete_time()) {
          return absl::FailedPreconditionError("the contact is deleted");
        }
        KITH_RETURN_IF_ERROR(CheckEtag(request.contact().etag(), contact));
        const v1::Contact before = contact;
        ApplyMask(request, now, contact);
        KITH_RETURN_IF_ERROR(Write(session, context.tenant_id(), contact, now));
        KITH_RETURN_IF_ERROR(
            NoteWritten(session, context, now, before, contact));
        return mysql::AddRequest(session, key, id.bytes(), now);
      }));
  return contact;
}

absl::StatusOr<std::vector<v1::Contact>> ContactStore::List(
    const RequestContext& context, Session& session, const Uuid& after,
    int32_t limit) const {
  std::vector<v1::Contact> contacts;
  KITH_RETURN_IF_ERROR(session.Query(
      kListContacts, {context.tenant_id(), after.bytes(), limit},
      [&](const mysql::Row& row) { contacts.push_back(FromRow(row)); }));
  return contacts;
}

absl::StatusOr<v1::Contact> ContactStore::Delete(
    const RequestContext& context, Session& session,
    const v1::DeleteContactRequest& request) const {
  const absl::Time now = clock_.Now();
  return Change(context, session, request, now, [&](v1::Contact& contact) {
    if (contact.has_delete_time()) return false;
    *contact.mutable_delete_time() = ops::ToProto(now);
    return true;
  });
}

absl::StatusOr<v1::Contact> ContactStore::Undelete(
    const RequestContext& context, Session& session,
    const v1::UndeleteContactRequest& request) const {
  return Change(context, session, request, clock_.Now(),
                [](v1::Contact& contact) {
                  if (!contact.has_delete_time()) return false;
                  contact.clear_delete_time();
                  return true;
                });
}

}  // namespace kith::contacts
