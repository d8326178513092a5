#ifndef KITH_CONTACTS_SVC_CONTACT_STORE_H_
#define KITH_CONTACTS_SVC_CONTACT_STORE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Writes and reads contacts in the tables of schema/. Takes validated requests;
// returns the errors of the RPC of the same name. Stateless.
class ContactStore {
 public:
  absl::StatusOr<v1::Contact> Create(
      const mysql::Tx& tx, const v1::CreateContactRequest& request) const;

  absl::StatusOr<v1::Contact> Get(const mysql::Tx& tx,
                                  const v1::GetContactRequest& request) const;

  absl::StatusOr<v1::BatchGetContactsResponse> BatchGet(
      const mysql::Tx& tx, const v1::BatchGetContactsRequest& request) const;

  absl::StatusOr<v1::EnsureContactResponse> Ensure(
      const mysql::Tx& tx, const v1::EnsureContactRequest& request) const;

  absl::StatusOr<v1::Contact> Update(
      const mysql::Tx& tx, const v1::UpdateContactRequest& request) const;

  absl::StatusOr<v1::Contact> Delete(
      const mysql::Tx& tx, const v1::DeleteContactRequest& request) const;

  absl::StatusOr<v1::Contact> Undelete(
      const mysql::Tx& tx, const v1::UndeleteContactRequest& request) const;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACT_STORE_H_
