#include "contacts-svc/contact_list.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/api/page_token.h"
#include "common/base/uuid.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_reader.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/members/contact_table.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

// A page of contacts in the order of their ids.
struct ContactPage {
  std::vector<v1::Contact> contacts;
  // The last id of the page; nullopt on the last page.
  std::optional<Uuid> last;
};

// Shows the groups on a page as groups; those that were merged or deleted
// meanwhile leave it.
absl::Status Complete(const Tx& tx, const std::vector<Uuid>& merged,
                      ContactPage& page) {
  if (merged.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(std::vector<v1::Contact> groups,
                        ReadContacts(tx, merged));
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

// Reads the contacts that are canonical, not deleted and no stand-ins among the
// next `limit` rows after `after`.
absl::StatusOr<ContactPage> ReadPage(const Tx& tx, const Uuid& after,
                                     int32_t limit) {
  ContactPage page;
  std::vector<Uuid> merged;
  int64_t members = 0;
  int32_t rows = 0;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kListContacts, {tx.tenant_id(), after.bytes(), limit},
      [&](const mysql::Row& read) {
        const ContactRow row = FromRow(read);
        ++rows;
        const bool listed = row.canonical() && !row.contact.stand_in() &&
                            !row.contact.has_delete_time();
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
  KITH_RETURN_IF_ERROR(Complete(tx, merged, page));
  return page;
}

}  // namespace

absl::StatusOr<v1::ListContactsResponse> ListContacts(
    const Tx& tx, const v1::ListContactsRequest& request) {
  const api::PageTokens<internal::v1::ContactPosition> tokens("ListContacts/",
                                                              tx.tenant_id());
  KITH_ASSIGN_OR_RETURN(const auto after, tokens.Read(request.page_token()));
  KITH_ASSIGN_OR_RETURN(ContactPage page,
                        ReadPage(tx, Uuid::FromBytes(after.contact_id()),
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

}  // namespace kith::contacts
