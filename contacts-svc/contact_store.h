#ifndef KITH_CONTACTS_SVC_CONTACT_STORE_H_
#define KITH_CONTACTS_SVC_CONTACT_STORE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Writes and reads contacts in the tables of schema/. Takes validated requests;
// returns the errors of the RPC of the same name. Stateless: uses the session
// of the calling thread.
class ContactStore {
 public:
  // `clock` must outlive the store.
  explicit ContactStore(const base::Clock& clock) : clock_(clock) {}

  absl::StatusOr<v1::Contact> Create(
      const base::RequestContext& context, mysql::Session& session,
      const v1::CreateContactRequest& request) const;

  absl::StatusOr<v1::Contact> Get(const base::RequestContext& context,
                                  mysql::Session& session,
                                  const v1::GetContactRequest& request) const;

  absl::StatusOr<v1::BatchGetContactsResponse> BatchGet(
      const base::RequestContext& context, mysql::Session& session,
      const v1::BatchGetContactsRequest& request) const;

  absl::StatusOr<v1::EnsureContactResponse> Ensure(
      const base::RequestContext& context, mysql::Session& session,
      const v1::EnsureContactRequest& request) const;

  absl::StatusOr<v1::Contact> Update(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UpdateContactRequest& request) const;

  absl::StatusOr<v1::ListContactsResponse> List(
      const base::RequestContext& context, mysql::Session& session,
      const v1::ListContactsRequest& request) const;

  absl::StatusOr<v1::Contact> Delete(
      const base::RequestContext& context, mysql::Session& session,
      const v1::DeleteContactRequest& request) const;

  absl::StatusOr<v1::Contact> Undelete(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UndeleteContactRequest& request) const;

 private:
  const base::Clock& clock_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACT_STORE_H_
