#include "contacts-svc/contact_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/api/page_token.h"
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
#include "contacts-svc/suggestions/match_finder.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::contacts {
namespace {

using base::RequestContext;
using base::Uuid;
using mysql::Session;

absl::StatusOr<std::optional<ContactRow>> Select(Session& session,
                                                 absl::string_view sql,
                                                 uint64_t tenant_id,
                                                 const Uuid& id) {
  std::optional<ContactRow> contact;
  KITH_RETURN_IF_ERROR(
      session.Query(sql, {tenant_id, id.bytes()},
                    [&](const mysql::Row& row) { contact = FromRow(row); }));
  return contact;
}

absl::Status CheckEtag(const std::string& given, const ContactRow& canonical) {
  if (given.empty() || given == Etag(canonical)) return absl::OkStatus();
  return absl::AbortedError(
      "etag: the contact was changed meanwhile; read it again, then try again");
}

// Writes a locked row, and tells the feed what has become of `before`.
absl::Status WriteWithChange(const RequestContext& context, Session& session,
                             const v1::Contact& before, ContactRow& row,
                             absl::Time now) {
  KITH_RETURN_IF_ERROR(WriteContact(session, context.tenant_id(), row, now));
  return AddWrittenChange(session, context, now, before, row);
}

absl::Status ContactIdTakenError() {
  return absl::AlreadyExistsError(
      "contact_id: another request has made a contact with this id");
}

// The contact that a Create has made before. Under the contact's own id,
// another body is another request's.
absl::StatusOr<std::optional<Uuid>> FindCreated(
    Session& session, const mysql::IdempotencyKey& key, bool by_own_id) {
  const auto known = mysql::FindRequest(session, key);
  if (by_own_id && absl::IsInvalidArgument(known.status()))
    return ContactIdTakenError();
  KITH_RETURN_IF_ERROR(known.status());
  if (!known->has_value()) return std::nullopt;
  return Uuid::FromBytes(**known);
}

// Writes the canonical contact of a request with contact_id and etag, where
// `change` says that it changed it. Repeatable: the second time nothing
// changes.
template <typename Request, typename ChangeContact>
absl::StatusOr<v1::Contact> Change(const RequestContext& context,
                                   Session& session, const Request& request,
                                   absl::Time now, ChangeContact change) {
  const Uuid id = *Uuid::Parse(request.contact_id());
  ContactRow row;
  KITH_RETURN_IF_ERROR(WithLockedGroups(
      context, session, {id}, [&](LockedGroups& groups) -> absl::Status {
        row = groups.Of(id);
        const v1::Contact before = row.contact;
        if (!change(row.contact)) return absl::OkStatus();
        KITH_RETURN_IF_ERROR(CheckEtag(request.etag(), groups.Of(id)));
        return WriteWithChange(context, session, before, row, now);
      }));
  return ReadContact(session, context.tenant_id(), id, row);
}

// Makes the contact of an Ensure; false where it is there already.
absl::StatusOr<bool> Make(const RequestContext& context, Session& session,
                          const v1::EnsureContactRequest& request,
                          absl::Time now, v1::Contact& made) {
  ContactRow row =
      NewContact(*Uuid::Parse(request.contact_id()), request.contact(), now);
  ApplyEnsure(request, now, row.contact);
  const absl::Status inserted =
      mysql::Transact(session, context.deadline, [&]() -> absl::Status {
        KITH_RETURN_IF_ERROR(InsertContact(session, context.tenant_id(), row));
        KITH_RETURN_IF_ERROR(AddCreatedChange(session, context, now, row));
        return FindMatches(session, context.tenant_id(), v1::Contact(), row,
                           now);
      });
  if (mysql::IsDuplicateKey(inserted)) return false;
  KITH_RETURN_IF_ERROR(inserted);
  made = ShowAlone(row);
  return true;
}

// A page of contacts in the order of their ids.
struct ContactPage {
  std::vector<v1::Contact> contacts;
  // The last id of the page; nullopt on the last page.
  std::optional<Uuid> last;
};

// Shows the groups on a page as groups; those that were merged or deleted
// meanwhile leave it.
absl::Status Complete(Session& session, uint64_t tenant_id,
                      const std::vector<Uuid>& merged, ContactPage& page) {
  if (merged.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(std::vector<v1::Contact> groups,
                        ReadContacts(session, tenant_id, merged));
  absl::flat_hash_map<std::string, v1::Contact*> by_id;
  for (v1::Contact& group : groups) by_id[group.contact_id()] = &group;
  std::vector<v1::Contact> shown;
  for (v1::Contact& contact : page.contacts) {
    const auto it = by_id.find(contact.contact_id());
    v1::Contact& now = it == by_id.end() ? contact : *it->second;
    if (now.canonical_id() != now.contact_id() || now.has_delete_time()) {
      continue;
    }
    shown.push_back(std::move(now));
  }
  page.contacts = std::move(shown);
  return absl::OkStatus();
}

// Raises the very member that the request names, so that it is its own when it
// leaves the group.
absl::Status ApplyToMember(const RequestContext& context, Session& session,
                           const v1::EnsureContactRequest& request,
                           absl::Time now, ContactRow& canonical) {
  const uint64_t tenant_id = context.tenant_id();
  const Uuid id = *Uuid::Parse(request.contact_id());
  return WithLockedGroups(
      context, session, {id}, [&](LockedGroups& groups) -> absl::Status {
        canonical = groups.Of(id);
        const v1::Contact before = canonical.contact;
        if (canonical.id == id) {
          if (!ApplyEnsure(request, now, canonical.contact))
            return absl::OkStatus();
          return WriteWithChange(context, session, before, canonical, now);
        }
        KITH_ASSIGN_OR_RETURN(std::optional<ContactRow> member,
                              Select(session, kSelectContact, tenant_id, id));
        const v1::Contact own = member->contact;
        if (!ApplyEnsure(request, now, member->contact))
          return absl::OkStatus();
        KITH_RETURN_IF_ERROR(
            WriteWithChange(context, session, own, *member, now));
        return TouchGroup(session, tenant_id, canonical);
      });
}

// Reads the contacts that are canonical and not deleted among the next `limit`
// rows after `after`.
absl::StatusOr<ContactPage> ReadPage(Session& session, uint64_t tenant_id,
                                     const Uuid& after, int32_t limit) {
  ContactPage page;
  std::vector<Uuid> merged;
  int64_t members = 0;
  int32_t rows = 0;
  KITH_RETURN_IF_ERROR(session.Query(
      kListContacts, {tenant_id, after.bytes(), limit},
      [&](const mysql::Row& read) {
        const ContactRow row = FromRow(read);
        ++rows;
        const bool listed = row.canonical() && !row.contact.has_delete_time();
        members += listed ? row.group_size : 0;
        // The page ends before it has too many members; the limit is more than
        // the greatest group.
        if (members > kMaxMembersRead) return;
        page.last = row.id;
        if (!listed) return;
        page.contacts.push_back(ShowAlone(row));
        if (!row.alone()) merged.push_back(row.id);
      }));
  if (rows < limit && members <= kMaxMembersRead) page.last.reset();
  KITH_RETURN_IF_ERROR(Complete(session, tenant_id, merged, page));
  return page;
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
  const std::string fingerprint = base::Fingerprint(request);
  const mysql::IdempotencyKey key{
      .tenant_id = context.tenant_id(),
      .request_id = by_own_id ? own_id : request.request_id(),
      .method = "CreateContact",
      .fingerprint = fingerprint};
  v1::Contact contact;
  std::optional<Uuid> made_before;
  KITH_RETURN_IF_ERROR(
      mysql::Transact(session, context.deadline, [&]() -> absl::Status {
        KITH_ASSIGN_OR_RETURN(auto known, FindCreated(session, key, by_own_id));
        if (!known.has_value()) {
          const ContactRow row = NewContact(id, request.contact(), now);
          const absl::Status inserted =
              InsertContact(session, context.tenant_id(), row);
          if (inserted.ok()) {
            KITH_RETURN_IF_ERROR(AddCreatedChange(session, context, now, row));
            contact = ShowAlone(row);
            KITH_RETURN_IF_ERROR(FindMatches(session, context.tenant_id(),
                                             v1::Contact(), row, now));
            return mysql::AddRequest(session, key, id.bytes(), now);
          }
          if (!mysql::IsDuplicateKey(inserted)) return inserted;
          // Perhaps by a copy of this very request.
          KITH_ASSIGN_OR_RETURN(known, FindCreated(session, key, by_own_id));
          if (!known.has_value()) return ContactIdTakenError();
        }
        made_before = known;
        return absl::OkStatus();
      }));
  if (made_before.has_value()) {
    return ReadContact(session, context.tenant_id(), *made_before);
  }
  return contact;
}

absl::StatusOr<v1::Contact> ContactStore::Get(
    const RequestContext& context, Session& session,
    const v1::GetContactRequest& request) const {
  return ReadContact(session, context.tenant_id(),
                     *Uuid::Parse(request.contact_id()));
}

absl::StatusOr<v1::BatchGetContactsResponse> ContactStore::BatchGet(
    const RequestContext& context, Session& session,
    const v1::BatchGetContactsRequest& request) const {
  std::vector<Uuid> ids;
  for (const std::string& id : request.contact_ids()) {
    ids.push_back(*Uuid::Parse(id));
  }
  KITH_ASSIGN_OR_RETURN(const std::vector<v1::Contact> found,
                        ReadContacts(session, context.tenant_id(), ids));
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
    const RequestContext& context, Session& session,
    const v1::EnsureContactRequest& request) const {
  const uint64_t tenant_id = context.tenant_id();
  const Uuid id = *Uuid::Parse(request.contact_id());
  v1::EnsureContactResponse response;
  // Most contacts are there already and stay as they are: no transaction.
  KITH_ASSIGN_OR_RETURN(std::optional<ContactRow> stored,
                        Select(session, kSelectContact, tenant_id, id));
  const absl::Time now = clock_.Now();
  if (!stored.has_value()) {
    KITH_ASSIGN_OR_RETURN(const bool made, Make(context, session, request, now,
                                                *response.mutable_contact()));
    response.set_created(made);
    if (made) return response;
  }
  ContactRow row;
  if (stored.has_value()) row = *stored;
  if (!stored.has_value() || ApplyEnsure(request, now, stored->contact)) {
    KITH_RETURN_IF_ERROR(ApplyToMember(context, session, request, now, row));
  }
  KITH_ASSIGN_OR_RETURN(*response.mutable_contact(),
                        ReadContact(session, tenant_id, id, row));
  return response;
}

absl::StatusOr<v1::Contact> ContactStore::Update(
    const RequestContext& context, Session& session,
    const v1::UpdateContactRequest& request) const {
  const absl::Time now = clock_.Now();
  const uint64_t tenant_id = context.tenant_id();
  const auto key = mysql::KeyOf(tenant_id, request, now);
  if (request.contact().contact_id().empty()) {
    KITH_ASSIGN_OR_RETURN(const std::string known,
                          mysql::FindRepeated(session, key));
    return ReadContact(session, tenant_id, Uuid::FromBytes(known));
  }
  const Uuid id = *Uuid::Parse(request.contact().contact_id());
  // A repeat answers the contact that it named first.
  Uuid updated = id;
  KITH_RETURN_IF_ERROR(WithLockedGroups(
      context, session, {id}, [&](LockedGroups& groups) -> absl::Status {
        ContactRow& row = groups.Of(id);
        // Looked for under the lock: of two copies the second finds the first.
        KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                              mysql::FindRequest(session, key));
        if (known.has_value()) {
          updated = Uuid::FromBytes(*known);
          return absl::OkStatus();
        }
        if (row.contact.has_delete_time()) return ContactDeletedError(row.id);
        KITH_RETURN_IF_ERROR(CheckEtag(request.contact().etag(), row));
        const v1::Contact before = row.contact;
        ApplyMask(request, now, row);
        KITH_RETURN_IF_ERROR(
            WriteWithChange(context, session, before, row, now));
        KITH_RETURN_IF_ERROR(FindMatches(session, tenant_id, before, row, now));
        return mysql::AddRequest(session, key, id.bytes(), now);
      }));
  return ReadContact(session, tenant_id, updated);
}

absl::StatusOr<v1::ListContactsResponse> ContactStore::List(
    const RequestContext& context, Session& session,
    const v1::ListContactsRequest& request) const {
  const api::PageTokens<internal::v1::ContactPosition> tokens(
      "ListContacts/", context.tenant_id());
  KITH_ASSIGN_OR_RETURN(const auto after, tokens.Read(request.page_token()));
  KITH_ASSIGN_OR_RETURN(ContactPage page,
                        ReadPage(session, context.tenant_id(),
                                 Uuid::FromBytes(after.contact_id()),
                                 api::PageSize(request.page_size(), 50, 500)));
  v1::ListContactsResponse response;
  for (v1::Contact& contact : page.contacts) {
    *response.add_contacts() = std::move(contact);
  }
  if (page.last.has_value()) {
    internal::v1::ContactPosition last;
    last.set_contact_id(std::string(page.last->bytes()));
    response.set_next_page_token(tokens.Make(last));
  }
  return response;
}

absl::StatusOr<v1::Contact> ContactStore::Delete(
    const RequestContext& context, Session& session,
    const v1::DeleteContactRequest& request) const {
  const absl::Time now = clock_.Now();
  return Change(context, session, request, now, [&](v1::Contact& contact) {
    if (contact.has_delete_time()) return false;
    *contact.mutable_delete_time() = base::ToProto(now);
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
