#ifndef KITH_CONTACTS_SVC_CONTACT_LIST_H_
#define KITH_CONTACTS_SVC_CONTACT_LIST_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Returns a page of the tenant's customers by their ids: the contacts that are
// canonical and not deleted. INVALID_ARGUMENT if the page_token is none.
absl::StatusOr<v1::ListContactsResponse> ListContacts(
    const mysql::Tx& tx, const v1::ListContactsRequest& request);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACT_LIST_H_
