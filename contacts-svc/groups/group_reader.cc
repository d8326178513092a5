#include "contacts-svc/groups/group_reader.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_errors.h"
#include "contacts-svc/groups/group_fields.h"
#include "contacts-svc/groups/group_row.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

using Rows = absl::flat_hash_map<Uuid, ContactRow>;

absl::StatusOr<Rows> SelectRowsById(const Tx& tx,
                                    const std::vector<Uuid>& ids) {
  KITH_ASSIGN_OR_RETURN(std::vector<ContactRow> rows, SelectRows(tx, ids));
  Rows by_id;
  for (ContactRow& row : rows) {
    const Uuid id = row.id;
    by_id.emplace(id, std::move(row));
  }
  return by_id;
}

// The canonical rows of `asked`; those that are not there yet are read.
absl::StatusOr<std::vector<Uuid>> CompleteCanonical(const Tx& tx,
                                                    const Rows& asked,
                                                    Rows& rows) {
  std::set<Uuid> canonical_ids;
  std::vector<Uuid> missing;
  for (const auto& [id, row] : asked) {
    if (!canonical_ids.insert(row.canonical_id).second) continue;
    if (!rows.contains(row.canonical_id)) missing.push_back(row.canonical_id);
  }
  KITH_ASSIGN_OR_RETURN(Rows read, SelectRowsById(tx, missing));
  rows.merge(read);
  return std::vector<Uuid>(canonical_ids.begin(), canonical_ids.end());
}

absl::Status CheckSize(const Rows& asked, const Rows& rows) {
  int64_t members = 0;
  for (const auto& [id, row] : asked) {
    members += rows.at(row.canonical_id).group_size;
  }
  if (members <= kMaxMembersRead) return absl::OkStatus();
  return TooManyMembersError(members, kMaxMembersRead);
}

absl::Status ReadGroups(const Tx& tx, const std::vector<Uuid>& ids,
                        std::vector<v1::Contact>& contacts) {
  KITH_ASSIGN_OR_RETURN(const Rows asked, SelectRowsById(tx, ids));
  Rows rows = asked;
  KITH_ASSIGN_OR_RETURN(const std::vector<Uuid> canonical_ids,
                        CompleteCanonical(tx, asked, rows));
  KITH_RETURN_IF_ERROR(CheckSize(asked, rows));
  KITH_ASSIGN_OR_RETURN(const OtherMembers members,
                        SelectOtherMembers(tx, canonical_ids));
  std::vector<Uuid> unread;
  for (const auto& [canonical_id, others] : members) {
    for (const Uuid& id : others) {
      if (!rows.contains(id)) unread.push_back(id);
    }
  }
  KITH_ASSIGN_OR_RETURN(Rows read, SelectRowsById(tx, unread));
  rows.merge(read);
  absl::flat_hash_map<Uuid, v1::Contact> shown;
  for (const Uuid& canonical_id : canonical_ids) {
    std::vector<const ContactRow*> others;
    if (const auto it = members.find(canonical_id); it != members.end()) {
      for (const Uuid& id : it->second) others.push_back(&rows.at(id));
    }
    shown[canonical_id] = ShowGroup(rows.at(canonical_id), std::move(others));
  }
  for (const auto& [id, row] : asked) {
    contacts.push_back(shown.at(row.canonical_id));
    contacts.back().set_contact_id(id.ToString());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Contact>> ReadContacts(
    const Tx& tx, const std::vector<Uuid>& ids) {
  KITH_ASSIGN_OR_RETURN(const std::vector<ContactRow> rows,
                        SelectRows(tx, ids));
  std::vector<v1::Contact> contacts;
  if (std::all_of(rows.begin(), rows.end(), std::mem_fn(&ContactRow::alone))) {
    for (const ContactRow& row : rows) contacts.push_back(ShowAlone(row));
    return contacts;
  }
  // All of them anew: who was alone may be a member by now.
  KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(
      tx.session, [&] { return ReadGroups(tx, ids, contacts); }));
  return contacts;
}

absl::StatusOr<v1::Contact> ReadContact(const Tx& tx, const Uuid& id) {
  KITH_ASSIGN_OR_RETURN(std::vector<v1::Contact> contacts,
                        ReadContacts(tx, {id}));
  if (contacts.empty()) {
    return NoContactError("contact_id", id);
  }
  return std::move(contacts.front());
}

absl::StatusOr<v1::Contact> ReadContact(const Tx& tx, const Uuid& id,
                                        const ContactRow& canonical) {
  if (canonical.alone()) return ShowAlone(canonical);
  return ReadContact(tx, id);
}

}  // namespace kith::contacts
